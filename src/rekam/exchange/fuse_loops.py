"""The loops over many keys of `rekam.exchange.fuse`, compiled; a place that only asks a filter never loads them.

The paper's algorithms by the same names; `rekam.exchange.fuse` cites it.
"""

from typing import Any, Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["contained", "populate"]

Hashes = NDArray[np.uint64]
Fingerprints = NDArray[Any]

_ONES: Final = np.uint64(0xFFFFFFFF)


@njit(cache=True)
def _mixed(key: np.uint64, seed: np.uint64) -> np.uint64:
    """MurmurHash3's 64-bit finaliser over key + seed, as the paper's implementation uses it."""
    value = key + seed
    value ^= value >> np.uint64(33)
    value *= np.uint64(0xFF51AFD7ED558CCD)
    value ^= value >> np.uint64(33)
    value *= np.uint64(0xC4CEB9FE1A85EC53)
    return value ^ (value >> np.uint64(33))


@njit(cache=True)
def _places(value: np.uint64, length: int, segments: int) -> tuple[np.int64, np.int64, np.int64]:
    """The three places of a mixed hash, one in each of three consecutive segments."""
    # the upper 64 bits of value * range, range below 2^32
    span = np.uint64(segments) * np.uint64(length)
    first = ((value >> np.uint64(32)) * span + (((value & _ONES) * span) >> np.uint64(32))) >> np.uint64(32)
    mask = np.uint64(length - 1)
    second = (first + np.uint64(length)) ^ ((value >> np.uint64(18)) & mask)
    third = (first + np.uint64(2 * length)) ^ (value & mask)
    return np.int64(first), np.int64(second), np.int64(third)


@njit(cache=True)
def _fingerprint(value: np.uint64, mask: np.uint64) -> np.uint64:
    return (value ^ (value >> np.uint64(32))) & mask


@njit(cache=True)
def _mask(fingerprints: Fingerprints) -> np.uint64:
    return np.uint64((1 << (8 * fingerprints.itemsize)) - 1)


@njit(cache=True)
def populate(keys: Hashes, seed: np.uint64, length: int, segments: int, fingerprints: Fingerprints) -> bool:
    """Algorithm 2: peel places that one key alone uses, then assign in reverse. False when the peeling gets stuck."""
    size = fingerprints.size
    uses = np.zeros(size, np.uint32)  # keys at a place, times 4, xor which of their three places it is
    hashes = np.zeros(size, np.uint64)  # xor of the hashes at a place
    for key in keys:
        value = _mixed(key, seed)
        first, second, third = _places(value, length, segments)
        uses[first] += 4
        uses[second] = (uses[second] + 4) ^ 1
        uses[third] = (uses[third] + 4) ^ 2
        hashes[first] ^= value
        hashes[second] ^= value
        hashes[third] ^= value
    alone = np.empty(size, np.int64)
    waiting = 0
    for place in range(size):
        if uses[place] >> 2 == 1:
            alone[waiting] = place
            waiting += 1
    order = np.empty(keys.size, np.uint64)
    which = np.empty(keys.size, np.uint8)
    peeled = 0
    while waiting > 0:
        waiting -= 1
        place = alone[waiting]
        if uses[place] >> 2 != 1:
            continue
        value, found = hashes[place], uses[place] & 3
        order[peeled], which[peeled] = value, found
        peeled += 1
        places = _places(value, length, segments)
        for step in range(1, 3):
            turn = (found + step) % 3
            other = places[turn]
            if uses[other] >> 2 == 2:
                alone[waiting] = other
                waiting += 1
            uses[other] = (uses[other] - 4) ^ turn
            hashes[other] ^= value
    if peeled != keys.size:
        return False
    mask = _mask(fingerprints)
    for index in range(peeled - 1, -1, -1):
        value, found = order[index], which[index]
        places = _places(value, length, segments)
        others = np.uint64(fingerprints[places[(found + 1) % 3]] ^ fingerprints[places[(found + 2) % 3]])
        fingerprints[places[found]] = _fingerprint(value, mask) ^ others
    return True


@njit(cache=True)
def contained(
    keys: Hashes, seed: np.uint64, length: int, segments: int, fingerprints: Fingerprints
) -> NDArray[np.bool_]:
    """Algorithm 1, for each of `keys`, uint64 [n]: bool [n]. `length` and `segments` are those of `fuse.Shape`,
    `fingerprints` uint8 or uint16 [(segments + 2) * length].
    """
    answers = np.empty(keys.size, np.bool_)
    mask = _mask(fingerprints)
    for index in range(keys.size):
        value = _mixed(keys[index], seed)
        first, second, third = _places(value, length, segments)
        stored = np.uint64(fingerprints[first] ^ fingerprints[second] ^ fingerprints[third])
        answers[index] = stored == _fingerprint(value, mask)
    return answers
