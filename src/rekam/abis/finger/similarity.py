"""Local similarity: which minutiae of two prints have alike neighbourhoods (Cappelli et al. 2010, section 3.1)."""

import numpy as np
from numba import njit

from rekam.abis.finger import comparison_parameters as p
from rekam.abis.finger.cylinders import CELLS, TURNS, WORDS
from rekam.abis.popcount import popcount

LEVELS = 256  # similarities are ranked by this many steps
LANES = 8  # cylinders that a wide processor compares at a time
LEAST_COMMON = int(np.ceil(p.LEAST_MATCHABLE_CELLS * len(CELLS)))


@njit(cache=True)
def lay_round(place: np.ndarray, ring: np.ndarray) -> None:
    """Write to `ring` float32 [3, >= 3 n + LANES] a print three times round: x, y and direction growing on by 256 a
    round, and then nothing that is near anything.

    Minutiae are in order of direction, so those within a window of directions lie side by side in it.
    """
    count = len(place)
    for lap in range(3):
        for i in range(count):
            at = lap * count + i
            ring[0, at], ring[1, at], ring[2, at] = place[i, 0], place[i, 1], place[i, 2] + np.float32(lap * TURNS)
    for at in range(3 * count, 3 * count + LANES):
        ring[0, at], ring[1, at], ring[2, at] = np.inf, np.inf, np.inf


@njit(cache=True)
def count_below(place: np.ndarray, below: np.ndarray) -> None:
    """Write to `below` int64 [TURNS + 1] how many minutiae have a lower direction than each."""
    below[:] = 0
    for i in range(len(place)):
        below[np.uint64(place[i, 2]) + np.uint64(1)] += 1
    for direction in range(TURNS):
        below[direction + 1] += below[direction]


@njit(cache=True)
def ring_place(below: np.ndarray, direction: int) -> int:
    """How many of the ring have a lower direction, 0 to 3 * TURNS: looked up, since a search guesses wrong."""
    return (direction // TURNS) * below[TURNS] + below[direction & (TURNS - 1)]


@njit(cache=True)
def once_round(at: int, count: int) -> int:
    """The minutia at a place of the ring; a division would cost more than the comparison of two cylinders."""
    return at - count * ((at >= count) + (at >= 2 * count))


@njit(cache=True)
def lay_words(bits: np.ndarray, mask: np.ndarray, words: np.ndarray) -> None:
    """Write to `words` uint64 [7, >= 3 n + LANES] cylinders three times round and then empty ones: the sections' words
    and the mask, each contiguous for the processor to take several cylinders at a time.
    """
    count = len(bits)
    for word in range(WORDS + 1):
        for i in range(count):
            value = bits[i, word] if word < WORDS else mask[i, 0]
            words[word, i] = words[word, count + i] = words[word, 2 * count + i] = value
        for at in range(3 * count, 3 * count + LANES):
            words[word, at] = 0


@njit(cache=True)
def whole_lanes(count: int) -> int:
    """The next multiple of LANES: a last, partly filled step of the processor would go one by one."""
    return (count + LANES - 1) // LANES * LANES


@njit(cache=True, error_model="numpy")
def similarities(
    bits: np.ndarray,
    mask: np.ndarray,
    i: int,
    words: np.ndarray,
    low: int,
    value: np.ndarray,
    level: np.ndarray,
    begin: int,
    count: int,
) -> None:
    """Write to `value` float32 [begin : begin + count] how alike cylinder i and each of words[:, low : low + count]
    are, 0-1; 0 where they share too little known ground; and to `level` int32 the rank of that, 0 for 1 and LEVELS for
    0.

    It compiles to vector instructions, six times as fast, because it has no branches, takes the row into a tuple, and
    its unsigned indices cannot count from the end. It takes no slices, whose counting of owners costs as much.
    """
    row = (bits[i, 0], bits[i, 1], bits[i, 2], bits[i, 3], bits[i, 4], bits[i, 5])
    known, first, to = mask[i, 0], np.uint64(low), np.uint64(begin)
    for k in range(np.uint64(count)):
        both = known & words[np.uint64(WORDS), first + k]
        size_a, size_b, apart = 0, 0, 0
        for word in range(np.uint64(WORDS)):
            a, b = row[word] & both, words[word, first + k] & both
            size_a += popcount(a)
            size_b += popcount(b)
            apart += popcount(a ^ b)
        sizes = np.sqrt(np.float32(size_a)) + np.sqrt(np.float32(size_b))
        alike = np.float32(1.0) - np.sqrt(np.float32(apart)) / sizes
        alike = alike if popcount(both) >= LEAST_COMMON and sizes > 0 else np.float32(0.0)
        value[to + k] = alike
        level[to + k] = LEVELS - np.int32(alike * np.float32(LEVELS))
