"""The pictures of the report page: the same kind of panel for every set, on the same axes."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from rekam.abis.evaluation import style
from rekam.abis.evaluation.discard import FMR
from rekam.abis.evaluation.known import peers_on, provenance_of, systems
from rekam.abis.evaluation.panels import det, det_axes, discard, histogram
from rekam.abis.evaluation.pictures import people_picture
from rekam.abis.evaluation.report import Report
from rekam.abis.evaluation.results import Results, SetResult
from rekam.abis.impressions import Fold
from rekam.abis.slots import Modality

COLUMNS = 4
MARKERS = "osD^vPX*<>"


def draw_all(results: Results, folder: Path) -> dict[str, str]:
    """Writes every picture there is something for; returns what each shows by the file's name."""
    return {name: text for name, text, draw in _PICTURES if draw(results, folder / name)}


def _overview(results: Results, path: Path) -> bool:
    """FNMR of one sample at FMR 1e-3: ours with intervals, the peers as grey marks."""
    groups = [(modality, _by_set(results.of(modality))) for modality in Modality]
    groups = [(modality, sets) for modality, sets in groups if sets]
    with style.styled():
        figure, axes = style.panels(
            1, len(groups), (9.2 / len(groups), 1.3 + 0.42 * max(len(sets) for _, sets in groups))
        )
        for axis, (modality, sets) in zip(axes.flat, groups, strict=True):
            _rates(axis, modality, sets)
        _legend(figure, axes)
        style.save(figure, path)
    return True


def _rates(axis: Axes, modality: Modality, sets: dict[str, list[SetResult]]) -> None:
    most = 0.0
    for row, (name, of_set) in enumerate(sets.items()):
        for peer in peers_on(name):
            axis.plot(
                peer.fnmr,
                row,
                _marker(peer.system),
                color=style.PEER,
                markersize=5.5,
                label=peer.system,
                fillstyle="none",
                clip_on=False,
            )
            most = max(most, peer.fnmr)
        for place, result in enumerate(of_set):
            reported = result.halves.get(Fold.EVEN, result.report)
            interval, y = reported.fnmr_at_fmr_1e_3_interval, row - 0.14 + 0.28 * place / max(len(of_set) - 1, 1)
            colour = _colour(result.report)
            axis.plot(
                [interval.low, interval.high], [y, y], color=colour, linewidth=2.2, alpha=0.45, solid_capstyle="butt"
            )
            axis.plot(
                reported.fnmr_at_fmr_1e_3,
                y,
                "o",
                color=colour,
                markersize=6,
                label=_label(result.report),
                clip_on=False,
            )
            most = max(most, interval.high)
    axis.set_yticks(range(len(sets)), [_set_label(name, of_set) for name, of_set in sets.items()])
    axis.set_ylim(len(sets) - 0.5, -0.5)
    axis.set_xlim(0, 1.05 * most)
    axis.xaxis.set_major_formatter(style.percent)
    axis.set_title(f"One {modality} alone: how many owners it misses")
    axis.set_xlabel("missed, at one false match in 1000 comparisons")
    axis.grid(visible=False, axis="y")


def _trade_offs(modality: Modality) -> Callable[[Results, Path], bool]:
    def draw(results: Results, path: Path) -> bool:
        def panel(axis: Axes, name: str, of_set: Sequence[SetResult]) -> None:
            det_axes(axis)
            for result in of_set:
                colour, report = _colour(result.report), result.report
                det(axis, report.det, colour, _label(report) + (", all people" if result.halves else ""))
                if Fold.EVEN in result.halves:
                    det(axis, result.halves[Fold.EVEN].det, colour, f"{_label(report)}, people reported", "--")
            for peer in peers_on(name):
                axis.plot(
                    FMR,
                    max(peer.fnmr, style.NONE_AT),
                    _marker(peer.system),
                    color=style.PEER,
                    fillstyle="none",
                    label=peer.system,
                    markersize=5.5,
                )
            axis.set_xlabel("false matches")
            axis.set_ylabel("missed")

        return _grid(results, modality, path, panel)

    return draw


def _discards(results: Results, path: Path) -> bool:
    def panel(axis: Axes, _: str, of_set: Sequence[SetResult]) -> None:
        for result in of_set:
            discard(axis, result.report.edc, _colour(result.report), _label(result.report))
        axis.set_xlabel("images discarded, worst first")
        axis.set_ylabel("missed")

    return _grid(results, None, path, panel)


def _qualities(results: Results, path: Path) -> bool:
    def panel(axis: Axes, _: str, of_set: Sequence[SetResult]) -> None:
        for result in of_set:
            seen = [quality for quality in result.measured.qualities if quality >= 0]
            shares = np.histogram(seen, np.arange(0, 105, 5))[0] / len(result.measured.qualities)
            colour = _colour(result.report)
            axis.stairs(shares, np.arange(0, 105, 5), color=colour, fill=True, alpha=0.25)
            axis.stairs(shares, np.arange(0, 105, 5), color=colour, label=_label(result.report), linewidth=1.2)
        axis.yaxis.set_major_formatter(style.percent)
        axis.set(xlim=(0, 100), xlabel="quality", ylabel="images")

    return _grid(results, None, path, panel)


def _scores(results: Results, path: Path) -> bool:
    def panel(axis: Axes, _: str, of_set: Sequence[SetResult]) -> None:
        rates, finger = of_set[0].measured.pairs.rates, of_set[0].report.modality == Modality.FINGER
        histogram(axis, rates.genuine, rates.impostor, [rates.threshold_at(FMR)], rooted=finger)
        axis.set_xlabel("similarity (square root)" if finger else "distance, negated")
        axis.set_ylabel("pairs")

    return _grid(results, None, path, panel)


def _people(results: Results, path: Path) -> bool:
    if results.people:
        people_picture(results.people, path)
    return bool(results.people)


def _grid(
    results: Results, modality: Modality | None, path: Path, panel: Callable[[Axes, str, list[SetResult]], None]
) -> bool:
    """One panel a set, the modalities on rows of their own, on the same axes; one legend below."""
    groups = [_by_set(results.of(each)) for each in ([modality] if modality else Modality)]
    rows = [
        (group, list(sets.items())[start : start + COLUMNS])
        for group, sets in enumerate(groups)
        for start in range(0, len(sets), COLUMNS)
    ]
    if not rows:
        return False
    columns = max(len(row) for _, row in rows)
    with style.styled():
        figure, axes = style.panels(len(rows), columns, (max(2.7, 7.2 / columns), 2.5))
        drawn: dict[int, list[Axes]] = {}
        for places, (group, row) in zip(axes, rows, strict=True):
            for axis, (name, of_set) in zip(places, row, strict=False):
                panel(axis, name, of_set)
                axis.set_title(name)
                drawn.setdefault(group, []).append(axis)
            for axis in places[len(row) :]:
                axis.set_axis_off()
        for of_group in drawn.values():
            _same_axes(of_group, columns)
        _legend(figure, axes)
        style.save(figure, path)
    return True


def _same_axes(axes: Sequence[Axes], columns: int) -> None:
    """The widest limits for all; words only at the left and below."""
    x, y = (np.array([limits(axis) for axis in axes]) for limits in (Axes.get_xlim, Axes.get_ylim))
    for place, axis in enumerate(axes):
        axis.set_xlim(x[:, 0].min(), x[:, 1].max())
        axis.set_ylim(y[:, 0].min(), y[:, 1].max())
        if place % columns:
            axis.tick_params(labelleft=False)
            axis.set_ylabel("")
        if place + columns < len(axes):
            axis.set_xlabel("")


def _by_set(results: Sequence[SetResult]) -> dict[str, list[SetResult]]:
    found: dict[str, list[SetResult]] = {}
    for result in results:
        found.setdefault(result.report.set, []).append(result)
    return found


def _legend(figure: Figure, axes: NDArray[Any]) -> None:
    columns = max(1, int(figure.get_size_inches()[0] / 2.4))
    figure.legend(*_merged(axes.flat), loc="outside lower center", ncols=columns, fontsize=8)


def _merged(axes: Any) -> tuple[list[Any], list[str]]:
    """Handles and labels of all panels, each label once, ours first."""
    told = {label: handle for axis in axes for handle, label in zip(*axis.get_legend_handles_labels(), strict=True)}
    ours_first = sorted(told, key=lambda label: not label.startswith("Rekam"))
    return [told[label] for label in ours_first], ours_first


def _set_label(name: str, of_set: Sequence[SetResult]) -> str:
    if provenance_of(name).tuned:
        return f"{name} (tuned on)"
    return f"{name} (reported half)" if Fold.EVEN in of_set[0].halves else name


def _label(report: Report) -> str:
    words = {"leader": "Rekam with LEADER", "rekam-classical": "Rekam, classical", "rekam-iris": "Rekam"}
    return words.get(report.extractor, f"Rekam, {report.extractor}")


def _marker(system: str) -> str:
    return MARKERS[systems().index(system) % len(MARKERS)]


def _colour(report: Report) -> str:
    return {"leader": style.LEADER, "rekam-classical": style.CLASSICAL}.get(report.extractor, style.IRIS)


_PICTURES: Sequence[tuple[str, str, Callable[[Results, Path], bool]]] = (
    ("overview.svg", "Missed owners of one finger or iris alone, beside other open systems", _overview),
    ("det-finger.svg", "False matches against misses, fingers", _trade_offs(Modality.FINGER)),
    ("det-iris.svg", "False matches against misses, irises", _trade_offs(Modality.IRIS)),
    ("discard.svg", "Misses when the worst images are discarded", _discards),
    ("quality.svg", "Quality of the images", _qualities),
    ("scores.svg", "Scores of same and different", _scores),
    ("people.svg", "Whole people: own records and likeliest strangers", _people),
)
