"""Whether what was found is an eye: a flat dark pupil with a smooth outline in a lighter iris, enough of it in view."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from rekam.abis.errors import ExtractionFailed, WrongKindOfImage
from rekam.abis.iris import segmentation_parameters as p
from rekam.abis.iris.boundaries import Boundaries
from rekam.abis.iris.contour import UNIT, Contour
from rekam.abis.iris.eye import Eye
from rekam.abis.iris.visible import Visible


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for an eye; units as in the constants of ``parameters`` that limit each."""

    pupil_contrast: float
    limbus_contrast: float
    outline: float
    drop: float
    clarity: float
    roughness: float
    dilation: float
    sharpness: float
    visible: float


def evidence_of(grey: NDArray[np.float32], eye: Eye, boundaries: Boundaries, visible: Visible) -> Evidence:
    """Measures the found eye on the working image float32 [H, W]."""
    pupil, limbus = boundaries.pupil, boundaries.limbus
    dark = grey[pupil.filled((grey.shape[0], grey.shape[1]))]
    level = float(np.median(dark)) if dark.size else 255.0
    unevenness = 1.4826 * float(np.median(np.abs(dark - level))) if dark.size else 255.0
    drop = visible.level - level
    steps = np.abs(np.diff(pupil.radii, append=pupil.radii[0]))
    return Evidence(
        pupil_contrast=eye.pupil_contrast,
        limbus_contrast=eye.limbus_contrast,
        outline=pupil.support + limbus.support,
        drop=drop,
        clarity=drop / max(visible.spread, unevenness),
        roughness=100.0 * float(steps.mean()) / pupil.circle.radius,
        sharpness=_slope(grey, pupil) / max(drop, 1.0) * limbus.circle.radius,
        dilation=pupil.circle.radius / limbus.circle.radius,
        visible=float(visible.pixels.mean()),
    )


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
        "the pupil's outline is ragged": evidence.roughness > p.MOST_PUPIL_ROUGHNESS,
        "pupil and iris do not fit": not p.PUPIL_TO_IRIS[0] <= evidence.dilation <= p.PUPIL_TO_IRIS[1],
    }
    return next((reason for reason, holds in doubts.items() if holds), None)


def require_iris(evidence: Evidence, slot: str) -> None:
    """Raises `WrongKindOfImage` where no eye was found, `ExtractionFailed` where too little of one is seen."""
    doubt = doubt_of(evidence)
    if doubt is not None:
        raise WrongKindOfImage(slot=slot, reason=doubt)
    if evidence.visible < p.LEAST_VISIBLE:
        raise ExtractionFailed(slot=slot, reason=f"only {evidence.visible:.0%} of the iris is seen")
