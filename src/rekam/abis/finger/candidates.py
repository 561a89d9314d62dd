"""The candidate pairs: the likeliest pairs of minutiae of two prints, no minutia in two of them."""

from typing import NamedTuple

import numpy as np
from numba import njit

from rekam.abis.finger import comparison_parameters as p
from rekam.abis.finger.cylinders import TURNS
from rekam.abis.finger.similarity import LANES, LEVELS, once_round, ring_place, similarities, whole_lanes


class PairingRoom(NamedTuple):
    """What `candidates` writes to, made once for many comparisons.

    Its result: pairs int64 [CANDIDATES, 2] and their similarity, alike float32 [CANDIDATES]. In between, of each entry,
    a pair within the window of turns: value and level, see `similarities`; few and order, entry numbers; of each row
    where its entries begin, and where in the ring; row_of, of each LANES entries; counts, of each level; taken_a and
    taken_b, of each minutia.
    """

    pairs: np.ndarray
    alike: np.ndarray
    value: np.ndarray
    level: np.ndarray
    few: np.ndarray
    order: np.ndarray
    begin: np.ndarray
    ring_begin: np.ndarray
    row_of: np.ndarray
    counts: np.ndarray
    taken_a: np.ndarray
    taken_b: np.ndarray


@njit(cache=True)
def pairing_room(most_a: int, most_b: int) -> PairingRoom:
    """Room for prints of so many minutiae."""
    entries = most_a * (most_b + LANES)
    return PairingRoom(
        np.empty((p.CANDIDATES, 2), np.int64),
        np.empty(p.CANDIDATES, np.float32),
        np.empty(entries, np.float32),
        np.empty(entries + LANES, np.int32),
        np.empty(entries + 1, np.int32),
        np.empty(entries, np.int32),
        np.empty(most_a, np.int64),
        np.empty(most_a, np.int64),
        np.empty(entries // LANES + 1, np.int32),
        np.empty(LEVELS + 1, np.int32),
        np.empty(most_a, np.bool_),
        np.empty(most_b, np.bool_),
    )


@njit(cache=True)
def candidates(
    bits: np.ndarray,
    mask: np.ndarray,
    place: np.ndarray,
    words: np.ndarray,
    below: np.ndarray,
    room: PairingRoom,
) -> int:
    """How many likeliest pairs there are, which are written to the room, likeliest first. words and below: of the other
    print, see `similarity`.
    """
    value, level, row_of = room.value, room.level, room.row_of
    begin, ring_begin, found = room.begin, room.ring_begin, 0
    for i in range(len(place)):
        direction = int(place[i, 2]) + TURNS
        low, high = ring_place(below, direction - p.TURN_LIMIT), ring_place(below, direction + p.TURN_LIMIT + 1)
        begin[i], ring_begin[i] = found, low
        end, reached = found + high - low, found + whole_lanes(high - low)
        similarities(bits, mask, i, words, low, value, level, found, reached - found)
        for entry in range(end, end + LANES):
            level[entry] = LEVELS
        for step in range(found // LANES, reached // LANES):
            row_of[step] = i
        found = reached
    kept = likeliest(level, found, p.LIKELIEST, room.counts, room.few, room.order)
    return one_to_one(kept, len(place), below[TURNS], room)


@njit(cache=True)
def likeliest(level: np.ndarray, size: int, most: int, counts: np.ndarray, few: np.ndarray, order: np.ndarray) -> int:
    """Write to `order` the entries of the lowest levels in order of level, about `most` of them, of level[:size]: those
    of a level come or stay together, and those of level LEVELS stay. How many they are.
    """
    counts[:] = 0
    for entry in range(size):
        counts[level[entry]] += 1
    kept, last = 0, 0
    while last < LEVELS and kept < most:
        counts[last], kept = kept, kept + counts[last]
        last += 1
    found = 0
    for entry in range(size):  # without a branch, which would be guessed wrong for every entry kept
        few[found] = entry
        found += level[entry] < last
    for k in range(kept):
        place = counts[level[few[k]]]
        order[place] = few[k]
        counts[level[few[k]]] = place + 1
    return kept


@njit(cache=True)
def one_to_one(kept: int, rows: int, columns: int, room: PairingRoom) -> int:
    """Write at most CANDIDATES pairs of the room's order[:kept], passing over those with a minutia that is taken."""
    taken_a, taken_b, pairs, alike, order = room.taken_a, room.taken_b, room.pairs, room.alike, room.order
    row_of, begin, ring_begin, value = room.row_of, room.begin, room.ring_begin, room.value
    taken_a[:rows] = False
    taken_b[:columns] = False
    most, count = min(p.CANDIDATES, rows, columns), 0
    for k in range(kept):
        if count == most:
            break
        entry = order[k]
        i = row_of[entry // LANES]
        j = once_round(ring_begin[i] + entry - begin[i], columns)
        if not taken_a[i] and not taken_b[j]:
            taken_a[i] = taken_b[j] = True
            pairs[count, 0], pairs[count, 1], alike[count] = i, j, value[entry]
            count += 1
    return count
