"""A finger in a hundred bytes: enough to say who is worth a full comparison, a hundred times as fast.

Of a print's cylinders (`cylinders`) the few nearest its middle are kept, for those are seen again most often, and of
each one cell in three: neighbouring cells of the lattice say nearly the same. What a sketch says is no score.
"""

from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from rekam.abis.finger import comparison_parameters as p
from rekam.abis.finger.cylinders import TURNS, Prepared
from rekam.abis.popcount import popcount

__all__ = ["KEPT", "SKETCH_WORDS", "LaidSketch", "lay", "likeness", "sketch"]

Words = NDArray[np.uint64]

KEPT: Final = 6
"""Cylinders of a finger. On 100 synthetic people among 1,500 the own one is first with 5 to 8 of each of ten fingers;
with four fingers 6 put 99 in a hundred first, 5 put 96."""
SKETCH_WORDS: Final = 2
UNLIKE: Final = 0.45
"""Shares of differing bits from here on count nothing: a stranger's nearest cylinder differs by some 0.4 (measured
between 0.25 and 0.55, on the same people)."""
_LEAST_KNOWN: Final = 30
"""Of 57 cells: as `LEAST_MATCHABLE_CELLS` asks of a full comparison."""

_LANES: Final = 8
_RINGS: Final = range(-p.CYLINDER_RINGS, p.CYLINDER_RINGS + 1)
_LATTICE: Final = [(q, r) for q in _RINGS for r in _RINGS if abs(q + r) <= p.CYLINDER_RINGS]
_CELLS: Final = [cell for cell, (q, r) in enumerate(_LATTICE) if (q - r) % 3 == 0]
_CELL_BITS: Final = 3 * len(_CELLS)
_ALL_CELLS: Final = np.uint64((1 << _CELL_BITS) - 1)
_DIRECTION_AT: Final = np.uint64(_CELL_BITS)


class LaidSketch:
    """A print made ready to be looked for: all its cylinders, three times round in order of direction.

    ring: uint64 [3, 3 n + 8], the sections' words and the known cells. below: int64 [257], how many have a lower
    direction than each.
    """

    def __init__(self, ring: Words, below: NDArray[np.int64]) -> None:
        self.ring = ring
        self.below = below


def sketch(prepared: Prepared) -> Words:
    """uint64 [KEPT, 2]: three sections a word, the direction in the first word's highest bits; rows of zeros where a
    print has fewer cylinders.
    """
    kept = np.zeros((KEPT, SKETCH_WORDS), np.uint64)
    if len(prepared):
        first, second, known = _thinned(prepared)
        places = prepared.place[:, :2]
        far = ((places - np.median(places, axis=0)) ** 2).sum(axis=1)
        chosen = np.lexsort((far, known != _ALL_CELLS))[:KEPT]
        halved = prepared.place[chosen, 2].astype(np.uint64) >> np.uint64(1)
        kept[: len(chosen), 0] = first[chosen] | halved << _DIRECTION_AT
        kept[: len(chosen), 1] = second[chosen]
    return kept


def lay(prepared: Prepared) -> LaidSketch:
    """The probe's side of `likeness`."""
    first, second, known = _thinned(prepared)
    ring = np.zeros((3, 3 * len(prepared) + _LANES), np.uint64)
    for row, words in enumerate((first & known, second & known, known)):
        ring[row, : 3 * len(prepared)] = np.tile(words, 3)
    return LaidSketch(ring, np.searchsorted(prepared.place[:, 2], np.arange(TURNS + 1)).astype(np.int64))


def likeness(probe: LaidSketch, sketches: Words) -> NDArray[np.float32]:
    """How much of each of `sketches` uint64 [n, KEPT, 2] is found in the probe, float32 [n], 0 where nothing is."""
    found = np.zeros(len(sketches), np.float32)
    if probe.below[TURNS]:
        _likeness(probe.ring, probe.below, sketches, found)
    return found


def _thinned(prepared: Prepared) -> tuple[Words, Words, Words]:
    """Sections 0 to 2 and 3 to 5 a word, and the cells known, the same three times."""
    sections = [_picked(prepared.bits[:, section]) for section in range(p.CYLINDER_SECTIONS)]
    return _joined(sections[:3]), _joined(sections[3:]), _joined([_picked(prepared.mask[:, 0])] * 3)


def _picked(words: Words) -> Words:
    out = np.zeros(len(words), np.uint64)
    for bit, cell in enumerate(_CELLS):
        out |= ((words >> np.uint64(cell)) & np.uint64(1)) << np.uint64(bit)
    return out


def _joined(thirds: list[Words]) -> Words:
    third = np.uint64(len(_CELLS))
    return thirds[0] | thirds[1] << third | thirds[2] << (third + third)


@njit(cache=True, nogil=True, error_model="numpy")
def _likeness(ring: np.ndarray, below: np.ndarray, sketches: np.ndarray, found: np.ndarray) -> None:
    """The inner loop has no branches and unsigned indices, so that it compiles to vector instructions."""
    count = below[TURNS]
    apart_of = np.empty(ring.shape[1], np.float32)
    for row in range(len(sketches)):
        total = np.float32(0)
        for kept in range(sketches.shape[1]):
            head, second = sketches[row, kept, 0], sketches[row, kept, 1]
            if head == 0 and second == 0:
                continue
            direction, first = np.int64(head >> _DIRECTION_AT) * 2 + 1 + TURNS, head & _ALL_CELLS
            low, high = direction - p.TURN_LIMIT, direction + p.TURN_LIMIT + 1
            begin = np.uint64((low // TURNS) * count + below[low & (TURNS - 1)])
            end = np.uint64((high // TURNS) * count + below[high & (TURNS - 1)])
            steps = (end - begin + np.uint64(_LANES - 1)) // np.uint64(_LANES) * np.uint64(_LANES)
            for k in range(steps):
                known, a, b = ring[2, begin + k], ring[0, begin + k], ring[1, begin + k]
                its_first, its_second = first & known, second & known
                sizes = popcount(a) + popcount(b) + popcount(its_first) + popcount(its_second)
                apart = popcount(a ^ its_first) + popcount(b ^ its_second)
                share = np.float32(apart) / np.float32(sizes)
                apart_of[k] = share if popcount(known) >= _LEAST_KNOWN and sizes > 0 else np.float32(1)
            nearest = np.float32(1)
            for k in range(end - begin):
                nearest = min(nearest, apart_of[k])
            total += max(np.float32(0), np.float32(UNLIKE) - nearest)
        found[row] = total
