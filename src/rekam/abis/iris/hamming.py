"""The comparison kernel: one turned probe against many codes, by population counts over whole rows.

The score is Daugman's masked fractional Hamming distance (2004, eq. 5) normalised for the number of bits that both
sides show (2007, eq. 11): 0.5 - (0.5 - HD) * sqrt(n / n0), so that few bits that agree by chance are not taken for a
match. It is the least over the tilts of the head, and at each tilt every SECTOR of the ring takes the best of the turns
within SECTOR_SLACK columns of it: contours that are a little off, and muscles that pull unevenly, move texture round
the strip by different amounts in different places. (Daugman compares the ring as a whole; Thornton, Savvides, Kumar,
"A Bayesian approach to deformed pattern matching of iris images", PAMI 29(4), 2007, let patches move.)
"""

import math
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from rekam.abis.iris import code_parameters as p
from rekam.abis.iris.bit_vectors import SHOWN_BITS, WORDS, best_agreement, sector_agreements
from rekam.abis.iris.turned import TurnedProbe, turn_all

_ROOTS = np.zeros(p.CODE_BITS + 1, np.float32)
_ROOTS[p.LEAST_COMMON_BITS :] = 1.0 / np.sqrt(np.arange(p.LEAST_COMMON_BITS, p.CODE_BITS + 1))
_HALF_ROOT = 0.5 / math.sqrt(p.TYPICAL_COMMON_BITS)
_SHOWN = (1 << SHOWN_BITS) - 1


def distances(
    probe: TurnedProbe, codes: NDArray[np.uint64], masks: NDArray[np.uint64]
) -> tuple[NDArray[np.float32], NDArray[np.int16]]:
    """The least normalised distance of a probe to each of many codes, uint64 [N, WORDS] C-contiguous like their masks.

    Returns float32 [N] and the index of the best of `probe.turns`, int16 [N]. 0.5 means that agreement is no better
    than chance at its best, -0.25 is the least there is (every bit compared and equal); pairs that share fewer than
    LEAST_COMMON_BITS bits say nothing and get 0.5.
    """
    best = np.empty(len(codes), np.float32)
    at = np.empty(len(codes), np.int16)
    _best(probe.codes, probe.masks, probe.reach, codes, masks, _ROOTS, best, at)
    return distance_of(best), at


def at_turns(
    probe: TurnedProbe, codes: NDArray[np.uint64], masks: NDArray[np.uint64]
) -> tuple[NDArray[np.int16], NDArray[np.int16]]:
    """For every turn, not only the best: agreeing minus differing bits, and bits compared, int16 [N, R] each."""
    net = np.empty((len(codes), len(probe.turns)), np.int16)
    shown = np.empty_like(net)
    _each(probe.codes, probe.masks, probe.reach, codes, masks, net, shown)
    return net, shown


def sector_turns(probe: TurnedProbe, code: NDArray[np.uint64], mask: NDArray[np.uint64]) -> NDArray[np.int64]:
    """By how many columns each sector of the probe is turned in its best match with one code [WORDS]; [SECTORS]."""
    _, best = distances(probe, code[None], mask[None])
    agreements = np.empty((2 * (probe.reach + p.SECTOR_SLACK) + 1, p.SECTORS), np.int32)
    _fill(probe.codes, probe.masks, code, mask, _room(probe.codes), agreements)
    offsets = np.arange(-p.SECTOR_SLACK, p.SECTOR_SLACK + 1)
    near = agreements[best[0] : best[0] + len(offsets)] - (p.SECTOR_LOSS * np.abs(offsets)[:, None] << SHOWN_BITS)
    turns: NDArray[np.int64] = best[0] - probe.reach + offsets[np.argmax(near, axis=0)]
    return turns


def agreement_of(net: NDArray[Any], shown: NDArray[Any]) -> NDArray[np.float32]:
    """Agreement in standard deviations of as many fair coins, float32 of the arguments' shape: net / sqrt(shown), 0
    below LEAST_COMMON_BITS. `net`: bits that agree less those that differ, `shown`: bits that both sides show.
    """
    enough = shown >= p.LEAST_COMMON_BITS
    return np.where(enough, net / np.sqrt(np.maximum(shown, 1)), 0.0).astype(np.float32)


def distance_of(agreement: NDArray[np.float32]) -> NDArray[np.float32]:
    """The normalised distance of each agreement, float32 of the same shape: 0.5 as chance has it, less where alike."""
    return np.float32(0.5) - agreement * np.float32(_HALF_ROOT)


@numba.njit(cache=True, nogil=True)
def _best(
    probe_codes: Any, probe_masks: Any, reach: Any, codes: Any, masks: Any, roots: Any, best: Any, best_at: Any
) -> None:
    room = _room(probe_codes)
    agreements = np.empty((2 * (reach + p.SECTOR_SLACK) + 1, p.SECTORS), np.int32)
    for i in range(len(codes)):
        _fill(probe_codes, probe_masks, codes[i], masks[i], room, agreements)
        top, at = np.float32(-1e9), 0
        for turn in range(2 * reach + 1):
            both = best_agreement(agreements, turn)
            agreement = np.float32(both >> SHOWN_BITS) * roots[both & _SHOWN]
            if agreement > top:
                top, at = agreement, turn
        best[i] = top
        best_at[i] = at


@numba.njit(cache=True, nogil=True)
def _each(probe_codes: Any, probe_masks: Any, reach: Any, codes: Any, masks: Any, net: Any, shown: Any) -> None:
    room = _room(probe_codes)
    agreements = np.empty((2 * (reach + p.SECTOR_SLACK) + 1, p.SECTORS), np.int32)
    for i in range(len(codes)):
        _fill(probe_codes, probe_masks, codes[i], masks[i], room, agreements)
        for turn in range(2 * reach + 1):
            both = best_agreement(agreements, turn)
            net[i, turn] = both >> SHOWN_BITS
            shown[i, turn] = both & _SHOWN


@numba.njit(cache=True, nogil=True)
def _room(probe_codes: Any) -> Any:
    """To work in: one code and one mask at as many half turns as the probe, and two rows more."""
    return np.empty((2 * len(probe_codes) + 2, WORDS), np.uint64)


@numba.njit(cache=True, nogil=True)
def _fill(probe_codes: Any, probe_masks: Any, code: Any, mask: Any, room: Any, agreements: Any) -> None:
    """Agreements [T, SECTORS] at each turn: the probe turned up by half of it, the other one down by the rest."""
    versions = len(probe_codes)
    codes, masks, pair = room[:versions], room[versions : 2 * versions], room[2 * versions :]
    turn_all(code, pair, codes)
    turn_all(mask, pair, masks)
    half, widest = versions // 2, len(agreements) // 2
    for t in range(len(agreements)):
        down = (t - widest) >> 1
        up = t - widest - down
        sector_agreements(probe_codes, probe_masks, half + up, codes, masks, half - down, agreements, t)
