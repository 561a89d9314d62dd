"""Minutia cylinder codes: each minutia's neighbourhood as bits.

Cappelli, Ferrara & Maltoni, "Minutia Cylinder-Code", IEEE TPAMI 32(12), 2010, the bit version MCC16b.
"""

from dataclasses import dataclass
from math import erf

import cv2
import numpy as np
from numba import njit
from numpy.typing import NDArray

from rekam.abis.finger import parameters as p
from rekam.abis.finger.template import FingerTemplate

CELLS = p.CYLINDER_CELLS * p.CYLINDER_CELLS
PLANE_WORDS = CELLS // 64
WORDS = p.CYLINDER_SECTIONS * PLANE_WORDS
REACH = p.CYLINDER_RADIUS + 3 * p.SIGMA_S
SECTION = 2 * np.pi / p.CYLINDER_SECTIONS
TURNS = 256  # differences of direction come in the template's own units


@dataclass(frozen=True, eq=False)
class Prepared:
    """A template ready for comparison, n valid cylinders, rows contiguous.

    bits: uint64 [n, 24], six direction sections of 16 x 16 cells. mask: uint64 [n, 4], the cells that hold knowledge.
    place: float32 [n, 3], x, y (y upwards) and direction in radians.
    """

    bits: NDArray[np.uint64]
    mask: NDArray[np.uint64]
    place: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.place)


def _cell_offsets() -> np.ndarray:
    """Shape [256, 2]: the centres of a cylinder's cells in its own axes."""
    step = 2 * p.CYLINDER_RADIUS / p.CYLINDER_CELLS
    centre = (np.arange(p.CYLINDER_CELLS) - (p.CYLINDER_CELLS - 1) / 2) * step
    i, j = np.meshgrid(centre, centre, indexing="ij")
    return np.stack([i.ravel(), j.ravel()], axis=1)


def _direction_share() -> np.ndarray:
    """float64 [TURNS, sections]: what a direction difference gives to each section (paper, equation 11)."""
    table = np.empty((TURNS, p.CYLINDER_SECTIONS))
    for turn in range(TURNS):
        for section in range(p.CYLINDER_SECTIONS):
            centre = -np.pi + (section + 0.5) * SECTION
            apart = (centre - turn * 2 * np.pi / TURNS + np.pi) % (2 * np.pi) - np.pi
            low, high = apart - SECTION / 2, apart + SECTION / 2
            table[turn, section] = (erf(high / (p.SIGMA_D * 2**0.5)) - erf(low / (p.SIGMA_D * 2**0.5))) / 2
    return table


OFFSETS = _cell_offsets()
INSIDE = np.hypot(OFFSETS[:, 0], OFFSETS[:, 1]) <= p.CYLINDER_RADIUS
DIRECTION_SHARE = _direction_share()


def prepare(template: FingerTemplate) -> Prepared:
    """The cylinders of a template; minutiae with too few neighbours or too little known ground give none."""
    if len(template) <= p.LEAST_NEIGHBOURS:
        return Prepared(
            np.empty((0, WORDS), np.uint64), np.empty((0, PLANE_WORDS), np.uint64), np.empty((0, 3), np.float32)
        )
    x, y = template.x.astype(np.float64), template.y.astype(np.float64)
    hull, corner = _known_ground(x, y)
    bits, mask, valid = _cylinders(
        x, y, template.direction.astype(np.int64), template.angle, hull, corner, OFFSETS, INSIDE, DIRECTION_SHARE
    )
    place = np.stack([x, -y, template.angle], axis=1).astype(np.float32)
    return Prepared(bits[valid], mask[valid], place[valid])


def _known_ground(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The minutiae's convex hull widened by HULL_OFFSET, a mask with room for cylinders, and its (x, y) corner."""
    room = int(np.ceil(p.CYLINDER_RADIUS)) + 4
    corner = np.array([x.min() - room, y.min() - room])
    size = (int(y.max() - y.min()) + 2 * room + 1, int(x.max() - x.min()) + 2 * room + 1)
    canvas = np.ones(size, np.uint8)
    points = np.stack([x, y], axis=1) - corner
    cv2.fillConvexPoly(canvas, cv2.convexHull(points.astype(np.int32)), 0)
    return cv2.distanceTransform(canvas, cv2.DIST_L2, 5) <= p.HULL_OFFSET, corner


@njit(cache=True)
def _cylinders(
    x: np.ndarray,
    y: np.ndarray,
    direction: np.ndarray,
    angle: np.ndarray,
    hull: np.ndarray,
    corner: np.ndarray,
    offsets: np.ndarray,
    inside: np.ndarray,
    share: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Bits uint64 [n, 24], mask uint64 [n, 4] and which of the n minutiae gave a valid cylinder."""
    count = x.size
    bits = np.zeros((count, WORDS), np.uint64)
    mask = np.zeros((count, PLANE_WORDS), np.uint64)
    valid = np.zeros(count, np.bool_)
    sums = np.empty(p.CYLINDER_SECTIONS)
    for m in range(count):
        near = _neighbours(x, y, m)
        cosine, sine = np.cos(angle[m]), np.sin(angle[m])
        cells = 0
        for c in range(CELLS):
            # the cylinder's first axis lies along the minutia's direction; y runs downwards
            cx = x[m] + offsets[c, 0] * cosine - offsets[c, 1] * sine
            cy = y[m] - offsets[c, 0] * sine - offsets[c, 1] * cosine
            if not (inside[c] and hull[int(np.rint(cy - corner[1])), int(np.rint(cx - corner[0]))]):
                continue
            cells += 1
            word, bit = c // 64, np.uint64(1) << np.uint64(c % 64)
            mask[m, word] |= bit
            _fill_cell(sums, x, y, direction, near, m, cx, cy, share)
            for section in range(p.CYLINDER_SECTIONS):
                if sums[section] >= p.MU_PSI:
                    bits[m, section * PLANE_WORDS + word] |= bit
        valid[m] = near.size >= p.LEAST_NEIGHBOURS and cells >= p.LEAST_VALID_CELLS * inside.sum()
    return bits, mask, valid


@njit(cache=True)
def _neighbours(x: np.ndarray, y: np.ndarray, m: int) -> np.ndarray:
    """Indices of the other minutiae that can reach into minutia m's cylinder."""
    near = np.hypot(x - x[m], y - y[m]) <= REACH
    near[m] = False
    return np.nonzero(near)[0]


@njit(cache=True)
def _fill_cell(
    sums: np.ndarray,
    x: np.ndarray,
    y: np.ndarray,
    direction: np.ndarray,
    near: np.ndarray,
    m: int,
    cx: float,
    cy: float,
    share: np.ndarray,
) -> None:
    """Write to `sums` [sections] what the minutiae `near` give to minutia m's cell at (cx, cy) (paper, equation 5)."""
    sums[:] = 0.0
    spread = 2 * p.SIGMA_S * p.SIGMA_S
    peak = 1.0 / (p.SIGMA_S * np.sqrt(2 * np.pi))
    for t in near:
        square = (x[t] - cx) ** 2 + (y[t] - cy) ** 2
        if square <= 4.5 * spread:
            weight = peak * np.exp(-square / spread)
            turn = (direction[m] - direction[t]) % TURNS
            for section in range(sums.size):
                sums[section] += weight * share[turn, section]
