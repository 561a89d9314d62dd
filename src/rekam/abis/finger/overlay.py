"""One print laid over another: the whole comparison, up to the evidence."""

from typing import NamedTuple

import numpy as np
from numba import njit

from rekam.abis.finger import comparison_parameters as p
from rekam.abis.finger.alignment import Plane, rigid, stretched
from rekam.abis.finger.candidates import PairingRoom, candidates, pairing_room
from rekam.abis.finger.consensus import AgreementRoom, agreement_room, relaxed, relaxed_score
from rekam.abis.finger.cylinders import TURNS, WORDS
from rekam.abis.finger.evidence import Ground, ResidualRoom, figures, residual_room
from rekam.abis.finger.meeting import MeetingRoom, meeting, meeting_room
from rekam.abis.finger.similarity import LANES, count_below, lay_round, lay_words


class Rooms(NamedTuple):
    """What a comparison writes to, made once for many: to claim memory takes long beside the work."""

    pairing: PairingRoom
    agreement: AgreementRoom
    meeting: MeetingRoom
    residual: ResidualRoom


class Base(NamedTuple):
    """Room for the print that another one is laid on: ring, below and words, see `similarity`."""

    ring: np.ndarray
    below: np.ndarray
    words: np.ndarray


@njit(cache=True)
def rooms_for(most_a: int, most_b: int) -> Rooms:
    """Rooms to lay prints of up to most_a minutiae on such of up to most_b."""
    return Rooms(pairing_room(most_a, most_b), agreement_room(), meeting_room(most_a, most_b), residual_room(most_a))


@njit(cache=True)
def base_for(most: int) -> Base:
    """Room for prints of up to so many minutiae."""
    places = 3 * most + LANES
    return Base(
        np.empty((3, places), np.float32), np.empty(TURNS + 1, np.int64), np.empty((WORDS + 1, places), np.uint64)
    )


@njit(cache=True)
def lay(base: Base, bits: np.ndarray, mask: np.ndarray, place: np.ndarray) -> None:
    """Make a print the one that others are laid on."""
    lay_round(place, base.ring)
    count_below(place, base.below)
    lay_words(bits, mask, base.words)


@njit(cache=True)
def overlaid(
    bits: np.ndarray,
    mask: np.ndarray,
    place: np.ndarray,
    ground: Ground,
    base: Base,
    base_ground: Ground,
    rooms: Rooms,
) -> tuple[tuple[float, float], int, Plane]:
    """A print laid on the base, a print of no fewer minutiae.

    The evidence, NaN where no two minutiae may be paired; how many pairs meet, rooms.meeting.met; and the map.
    """
    ring, below, agreement, meetings = base.ring, base.below, rooms.agreement, rooms.meeting
    pairs, alike = rooms.pairing.pairs, rooms.pairing.alike
    count = candidates(bits, mask, place, base.words, below, rooms.pairing)
    if count < p.LEAST_PAIRS:
        return (np.nan, np.nan), 0, (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    relaxed(place, ring, pairs, alike, count, agreement)
    plane = rigid(place, ring, pairs, agreement.weight, count)
    met = meeting(place, ring, below, plane, p.ROUGH_REACH, meetings)
    if met >= p.LEAST_PAIRS:
        plane = rigid(place, ring, meetings.met, meetings.ones, met)
        plane = stretched(place, ring, meetings.met, meetings.ones, met, plane)
        met = meeting(place, ring, below, plane, p.FINE_REACH, meetings)
    score = relaxed_score(alike, count, len(place), agreement)
    evidence = figures(
        place, meetings.there, ground, ring, below[TURNS], base_ground, meetings.met, met, plane, score, rooms.residual
    )
    return evidence, met, plane
