"""Whether what was found is an eye: a flat dark pupil with a smooth outline in a lighter iris, enough of it in view."""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from rekam.abis.errors import ExtractionFailed, WrongKindOfImage
from rekam.abis.iris import segmentation_parameters as p
from rekam.abis.iris.boundaries import Boundaries
from rekam.abis.iris.contour import UNIT, Contour
from rekam.abis.iris.eye import Eye
from rekam.abis.iris.strip import sheet, unwrapped
from rekam.abis.iris.visible import Visible
from rekam.abis.iris.working_image import WorkingImage


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for an eye, and how well it is seen; units as in the constants that limit each.

    Edges: `pupil_contrast`, `limbus_contrast` (mean clipped contrast of the coarse circles, grey levels),
    `pupil_support`, `limbus_support` (share of each contour that lies on an edge, 0-1), `sharpness` (iris radius over
    the width of the pupil's edge). Pupil: `drop` (grey levels darker than the iris), `clarity` (that in standard
    deviations), `roughness` (mean step between neighbouring radii, per cent of the radius), `dilation` (its radius in
    iris radii), `pupil_flattening` (1 - short over long axis). Gaze: `limbus_flattening`, `decentring` (distance of
    the centres in iris radii). Shares of the strip: `visible`, `lids`, `reflections`.
    """

    pupil_contrast: float
    limbus_contrast: float
    pupil_support: float
    limbus_support: float
    drop: float
    clarity: float
    roughness: float
    dilation: float
    sharpness: float
    visible: float
    pupil_flattening: float = 0.0
    limbus_flattening: float = 0.0
    decentring: float = 0.0
    lids: float = 0.0
    reflections: float = 0.0

    @property
    def outline(self) -> float:
        """Support of both contours."""
        return self.pupil_support + self.limbus_support


def evidence_of(working: WorkingImage, eye: Eye, boundaries: Boundaries, visible: Visible) -> Evidence:
    """Measures the found eye on the working image."""
    grey, pupil, limbus = working.grey, boundaries.pupil, boundaries.limbus
    dark = grey[pupil.filled((grey.shape[0], grey.shape[1]))]
    level = float(np.median(dark)) if dark.size else 255.0
    unevenness = 1.4826 * float(np.median(np.abs(dark - level))) if dark.size else 255.0
    drop = visible.level - level
    steps = np.abs(np.diff(pupil.radii, append=pupil.radii[0]))
    inner, outer = pupil.circle, limbus.circle
    grid = sheet(pupil, limbus)
    return Evidence(
        pupil_contrast=eye.pupil_contrast,
        limbus_contrast=eye.limbus_contrast,
        pupil_support=pupil.support,
        limbus_support=limbus.support,
        drop=drop,
        clarity=drop / max(visible.spread, unevenness),
        roughness=100.0 * float(steps.mean()) / inner.radius,
        sharpness=_slope(grey, pupil) / max(drop, 1.0) * outer.radius,
        dilation=inner.radius / outer.radius,
        visible=float(visible.pixels.mean()),
        pupil_flattening=_flattening(pupil),
        limbus_flattening=_flattening(limbus),
        decentring=math.hypot(inner.x - outer.x, inner.y - outer.y) / outer.radius,
        lids=float(boundaries.lids.covers(grid).mean()),
        reflections=float((unwrapped(working.unseen, grid) > 0).mean()),
    )


def _flattening(contour: Contour) -> float:
    """1 - short over long axis of the contour's points."""
    short, long = np.linalg.eigvalsh(np.cov(contour.points.T))
    return 1.0 - math.sqrt(max(float(short), 0.0) / max(float(long), 1e-9))


def _slope(grey: NDArray[np.float32], pupil: Contour) -> float:
    """Steepness of the pupil's edge, grey levels a pixel; the 70th percentile, for lids and lamps hide some of it."""
    ring = (UNIT[None] * (pupil.radii + np.array([[-1.5], [1.5]]))[..., None] + (pupil.x, pupil.y)).astype(np.float32)
    inside, outside = cv2.remap(grey, ring[..., 0], ring[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return float(np.percentile(outside - inside, 70)) / 3.0


def doubt_of(evidence: Evidence) -> str | None:
    """Why what was found may be no eye, or None."""
    doubts = {
        "no dark round pupil": evidence.pupil_contrast < p.LEAST_PUPIL_CONTRAST,
        "no iris round the pupil": evidence.limbus_contrast < p.LEAST_LIMBUS_CONTRAST,
        "pupil and iris have no clear outline": evidence.outline < p.LEAST_OUTLINE,
        "the pupil is not darker than the iris": evidence.drop < p.LEAST_PUPIL_DROP,
        "the pupil does not stand out": evidence.clarity < p.LEAST_PUPIL_CLARITY,
        "the pupil is not round": evidence.pupil_flattening > p.MOST_FLATTENING,
        "the pupil's outline is ragged": evidence.roughness > p.MOST_PUPIL_ROUGHNESS,
        "pupil and iris do not fit": not p.PUPIL_TO_IRIS[0] <= evidence.dilation <= p.PUPIL_TO_IRIS[1],
    }
    if _weak_points(evidence) > p.MOST_WEAK_POINTS:
        return "too much about it is unlike an eye"
    return next((reason for reason, holds in doubts.items() if holds), None)


def _weak_points(evidence: Evidence) -> int:
    """In how many ways the eye is among the worst hundredth; real eyes rarely are in several at once."""
    return sum(
        (
            evidence.pupil_contrast < p.WEAK_PUPIL_CONTRAST,
            evidence.limbus_contrast < p.WEAK_LIMBUS_CONTRAST,
            evidence.outline < p.WEAK_OUTLINE,
            evidence.drop < p.WEAK_DROP,
            evidence.clarity < p.WEAK_CLARITY,
            evidence.roughness > p.WEAK_ROUGHNESS,
            evidence.visible < p.WEAK_VISIBLE,
            evidence.reflections > p.WEAK_REFLECTIONS,
        )
    )


def require_iris(evidence: Evidence, slot: str) -> None:
    """Raises `WrongKindOfImage` where no eye was found, `ExtractionFailed` where too little of one is seen."""
    doubt = doubt_of(evidence)
    if doubt is not None:
        raise WrongKindOfImage(slot=slot, reason=doubt)
    if evidence.visible < p.LEAST_VISIBLE:
        raise ExtractionFailed(slot=slot, reason=f"only {evidence.visible:.0%} of the iris is seen")
