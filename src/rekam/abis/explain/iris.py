"""Pictures of an iris's extraction and of two irises' comparison."""

from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from rekam.abis.explain.style import AGREES, DIFFERS, NEUTRAL, RIDGE, SECOND, show, title
from rekam.abis.iris import code_parameters as p
from rekam.abis.iris.matched_bits import MatchedBits
from rekam.abis.iris.segmentation import Segmentation
from rekam.abis.iris.segmentation_parameters import STRIP_COLUMNS
from rekam.abis.iris.template import IrisTemplate

__all__ = ["extraction_picture", "match_picture"]


def extraction_picture(found: Segmentation, template: IrisTemplate | None, said: list[str]) -> Figure:
    """From the eye to the code: candidates, contours and lids, the strip, what of it counts, the bits."""
    mosaic: list[Any] = [["eyes", "contours"], ["strip", "strip"], ["visible", "visible"]]
    if template is not None:
        mosaic.append(["code", "code"])
    figure = Figure(figsize=(8.4, 4.2 + 1.15 * (len(mosaic) - 1)), layout="constrained")
    axes: dict[str, Axes] = figure.subplot_mosaic(mosaic, height_ratios=[3.6] + [1] * (len(mosaic) - 1))
    show(axes["eyes"], found.working.grey, f"{len(found.eyes)} candidates for an eye")
    for each in found.eyes:
        chosen = each is found.eye
        for circle in (each.pupil, each.limbus):
            axes["eyes"].add_patch(
                mpl.patches.Circle(
                    (circle.x, circle.y),
                    circle.radius,
                    fill=False,
                    linewidth=1.6 if chosen else 0.6,
                    color=RIDGE if chosen else NEUTRAL,
                )
            )
    _draw_contours(axes["contours"], found)
    show(axes["strip"], found.strip, "the iris unrolled, pupil above", stretch=True)
    show(
        axes["visible"],
        np.where(found.visible.pixels, found.strip, np.nan),
        f"what counts of it: {found.visible.pixels.mean():.0%}",
        stretch=True,
    )
    axes["visible"].set_facecolor(DIFFERS)
    if template is not None:
        code, mask = (_planes(packed) for packed in (template.code, template.mask))
        show(
            axes["code"],
            np.where(mask, code, np.nan),
            f"{p.CODE_BITS} bits, {mask.mean():.0%} of them valid",
            stretch=True,
        )
        axes["code"].set_facecolor(DIFFERS)
    title(figure, "From the eye to the iris code", said)
    return figure


def match_picture(found: tuple[Segmentation, Segmentation], bits: MatchedBits, said: list[str]) -> Figure:
    """Two eyes; their strips, laid over one another as the comparison did; below, which bits agree and differ."""
    mosaic: Any = [["eye 0", "eye 1"], ["strip 0", "strip 0"], ["strip 1", "strip 1"], ["bits", "bits"]]
    figure = Figure(figsize=(8.4, 7.6), layout="constrained")
    axes: dict[str, Axes] = figure.subplot_mosaic(mosaic, height_ratios=[3.6, 1, 1, 1])
    for side, each in enumerate(found):
        _draw_contours(axes[f"eye {side}"], each)
        seen = np.where(each.visible.pixels, each.strip, np.nan)
        name = f"the first, turned by {bits.match.turn:+.1f} degrees in all" if side == 0 else "the second"
        show(axes[f"strip {side}"], seen[:, _columns((bits.first, bits.second)[side])], name, stretch=True)
        axes[f"strip {side}"].set_facecolor(NEUTRAL)
    colours = mpl.colors.ListedColormap([NEUTRAL, AGREES, DIFFERS])
    picture = np.where(bits.agreeing, 1, np.where(bits.differing, 2, 0))
    counts = f"{bits.agreeing.sum()} bits agree, {bits.differing.sum()} differ, {bits.masked.sum()} do not count"
    axes["bits"].imshow(picture, cmap=colours, vmin=0, vmax=2, interpolation="nearest", aspect="auto")
    axes["bits"].set_title(counts)
    axes["bits"].set_axis_off()
    title(figure, "Two irises compared", said)
    return figure


def _draw_contours(axis: Axes, found: Segmentation) -> None:
    show(axis, found.working.grey, "pupil, limbus, lids")
    for contour in (found.boundaries.pupil, found.boundaries.limbus):
        closed = np.concatenate([contour.points, contour.points[:1]])
        axis.plot(closed[:, 0], closed[:, 1], color=RIDGE, linewidth=1.4)
    lids = found.boundaries.lids
    across = np.linspace(-1.2, 1.2, 61)
    for a, b, c in (lids.upper, lids.lower):
        axis.plot(
            lids.limbus.x + lids.limbus.radius * across,
            lids.limbus.y + lids.limbus.radius * (a + b * across + c * across**2),
            color=SECOND,
            linewidth=1.2,
            linestyle="--",
        )
    height, width = found.working.grey.shape
    axis.set_xlim(0, width)
    axis.set_ylim(height, 0)


def _columns(of_code: NDArray[np.int64]) -> NDArray[np.int64]:
    """The strip's columns under the columns of the code, in the code's order."""
    wide = STRIP_COLUMNS // p.CODE_COLUMNS
    return (of_code[:, None] * wide + np.arange(wide)).ravel()


def _planes(packed: NDArray[Any]) -> NDArray[np.float64]:
    bits = np.unpackbits(packed.view(np.uint8), bitorder="little")
    return bits.reshape(p.CODE_PLANES, p.CODE_COLUMNS).astype(np.float64)
