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
    """The working image, grey levels [H, W], lightly blurred at 1 / COARSE of its size: [H // COARSE, W // COARSE]."""
    height, width = grey.shape
    small = cv2.resize(grey, (width // p.COARSE, height // p.COARSE), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.GaussianBlur(small, (0, 0), 0.8), np.float32)


def pupil_candidates(coarse: NDArray[np.float32]) -> list[PupilCandidate]:
    """The best circles on a coarse image float32 [H, W], best first, no two with centres inside one another."""
    dark = float(np.percentile(coarse, p.DARK_PERCENTILE))
    darkest = float(np.percentile(coarse, p.DARKEST_PERCENTILE))
    rays = ray_offsets(p.COARSE_ANGLES, p.PUPIL_RADII[1] + 3)
    height, width = coarse.shape
    rows, columns = np.mgrid[0:height, 0:width]
    seeds = (rows % p.PUPIL_STRIDE == 0) & (columns % p.PUPIL_STRIDE == 0) & (coarse <= dark)
    scores = np.zeros(coarse.shape, np.float32)
    radii = np.zeros(coarse.shape, np.float32)
    limits = (*p.PUPIL_RADII, p.PUPIL_CLIP, p.PUPIL_UNEVEN_WEIGHT, p.BEYOND_CLIP, darkest, p.PUPIL_LIGHT_WEIGHT)
    _search(coarse, np.argwhere(seeds), rays, *limits, scores, radii)
    found: list[PupilCandidate] = []
    while len(found) < p.PUPIL_CANDIDATES:
        y, x = divmod(int(np.argmax(scores)), width)
        if scores[y, x] <= 0:
            break
        around = np.argwhere((abs(rows - y) < p.PUPIL_STRIDE) & (abs(columns - x) < p.PUPIL_STRIDE))
        _search(coarse, around, rays, *limits, scores, radii)
        y, x = max(((int(row), int(column)) for row, column in around), key=lambda at: float(scores[at]))
        circle = Circle(float(x), float(y), float(radii[y, x]))
        found.append(PupilCandidate(circle, float(scores[y, x])))
        scores[np.hypot(rows - y, columns - x) < max(3.0, 0.5 * circle.radius)] = 0
    return found


def ray_offsets(angles: int, reach: int) -> NDArray[np.int32]:
    """Pixel steps (down, right) int32 [2, angles, reach] from a centre to the points of its rays."""
    turns = np.arange(angles) * (2 * np.pi / angles)
    return np.stack([np.rint(np.outer(axis, np.arange(reach))) for axis in (np.sin(turns), np.cos(turns))]).astype(
        np.int32
    )


@numba.njit(cache=True, fastmath=True)
def _search(
    image: Any,
    centres: Any,
    offsets: Any,
    smallest: Any,
    largest: Any,
    clip: Any,
    uneven_weight: Any,
    beyond: Any,
    darkest: Any,
    light_weight: Any,
    scores: Any,
    radii: Any,
) -> Any:
    """Writes at each centre [N, 2] (row, column) the best circle's score and radius."""
    height, width = image.shape
    angles, reach = offsets.shape[1:]
    rays = np.empty((reach, angles), np.float32)
    for n in range(len(centres)):
        y, x = centres[n]
        if min(y, height - 1 - y) < smallest or min(x, width - 1 - x) < smallest:
            continue
        for k in range(angles):
            for r in range(reach):
                column = min(max(x + offsets[1, k, r], 0), width - 1)
                row = min(max(y + offsets[0, k, r], 0), height - 1)
                rays[r, k] = image[row, column]
        lightness = light_weight * max(image[y, x] - darkest, np.float32(0))
        best, best_radius = np.float32(0), 0
        for r in range(smallest, largest):
            inner, middle = int(0.8 * r), int(0.4 * r)
            edge = np.float32(0)
            uneven = np.float32(0)
            for k in range(angles):
                step = np.float32(0.5) * (rays[r + 2, k] + rays[r + 1, k] - rays[r - 1, k] - rays[r - 2, k])
                edge += min(max(step, np.float32(-clip)), np.float32(clip)) + np.float32(beyond) * step
                uneven += min(abs(rays[inner, k] - rays[middle, k]), np.float32(clip))
            score = (edge - np.float32(uneven_weight) * uneven) / np.float32(angles) - lightness
            if score > best:
                best, best_radius = score, r
        scores[y, x] = best
        radii[y, x] = best_radius
