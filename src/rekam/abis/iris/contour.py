"""A closed contour that need not be a circle: the best path over the unwrapped gradient, smoothed by a few harmonics.

The path is found by dynamic programming (Viterbi) as in OSIRIS 4.1 (Othman, Dorizzi, Garcia-Salicetti 2016), the
smoothing is Daugman's active contour (Daugman 2007, section II), solved as a weighted least-squares fit, so that rays
without an edge (under a lid, in a reflection) follow the others.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import cv2
import numba
import numpy as np
from numpy.typing import NDArray

from rekam.abis.iris import segmentation_parameters as p
from rekam.abis.iris.circle import Circle

ANGLES = np.arange(p.CONTOUR_ANGLES) * (2 * math.pi / p.CONTOUR_ANGLES)
Trust = Callable[[NDArray[np.float64]], NDArray[np.float64]]
UNIT = np.stack([np.cos(ANGLES), np.sin(ANGLES)], axis=1)


@dataclass(frozen=True, slots=True)
class Contour:
    """Radii float64 [CONTOUR_ANGLES] in working pixels around (x, y); angle 0 points right and grows downwards.

    `support` in 0-1 is how much of the contour lies on an edge of the expected direction.
    """

    x: float
    y: float
    radii: NDArray[np.float64]
    support: float

    @property
    def points(self) -> NDArray[np.float64]:
        """The contour's points [CONTOUR_ANGLES, 2] as (x, y)."""
        return UNIT * self.radii[:, None] + (self.x, self.y)

    @property
    def circle(self) -> Circle:
        """The circle of the same centroid and area."""
        x, y = self.points.mean(axis=0)
        return Circle(float(x), float(y), math.sqrt(float(np.mean(self.radii**2))))

    def filled(self, shape: tuple[int, int]) -> NDArray[np.bool_]:
        """Bool [H, W]: the pixels inside."""
        canvas = np.zeros(shape, np.uint8)
        cv2.fillPoly(canvas, [np.round(self.points * 16).astype(np.int32)], 1, shift=4)
        return canvas > 0


@dataclass(frozen=True, slots=True)
class EdgeSearch:
    """How to look for one contour: see the constants of the same names in ``parameters``."""

    window: tuple[float, float]
    clip: float
    harmonics: int
    stiffness: float


def contour_near(
    grey: NDArray[np.float32],
    circle: Circle,
    search: EdgeSearch,
    trust: Trust,
    beyond: Circle | None = None,
) -> Contour:
    """The contour near a circle along which the image float32 [H, W] brightens outwards.

    `trust` weighs the path's points [CONTOUR_ANGLES, 2], 0-1: lids hide edges and make others. No edge is sought
    within the circle `beyond`.
    """
    low, high = search.window
    radii = np.arange(max(2.0, low * circle.radius), high * circle.radius)
    rays = UNIT[:, None] * radii[None, :, None] + (circle.x, circle.y)
    gradient = _outward_gradient(grey, rays.astype(np.float32))
    if beyond is not None:
        gradient[np.hypot(rays[..., 0] - beyond.x, rays[..., 1] - beyond.y) < beyond.radius] = 0
    edge = np.clip(gradient / search.clip, 0.0, 1.0) + p.BEYOND_CLIP * np.maximum(gradient / search.clip, 0.0)
    path = _closed_path(edge.astype(np.float64))
    strength = edge[np.arange(p.CONTOUR_ANGLES), path]
    weights = strength * trust(rays[np.arange(p.CONTOUR_ANGLES), path])
    displacement = _smooth(radii[path] - circle.radius, weights, search)
    return Contour(circle.x, circle.y, circle.radius + displacement, float(np.minimum(strength, 1.0).mean()))


def _outward_gradient(grey: NDArray[np.float32], rays: NDArray[np.float32]) -> NDArray[np.float32]:
    """Grey levels a pixel [angle, radius], smoothed over 3 px outwards and 3 rays along; 0 outside the image."""
    x, y = rays[..., 0], rays[..., 1]
    polar = cv2.remap(grey, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    wrapped = np.concatenate([polar[-4:], polar, polar[:4]])
    smooth = cv2.GaussianBlur(wrapped, (0, 0), sigmaX=1.5, sigmaY=1.0)[4:-4]
    gradient = np.gradient(smooth, axis=1)
    height, width = grey.shape
    gradient[(x < 2) | (y < 2) | (x > width - 3) | (y > height - 3)] = 0
    return gradient


def _smooth(displacement: NDArray[np.float64], weights: NDArray[np.float64], search: EdgeSearch) -> NDArray[np.float64]:
    """Weighted ridge fit of the harmonics; rays far off a first fit count for nothing in the second."""
    orders = np.arange(1, search.harmonics + 1)
    basis = np.concatenate(
        [np.ones((len(ANGLES), 1)), np.cos(np.outer(ANGLES, orders)), np.sin(np.outer(ANGLES, orders))], axis=1
    )
    penalty = np.concatenate([[0.0], orders, orders]) ** 2 * search.stiffness * len(ANGLES) / 4
    fitted = np.zeros_like(displacement)
    for _ in range(3):
        normal = basis.T @ (basis * weights[:, None]) + np.diag(penalty + 1e-6)
        fitted = basis @ np.linalg.solve(normal, basis.T @ (weights * displacement))
        error = np.abs(displacement - fitted)
        weights = weights * (error < max(2.0, 2.5 * float(np.median(error))))
    return fitted


@numba.njit(cache=True)
def _closed_path(edge: Any) -> Any:
    """The closed path of most edge, one radius index an angle, neighbours at most one apart (Viterbi, twice round)."""
    angles, radii = edge.shape
    rounds = 2 * angles
    came_from = np.zeros((rounds, radii), np.int8)
    total = edge[0].copy()
    for k in range(1, rounds):
        fresh = np.empty(radii)
        for r in range(radii):
            best, step = total[r], 0
            if r > 0 and total[r - 1] - 0.02 > best:
                best, step = total[r - 1] - 0.02, -1
            if r < radii - 1 and total[r + 1] - 0.02 > best:
                best, step = total[r + 1] - 0.02, 1
            fresh[r] = best + edge[k % angles, r]
            came_from[k, r] = step
        total = fresh
    path = np.empty(angles, np.int64)
    at = int(np.argmax(total))
    for k in range(rounds - 1, 0, -1):
        if angles // 2 <= k < angles // 2 + angles:
            path[k % angles] = at
        at += came_from[k, at]
    return path
