"""The minutiae of two prints that meet when a map lays one print over the other."""

from math import sqrt
from typing import NamedTuple

import numpy as np
from numba import njit

from rekam.abis.finger import comparison_parameters as p
from rekam.abis.finger.alignment import Plane, moved, turn_of
from rekam.abis.finger.ascending import ascending
from rekam.abis.finger.cylinders import TURNS
from rekam.abis.finger.similarity import LANES, once_round, ring_place, whole_lanes

MEETINGS = 512  # minutiae stand at least a ridge apart, so that these are never reached by a finger


class MeetingRoom(NamedTuple):
    """What `meeting` writes to, made once for many comparisons.

    Its result: met int64 [most, 2], the pairs; there float32 [2, most], a's minutiae under the map. In between, of each
    entry, a pair within the window of turns: square, the squared distance; near, entry numbers; of each row where its
    entries begin, and where in the ring; row_of, of each LANES entries; of each that is near its row, its minutia of b,
    and the cost; their order; taken_a and taken_b, of each minutia. ones float64 [most]: the weights of the pairs.
    """

    met: np.ndarray
    there: np.ndarray
    square: np.ndarray
    near: np.ndarray
    begin: np.ndarray
    ring_begin: np.ndarray
    row_of: np.ndarray
    row: np.ndarray
    column: np.ndarray
    cost: np.ndarray
    order: np.ndarray
    taken_a: np.ndarray
    taken_b: np.ndarray
    ones: np.ndarray


@njit(cache=True)
def meeting_room(most_a: int, most_b: int) -> MeetingRoom:
    """Room for prints of so many minutiae."""
    entries = most_a * (most_b + LANES)
    return MeetingRoom(
        np.empty((most_a, 2), np.int64),
        np.empty((2, most_a), np.float32),
        np.empty(entries + LANES, np.float32),
        np.empty(entries + 1, np.int32),
        np.empty(most_a, np.int64),
        np.empty(most_a, np.int64),
        np.empty(entries // LANES + 1, np.int32),
        np.empty(MEETINGS, np.int32),
        np.empty(MEETINGS, np.int32),
        np.empty(MEETINGS),
        np.empty(MEETINGS, np.int64),
        np.empty(most_a, np.bool_),
        np.empty(most_b, np.bool_),
        np.ones(most_a),
    )


@njit(cache=True)
def meeting(
    place: np.ndarray, ring: np.ndarray, below: np.ndarray, plane: Plane, reach: float, room: MeetingRoom
) -> int:
    """How many minutiae a map brings within `reach` of one of the other print of like direction; the pairs are written
    to the room, nearest first, no minutia in two of them. ring and below: of the other print, see `similarity`.
    """
    there, square, near, row_of = room.there, room.square, room.near, room.row_of
    begin, ring_begin, found = room.begin, room.ring_begin, 0
    for i in range(len(place)):
        there[0, i], there[1, i] = moved(plane, place[i, 0], place[i, 1])
    turn = turn_of(plane)
    shift = turn if place[0, 2] + turn - p.REACH_TURN >= 0 else turn + TURNS
    for i in range(len(place)):
        direction = int(place[i, 2]) + shift
        low, high = ring_place(below, direction - p.REACH_TURN), ring_place(below, direction + p.REACH_TURN + 1)
        begin[i], ring_begin[i] = found, low
        end, reached = found + high - low, found + whole_lanes(high - low)
        squares(there[0, i], there[1, i], ring, low, square, found, reached - found)
        for entry in range(end, end + LANES):
            square[entry] = np.inf
        for step in range(found // LANES, reached // LANES):
            row_of[step] = i
        found = reached
    square_reach, count = np.float32(reach * reach), 0
    for entry in range(found):  # without a branch, which would be guessed wrong for every one that is near
        near[count] = entry
        count += square[entry] < square_reach
    count = min(count, MEETINGS)
    row, column, cost, columns = room.row, room.column, room.cost, below[TURNS]
    for k in range(count):
        i = row_of[near[k] // LANES]
        at = ring_begin[i] + near[k] - begin[i]
        row[k], column[k] = i, once_round(at, columns)
        apart = abs(ring[2, at] - (place[i, 2] + np.float32(shift)))
        cost[k] = sqrt(square[near[k]]) / reach + p.TURN_COST * apart / p.REACH_TURN
    ascending(cost, count, room.order)
    return _nearest_first(count, len(place), columns, room)


@njit(cache=True)
def squares(x: float, y: float, ring: np.ndarray, low: int, square: np.ndarray, begin: int, count: int) -> None:
    """Write to `square` float32 [begin : begin + count] the squared distances of a point from ring[:, low :]."""
    first, to = np.uint64(low), np.uint64(begin)
    for k in range(np.uint64(count)):
        dx, dy = x - ring[0, first + k], y - ring[1, first + k]
        square[to + k] = dx * dx + dy * dy


@njit(cache=True)
def _nearest_first(found: int, rows: int, columns: int, room: MeetingRoom) -> int:
    taken_a, taken_b, met, order = room.taken_a, room.taken_b, room.met, room.order
    row, column, count = room.row, room.column, 0
    taken_a[:rows] = False
    taken_b[:columns] = False
    for k in range(found):
        i, j = row[order[k]], column[order[k]]
        if not taken_a[i] and not taken_b[j]:
            taken_a[i] = taken_b[j] = True
            met[count, 0], met[count, 1] = i, j
            count += 1
    return count
