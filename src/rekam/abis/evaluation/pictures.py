"""The picture of one set: what `rekam abis evaluate --plot` draws."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from rekam.abis.evaluation import style
from rekam.abis.evaluation.discard import FMR
from rekam.abis.evaluation.fused import NATION, ScenarioReport
from rekam.abis.evaluation.measurement import Measurement
from rekam.abis.evaluation.panels import det, det_axes, discard, histogram, people_panel
from rekam.abis.evaluation.report import Report
from rekam.abis.verdict import bars


def set_picture(measured: Measurement, report: Report, path: Path) -> None:
    """Trade-off, scores, error against discard and quality of one set, as .png or .svg."""
    with style.styled():
        figure, axes = style.panels(2, 2, (4.6, 3.4))
        figure.suptitle(
            f"{report.set}: {report.images} images of {report.people} people, {report.extractor} {report.version}",
            x=0.01,
            ha="left",
        )
        trade, scores, thrown, quality = axes.flat
        det_axes(trade)
        det(trade, report.det, style.LEADER, report.extractor)
        trade.plot([report.eer], [max(report.eer, style.NONE_AT)], "o", color=style.LEADER, markersize=4)
        trade.set(title=f"Trade-off (EER {style.percent(report.eer)})", xlabel="false matches", ylabel="missed")
        rates = measured.pairs.rates
        histogram(scores, rates.genuine, rates.impostor, [rates.threshold_at(FMR)])
        scores.set(
            title="Scores of pairs (line: one false match in 1000)", xlabel="similarity", ylabel="share of pairs"
        )
        scores.legend(loc="upper right")
        discard(thrown, report.edc, style.LEADER, report.extractor)
        thrown.set(title="Missed when the worst images go", xlabel="images discarded", ylabel="missed at FMR 0.1 %")
        seen = [each for each in measured.qualities if each >= 0]
        quality.hist(seen, bins=np.arange(0, 105, 5).tolist(), color=style.LEADER, alpha=0.8)
        quality.set(title=f"Quality ({report.failed} failed)", xlabel="quality", ylabel="images", xlim=(0, 100))
        style.save(figure, path)


def people_picture(scenarios: Sequence[ScenarioReport], path: Path) -> None:
    """One panel a scenario: the ratios of own records and of the likeliest strangers, with a nation's bars."""
    with style.styled():
        rows = -(-len(scenarios) // 2)
        figure, axes = style.panels(rows, 2, (5.2, 2.4))
        for axis, scenario in zip(axes.flat, scenarios, strict=False):
            least = bars(NATION)
            people_panel(axis, scenario.own, scenario.strangers, least)
            axis.set_title(f"{scenario.name}: {scenario.people} people, {len(scenario.own)} searches", fontsize=9)
        for axis in axes.flat[len(scenarios) :]:
            axis.set_axis_off()
        axes.flat[0].legend(loc="upper right")
        for axis in axes[-1]:
            axis.set_xlabel("log-likelihood ratio (more: more surely the same person)")
        style.save(figure, path)
