"""The picture of one set: what `rekam abis evaluate --plot` draws."""

from pathlib import Path

import numpy as np

from rekam.abis.evaluation import style
from rekam.abis.evaluation.discard import FMR
from rekam.abis.evaluation.measurement import Measurement
from rekam.abis.evaluation.panels import det, det_axes, discard, histogram
from rekam.abis.evaluation.report import Report


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
