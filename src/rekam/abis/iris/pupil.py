"""Pupil candidates: flat dark discs with an edge all the way round, found by a circle search.

A robust form of Daugman's integro-differential operator (Daugman 2004, eq. 1): the contrast across the circle is
clipped ray by ray, so that a lid or a reflection on one side neither makes nor breaks a circle.
"""

from dataclasses import dataclass
from typing import Any

import cv2
import numba
import numpy as np
from numpy.typing import NDArray

from rekam.abis.iris import segmentation_parameters as p
from rekam.abis.iris.circle import Circle


@dataclass(frozen=True, slots=True)
class PupilCandidate:
    """A circle on the coarse image and its score: mean clipped contrast in grey levels."""

    circle: Circle
    score: float


def coarse_image(grey: NDArray[np.float32]) -> NDArray[np.float32]:
    """The working image at a quarter of its size, lightly blurred."""
    height, width = grey.shape
    small = cv2.resize(grey, (width // p.COARSE, height // p.COARSE), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.GaussianBlur(small, (0, 0), 0.8), np.float32)


def pupil_candidates(coarse: NDArray[np.float32]) -> list[PupilCandidate]:
    """The best circles on a coarse image float32 [H, W], best first, no two with centres inside one another."""
    dark = float(np.percentile(coarse, p.DARK_PERCENTILE))
    scores, radii = _search(
        coarse, dark, *p.PUPIL_RADII, p.COARSE_ANGLES, p.PUPIL_CLIP, p.PUPIL_UNEVEN_WEIGHT, p.BEYOND_CLIP
    )
    darkest = float(np.percentile(coarse, p.DARKEST_PERCENTILE))
    scores = np.maximum(scores - p.PUPIL_LIGHT_WEIGHT * np.maximum(coarse - darkest, 0), 0)
    found: list[PupilCandidate] = []
    height, width = coarse.shape
    rows, columns = np.mgrid[0:height, 0:width]
    while len(found) < p.PUPIL_CANDIDATES:
        at = int(np.argmax(scores))
        y, x = divmod(at, width)
        score = float(scores[y, x])
        if score <= 0:
            break
        circle = Circle(float(x), float(y), float(radii[y, x]))
        found.append(PupilCandidate(circle, score))
        scores[np.hypot(rows - y, columns - x) < max(2.0, 0.5 * circle.radius)] = 0
    return found


@numba.njit(cache=True, fastmath=True)
def _search(
    image: Any, dark: Any, smallest: Any, largest: Any, angles: Any, clip: Any, uneven_weight: Any, beyond: Any
) -> Any:
    height, width = image.shape
    scores = np.zeros((height, width), np.float32)
    radii = np.zeros((height, width), np.float32)
    reach = largest + 3
    cosines = np.cos(np.arange(angles) * 2 * np.pi / angles)
    sines = np.sin(np.arange(angles) * 2 * np.pi / angles)
    rays = np.empty((angles, reach), np.float32)
    for y in range(smallest, height - smallest):
        for x in range(smallest, width - smallest):
            if image[y, x] > dark:
                continue
            for k in range(angles):
                for r in range(reach):
                    column = min(max(int(x + r * cosines[k] + 0.5), 0), width - 1)
                    row = min(max(int(y + r * sines[k] + 0.5), 0), height - 1)
                    rays[k, r] = image[row, column]
            for r in range(smallest, largest):
                edge = 0.0
                uneven = 0.0
                for k in range(angles):
                    step = rays[k, r + 2] + rays[k, r + 1] - rays[k, r - 1] - rays[k, r - 2]
                    edge += min(max(0.5 * step, -clip), clip) + beyond * 0.5 * step
                    uneven += min(abs(rays[k, int(0.8 * r)] - rays[k, int(0.4 * r)]), clip)
                score = (edge - uneven_weight * uneven) / angles
                if score > scores[y, x]:
                    scores[y, x] = score
                    radii[y, x] = r
    return scores, radii
