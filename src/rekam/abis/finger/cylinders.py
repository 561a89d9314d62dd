"""Minutia cylinder codes: each minutia's neighbourhood as bits.

Cappelli, Ferrara & Maltoni, "Minutia Cylinder-Code", IEEE TPAMI 32(12), 2010, the bit version, with the cells of a
hexagonal lattice that fill one 64-bit word a direction section (ADR 0015).
"""

from dataclasses import dataclass
from math import erf

import numpy as np
from numba import njit
from numpy.typing import NDArray

from rekam.abis.finger import comparison_parameters as p
from rekam.abis.finger.known_ground import hull_of, near_hull
from rekam.abis.finger.template import DIRECTION_UNIT, FingerTemplate

TURNS = 256  # directions come in the template's own units
PLANE_WORDS = 1
WORDS = p.CYLINDER_SECTIONS * PLANE_WORDS
REACH = p.CYLINDER_RADIUS + 3 * p.SIGMA_S


@dataclass(frozen=True, eq=False)
class Prepared:
    """A template ready for comparison: n valid cylinders in order of direction, rows contiguous.

    bits: uint64 [n, 6], one word of cells a direction section. mask: uint64 [n, 1], the cells that hold knowledge.
    place: float32 [n, 3], x, y (y upwards) and direction in the template's units. minutia: int16 [n], which of the
    template's minutiae a row comes from. All are read-only, as a gallery's are: for arrays that may be written to the
    comparison would be compiled a second time.
    """

    bits: NDArray[np.uint64]
    mask: NDArray[np.uint64]
    place: NDArray[np.float32]
    minutia: NDArray[np.int16]

    def __post_init__(self) -> None:
        for array in (self.bits, self.mask, self.place, self.minutia):
            array.setflags(write=False)

    def __len__(self) -> int:
        return len(self.place)


def _cells() -> np.ndarray:
    """Shape [61, 2]: the cells' centres in the cylinder's own axes, a hexagonal lattice that fills its disc."""
    rings = range(-p.CYLINDER_RINGS, p.CYLINDER_RINGS + 1)
    step = p.CYLINDER_RADIUS / (p.CYLINDER_RINGS + 0.5)
    lattice = [(q, r) for q in rings for r in rings if abs(q + r) <= p.CYLINDER_RINGS]
    return np.array([(step * (q + r / 2), step * r * 3**0.5 / 2) for q, r in lattice])


def _direction_share() -> np.ndarray:
    """float64 [TURNS, sections]: what a direction difference gives to each section (paper, equation 11)."""
    width = 2 * np.pi / p.CYLINDER_SECTIONS
    table = np.empty((TURNS, p.CYLINDER_SECTIONS))
    for turn in range(TURNS):
        for section in range(p.CYLINDER_SECTIONS):
            centre = -np.pi + (section + 0.5) * width
            apart = (centre - turn * DIRECTION_UNIT + np.pi) % (2 * np.pi) - np.pi
            low, high = apart - width / 2, apart + width / 2
            table[turn, section] = (erf(high / (p.SIGMA_D * 2**0.5)) - erf(low / (p.SIGMA_D * 2**0.5))) / 2
    return table


CELLS = _cells()
DIRECTION_SHARE = _direction_share()
COSINE = np.cos(np.arange(TURNS) * DIRECTION_UNIT)
SINE = np.sin(np.arange(TURNS) * DIRECTION_UNIT)


def prepare(template: FingerTemplate) -> Prepared:
    """The cylinders of a template; minutiae with too few neighbours or too little known ground give none."""
    order = np.lexsort((template.y, template.x, template.direction))
    x, y = template.x[order].astype(np.float64), -template.y[order].astype(np.float64)
    direction = template.direction[order].astype(np.int64)
    bits, mask, valid = _cylinders(x, y, direction, CELLS, DIRECTION_SHARE, COSINE, SINE)
    place = np.stack([x, y, direction], axis=1).astype(np.float32)
    return Prepared(bits[valid], mask[valid], place[valid], order[valid].astype(np.int16))


@njit(cache=True)
def _cylinders(
    x: np.ndarray,
    y: np.ndarray,
    direction: np.ndarray,
    cells: np.ndarray,
    share: np.ndarray,
    cosine: np.ndarray,
    sine: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Bits uint64 [n, 6], mask uint64 [n, 1] and which of the n minutiae gave a valid cylinder."""
    count = x.size
    bits = np.zeros((count, WORDS), np.uint64)
    mask = np.zeros((count, PLANE_WORDS), np.uint64)
    valid = np.zeros(count, np.bool_)
    if count <= p.LEAST_NEIGHBOURS:
        return bits, mask, valid
    hull = hull_of(x, y)
    sums = np.empty((len(cells), p.CYLINDER_SECTIONS))
    for m in range(count):
        c, s = cosine[direction[m]], sine[direction[m]]
        neighbours = _gather(sums, x, y, direction, m, c, s, cells, share)
        known = 0
        for cell in range(len(cells)):
            u, v = cells[cell, 0], cells[cell, 1]
            if not near_hull(x[m] + u * c - v * s, y[m] + u * s + v * c, hull, p.HULL_OFFSET):
                continue
            known += 1
            bit = np.uint64(1) << np.uint64(cell)
            mask[m, 0] |= bit
            for section in range(p.CYLINDER_SECTIONS):
                if sums[cell, section] >= p.MU_PSI:
                    bits[m, section] |= bit
        valid[m] = neighbours >= p.LEAST_NEIGHBOURS and known >= p.LEAST_VALID_CELLS * len(cells)
    return bits, mask, valid


@njit(cache=True)
def _gather(
    sums: np.ndarray,
    x: np.ndarray,
    y: np.ndarray,
    direction: np.ndarray,
    m: int,
    c: float,
    s: float,
    cells: np.ndarray,
    share: np.ndarray,
) -> int:
    """Write to `sums` [cells, sections] what m's neighbours give to its cells (paper, equation 5); how many they are.

    c, s: the cosine and sine of m's direction, which the cylinder's first axis lies along.
    """
    sums[:] = 0.0
    neighbours = 0
    spread = 2 * p.SIGMA_S * p.SIGMA_S
    peak = 1.0 / (p.SIGMA_S * np.sqrt(2 * np.pi))
    for t in range(x.size):
        dx, dy = x[t] - x[m], y[t] - y[m]
        if t == m or dx * dx + dy * dy > REACH * REACH:
            continue
        neighbours += 1
        u, v = dx * c + dy * s, dy * c - dx * s
        turn = (direction[m] - direction[t]) % TURNS
        for cell in range(len(cells)):
            square = (u - cells[cell, 0]) ** 2 + (v - cells[cell, 1]) ** 2
            if square <= 4.5 * spread:
                weight = peak * np.exp(-square / spread)
                for section in range(p.CYLINDER_SECTIONS):
                    sums[cell, section] += weight * share[turn, section]
    return neighbours
