"""The kinds of panel that pictures are put together from."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from rekam.abis.error_rates import Curve
from rekam.abis.evaluation.discard import DiscardPoint
from rekam.abis.evaluation.style import GENUINE, GRID, IMPOSTOR, NONE_AT, QUIET, percent, rate_axis

LOWEST_FMR = 1e-5


def det_axes(axis: Axes) -> None:
    """Both rates, logarithmic, with the line on which they are equal."""
    rate_axis(axis, "x", LOWEST_FMR)
    rate_axis(axis, "y", NONE_AT)
    axis.plot([NONE_AT, 1], [NONE_AT, 1], color=QUIET, linewidth=0.6, linestyle=(0, (1, 3)))


def det(axis: Axes, curve: Curve, colour: str, label: str, line: str = "-") -> None:
    """One set's trade-off; where there is no false match it ends in the least rate that one pair makes."""
    shown = curve.fmr > 0
    axis.step(
        np.maximum(curve.fmr[shown], LOWEST_FMR),
        np.maximum(curve.fnmr[shown], NONE_AT),
        where="pre",
        color=colour,
        linestyle=line,
        label=label,
        solid_capstyle="butt",
    )


def discard(axis: Axes, points: Sequence[DiscardPoint], colour: str, label: str, line: str = "-") -> None:
    """FNMR against the share of images discarded, both linear."""
    told = [point for point in points if point.fnmr is not None]
    axis.plot(
        [point.discarded for point in told],
        [point.fnmr or 0.0 for point in told],
        color=colour,
        linestyle=line,
        label=label,
    )
    axis.xaxis.set_major_formatter(percent)
    axis.yaxis.set_major_formatter(percent)
    axis.autoscale(axis="y")  # an earlier curve's limits must not cut this one off
    axis.set_ylim(bottom=0)


def histogram(
    axis: Axes,
    genuine: NDArray[np.float64],
    impostor: NDArray[np.float64],
    bars: Sequence[float] = (),
    *,
    rooted: bool = False,
) -> None:
    """Shares of genuine and impostor pairs by score, logarithmic so that tails are seen; `bars` are thresholds.

    With `rooted` by the square root of scores, which are 0 or more: strangers' lie close to 0.
    """
    finite = [scores[np.isfinite(scores)] for scores in (genuine, impostor)]
    if rooted:
        finite, bars = [np.sqrt(np.maximum(scores, 0.0)) for scores in finite], np.sqrt(np.maximum(bars, 0.0)).tolist()
    if not sum(map(len, finite)):
        return
    edges = np.histogram_bin_edges(np.concatenate(finite), 60)
    for scores, total, colour, label in zip(
        finite, (len(genuine), len(impostor)), (GENUINE, IMPOSTOR), ("same", "different"), strict=True
    ):
        shares = np.histogram(scores, edges)[0] / max(total, 1)
        axis.stairs(shares, edges, color=colour, fill=True, alpha=0.25)
        axis.stairs(shares, edges, color=colour, label=label, linewidth=1.2)
    for bar in bars:
        axis.axvline(bar, color=QUIET, linewidth=0.9, linestyle="--")
    axis.set_yscale("log")
    axis.set_ylim(1e-5, 1)
    axis.yaxis.set_major_formatter(percent)


def people_panel(axis: Axes, own: Sequence[float], strangers: Sequence[float], least: tuple[float, float]) -> None:
    """How surely own records and the likeliest strangers are told apart; zones between the two bars `least`."""
    low, high = -15.0, 110.0
    edges = np.linspace(low, high, 64)
    axis.axvspan(least[0], least[1], color=GRID, zorder=0)
    for ratios, colour, label in (own, GENUINE, "own record"), (strangers, IMPOSTOR, "likeliest stranger"):
        shares = np.histogram(np.clip(ratios, low, high), edges)[0] / max(len(ratios), 1)
        axis.stairs(shares, edges, color=colour, fill=True, alpha=0.3)
        axis.stairs(shares, edges, color=colour, label=label, linewidth=1.2)
    axis.set_xlim(low, high)
    axis.set_ylim(bottom=0)
    axis.yaxis.set_major_formatter(percent)
