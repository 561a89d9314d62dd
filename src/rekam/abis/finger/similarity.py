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
def ring_of(place: np.ndarray) -> np.ndarray:
    """A print three times round: float32 [3, 3 n], x, y and direction growing on by 256 a round.

    Minutiae are in order of direction, so those within a window of directions lie side by side in it.
    """
    count = len(place)
    ring = np.empty((3, 3 * count), np.float32)
    for lap in range(3):
        for i in range(count):
            at = lap * count + i
            ring[0, at], ring[1, at], ring[2, at] = place[i, 0], place[i, 1], place[i, 2] + np.float32(lap * TURNS)
    return ring


@njit(cache=True)
def once_round(at: int, count: int) -> int:
    """The minutia at a place of the ring; a division would cost more than the comparison of two cylinders."""
    if at < count:
        return at
    return at - count if at < 2 * count else at - 2 * count


@njit(cache=True)
def words_of(bits: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Cylinders three times round and then empty ones, uint64 [7, 3 n + LANES]: the sections' words and the mask, each
    contiguous for the processor to take several cylinders at a time.
    """
    count = len(bits)
    words = np.zeros((WORDS + 1, 3 * count + LANES), np.uint64)
    for i in range(count):
        for word in range(WORDS):
            words[word, i] = bits[i, word]
        words[WORDS, i] = mask[i, 0]
    for word in range(WORDS + 1):
        words[word, count : 2 * count] = words[word, :count]
        words[word, 2 * count : 3 * count] = words[word, :count]
    return words


@njit(cache=True, error_model="numpy")
def similarities(
    bits: np.ndarray, mask: np.ndarray, i: int, words: np.ndarray, low: int, result: np.ndarray, level: np.ndarray
) -> None:
    """Write to `result` float32 [k] how alike cylinder i and each of words[:, low : low + k] are, 0-1; 0 where they
    share too little known ground; and to `level` int32 [k] the rank of that, 0 for 1 and LEVELS for 0.

    It compiles to vector instructions, six times as fast, because it has no branches, takes the row into a tuple, and
    its unsigned indices cannot count from the end.
    """
    row = (bits[i, 0], bits[i, 1], bits[i, 2], bits[i, 3], bits[i, 4], bits[i, 5])
    known, first = mask[i, 0], np.uint64(low)
    for k in range(np.uint64(result.size)):
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
        result[k] = alike
        level[k] = LEVELS - np.int32(alike * np.float32(LEVELS))


@njit(cache=True)
def candidates(
    bits_a: np.ndarray,
    mask_a: np.ndarray,
    place_a: np.ndarray,
    bits_b: np.ndarray,
    mask_b: np.ndarray,
    ring_b: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """The likeliest pairs, no minutia in two of them, likeliest first: rows int64 [k, 2] and similarity float32 [k]."""
    rows, columns = len(bits_a), len(bits_b)
    words = words_of(bits_b, mask_b)
    room = rows * (columns + LANES)
    value, level = np.empty(room, np.float32), np.empty(room, np.int32)
    window = np.empty((rows + 1, 2), np.int64)  # of each row: where it begins in both, and in the ring
    limit, found, low, high = np.float32(p.TURN_LIMIT), 0, 0, 0
    for i in range(rows):
        direction = place_a[i, 2] + np.float32(TURNS)
        while ring_b[2, low] < direction - limit:
            low += 1
        while high < 3 * columns and ring_b[2, high] <= direction + limit:
            high += 1
        window[i, 0], window[i, 1] = found, low
        end = found + high - low
        reached = found + (high - low + LANES - 1) // LANES * LANES  # a last, partly filled step would go one by one
        similarities(bits_a, mask_a, i, words, low, value[found:reached], level[found:reached])
        level[end:reached] = LEVELS
        found = reached
    window[rows, 0] = found
    order = likeliest(level[:found], p.LIKELIEST)
    return one_to_one(order, window, value, columns)


@njit(cache=True)
def likeliest(level: np.ndarray, most: int) -> np.ndarray:
    """The entries of the lowest levels in order of level, about `most` of them: those of a level come or stay together,
    and those of level LEVELS stay.
    """
    counts = np.zeros(LEVELS + 1, np.int32)
    for entry in range(level.size):
        counts[level[entry]] += 1
    kept, last = 0, 0
    while last < LEVELS and kept < most:
        counts[last], kept = kept, kept + counts[last]
        last += 1
    order = np.empty(kept, np.int32)
    for entry in range(level.size):
        if level[entry] < last:
            order[counts[level[entry]]] = entry
            counts[level[entry]] += 1
    return order


@njit(cache=True)
def one_to_one(order: np.ndarray, window: np.ndarray, value: np.ndarray, columns: int) -> tuple[np.ndarray, np.ndarray]:
    """At most CANDIDATES pairs of the entries in the given order, passing over those with a minutia that is taken."""
    rows = len(window) - 1
    row_of = np.empty(window[rows, 0], np.int32)
    for row in range(rows):
        row_of[window[row, 0] : window[row + 1, 0]] = row
    taken_a, taken_b = np.zeros(rows, np.bool_), np.zeros(columns, np.bool_)
    most = min(p.CANDIDATES, rows, columns)
    chosen, chosen_value, count = np.empty((most, 2), np.int64), np.empty(most, np.float32), 0
    for entry in order:
        if count == most:
            break
        i = row_of[entry]
        j = once_round(window[i, 1] + entry - window[i, 0], columns)
        if not taken_a[i] and not taken_b[j]:
            taken_a[i] = taken_b[j] = True
            chosen[count, 0], chosen[count, 1], chosen_value[count] = i, j, value[entry]
            count += 1
    return chosen[:count], chosen_value[:count]
