"""How the report's pictures look: calm, the same axes everywhere, the same file for the same figures."""

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter
from numpy.typing import NDArray

INK, QUIET, GRID = "#22303c", "#6b7785", "#e3e7eb"
GENUINE, IMPOSTOR = "#1f6f78", "#c4622d"
LEADER, CLASSICAL, IRIS = "#173f6b", "#5b94cf", "#6a3d8a"
PEER = "#8a8f96"
NONE_AT = 1e-3
"""A rate of zero has no place on a logarithmic axis; it is drawn here, on the line labelled 0."""

_SETTINGS: Any = {
    "svg.hashsalt": "rekam",
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "axes.edgecolor": QUIET,
    "axes.labelcolor": INK,
    "axes.titlesize": 10,
    "axes.titlelocation": "left",
    "axes.titlecolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": GRID,
    "grid.linewidth": 0.7,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "text.color": INK,
    "legend.frameon": False,
    "figure.facecolor": "white",
    "lines.linewidth": 1.6,
}


def styled() -> AbstractContextManager[None]:
    """Every picture is put together inside this."""
    return mpl.rc_context(_SETTINGS)


def panels(rows: int, columns: int, size: tuple[float, float]) -> tuple[Figure, NDArray[Any]]:
    """An empty figure of rows x columns panels that share nothing yet; size in inches a panel."""
    figure = Figure(figsize=(size[0] * columns, size[1] * rows), layout="constrained")
    return figure, figure.subplots(rows, columns, squeeze=False)


def save(figure: Figure, path: Path) -> None:
    """Writes .svg or .png without the time of day, so that equal figures are equal files."""
    with styled():
        figure.savefig(path, dpi=150, metadata={"Date": None} if path.suffix == ".svg" else {"Software": "rekam"})


def percent(value: float, _: object = None) -> str:
    """A share as a percentage, as many digits as it needs."""
    return f"{100 * value:.3g} %"


def rate_axis(axis: Axes, which: str, lowest: float) -> None:
    """A logarithmic axis of rates, in per cent, from `lowest` to 1; FNMR has a line for zero."""
    ticks = [10.0**power for power in range(round(np.log10(lowest)), 1)]
    setter = axis.set_xscale if which == "x" else axis.set_yscale
    setter("log")
    of_axis = axis.xaxis if which == "x" else axis.yaxis
    of_axis.set_ticks(ticks)
    of_axis.set_minor_locator(mpl.ticker.NullLocator())
    of_axis.set_major_formatter(FuncFormatter(_zero_line if which == "y" else _odd_decades))
    (axis.set_xlim if which == "x" else axis.set_ylim)(lowest / 1.3, 1.15)


def _odd_decades(value: float, _: object = None) -> str:
    """0.001 %, 0.1 % and 10 %: small panels have no room for more."""
    return percent(value) if round(np.log10(value)) % 2 else ""


def _zero_line(value: float, _: object = None) -> str:
    return "0" if value <= NONE_AT else percent(value)
