"""Pictures of a finger's extraction and of two fingers' comparison."""

from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.patches import ConnectionPatch
from numpy.typing import NDArray

from rekam.abis.explain.style import AGREES, NEUTRAL, RIDGE, SECOND, sheet_of, show, title
from rekam.abis.finger.compare import FingerMatch
from rekam.abis.finger.minutiae import BIFURCATION, ENDING
from rekam.abis.finger.template import FingerTemplate

__all__ = ["extraction_picture", "match_picture"]

TAIL = 14.0  # length of the stroke that shows a minutia's direction, pixels at 500 dpi
LINKS = 40  # more lines than this hide the prints

_COLOURS = {"orientation": "twilight", "period": "viridis", "clarity": "viridis", "even contrast": "gray"}


def extraction_picture(steps: dict[str, NDArray[Any]], template: FingerTemplate | None, said: list[str]) -> Figure:
    """Each step of an extraction in its order; the last panel has the template's minutiae on the picture."""
    pictures = {name: step for name, step in steps.items() if name != "minutiae"}
    figure, axes = sheet_of(len(pictures) + (template is not None), 5, (2.5, 2.9))
    ground = pictures.get("foreground")
    for axis, (name, step) in zip(axes, pictures.items(), strict=False):
        shown = step if ground is None or name not in _COLOURS else np.where(ground, step, np.nan)
        show(
            axis,
            -shown if name == "enhanced" else 1 - shown if name == "skeleton" else shown,
            name,
            colours=_COLOURS.get(name, "gray"),
        )
    if template is not None:
        show(axes[-1], steps.get("turned", steps["picture"]), f"{len(template)} minutiae")
        draw_minutiae(axes[-1], template)
    title(figure, "From the picture to the minutiae", said)
    return figure


def match_picture(
    pictures: tuple[NDArray[Any], NDArray[Any]],
    templates: tuple[FingerTemplate, FingerTemplate],
    match: FingerMatch,
    said: list[str],
) -> Figure:
    """Two prints side by side; minutiae that meet are coloured and joined, nearest first, the others stay pale."""
    figure, axes = sheet_of(2, 2, (4.4, 5.2))
    for axis, picture, template, side in zip(axes, pictures, templates, (0, 1), strict=True):
        met = np.zeros(len(template), np.bool_)
        met[np.array([(one, other)[side] for one, other, _ in match.pairs], np.int64)] = True
        show(axis, picture, f"{int(met.sum())} of {len(template)} minutiae meet")
        draw_minutiae(axis, template, colour=lambda each, met=met: AGREES if met[each] else NEUTRAL)
    for one, other, likeness in match.pairs[:LINKS]:
        ends = [(float(t.x[i]), float(t.y[i])) for t, i in zip(templates, (one, other), strict=True)]
        figure.add_artist(
            ConnectionPatch(
                ends[0],
                ends[1],
                "data",
                "data",
                axesA=axes[0],
                axesB=axes[1],
                color=AGREES,
                alpha=0.25 + 0.55 * min(1.0, max(0.0, likeness)),
                linewidth=0.9,
            )
        )
    title(figure, "Two fingers compared", said)
    return figure


def draw_minutiae(axis: Axes, template: FingerTemplate, colour: Callable[[int], str] | None = None) -> None:
    """Endings as circles, bifurcations as squares, each with a stroke along its direction (y runs downwards)."""
    x, y = template.x.astype(float), template.y.astype(float)
    tips = np.stack([x + TAIL * np.cos(template.angle), y - TAIL * np.sin(template.angle)], axis=1)
    by_kind = {ENDING: RIDGE, BIFURCATION: SECOND}
    colours = [colour(i) if colour else by_kind.get(int(kind), RIDGE) for i, kind in enumerate(template.kind)]
    axis.add_collection(
        LineCollection([((x[i], y[i]), tuple(tips[i])) for i in range(len(x))], colors=colours, linewidths=1.3)
    )
    for kind, marker in ((ENDING, "o"), (BIFURCATION, "s")):
        chosen = np.flatnonzero(template.kind == kind)
        axis.scatter(
            x[chosen],
            y[chosen],
            s=16,
            marker=marker,
            facecolors="none",
            linewidths=1.2,
            edgecolors=[colours[i] for i in chosen],
        )
