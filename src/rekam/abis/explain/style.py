"""What the pictures of an explanation share: the report's look, image panels, and colours for what is said."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from rekam.abis.evaluation.style import GENUINE, IMPOSTOR, INK, QUIET, panels

__all__ = ["AGREES", "DIFFERS", "NEUTRAL", "RIDGE", "SECOND", "sheet_of", "show", "title"]

AGREES, DIFFERS, NEUTRAL = GENUINE, IMPOSTOR, "#c9ced4"
RIDGE, SECOND = "#00b3a4", "#f2a33a"
"""Drawn on grey pictures: clear on dark and on light ones."""


FACTS_A_LINE = 5


def sheet_of(count: int, columns: int, size: tuple[float, float]) -> tuple[Figure, list[Axes]]:
    """A figure with `count` panels in rows of `columns`; the places left over are empty."""
    figure, grid = panels(-(-count // columns), columns, size)
    axes = list(grid.ravel())
    for spare in axes[count:]:
        spare.set_axis_off()
    return figure, axes[:count]


def show(axis: Axes, picture: NDArray[np.generic], name: str, *, colours: str = "gray", stretch: bool = False) -> None:
    """A picture [H, W], without axes; `stretch` gives it the panel's own proportions (strips are long)."""
    axis.imshow(picture, cmap=colours, interpolation="nearest", aspect="auto" if stretch else "equal")
    axis.set_title(name)
    axis.set_xticks([])
    axis.set_yticks([])
    axis.grid(visible=False)
    for spine in axis.spines.values():
        spine.set_visible(False)


def title(figure: Figure, first: str, lines: Sequence[str] = ()) -> None:
    """What the picture shows, and below it what came out, at the left."""
    figure.suptitle(first, x=0.01, ha="left", fontsize=13, fontweight="bold", color=INK)
    if lines:
        rows = [lines[i : i + FACTS_A_LINE] for i in range(0, len(lines), FACTS_A_LINE)]
        text = "\n".join("   ".join(row) for row in rows)
        figure.supxlabel(text, x=0.01, ha="left", fontsize=9.5, color=QUIET)
