"""Binary fuse filters with fingerprints of 8 or 16 bits: set membership in 9 or 18 bits a key, never a false "no".

T. M. Graf and D. Lemire, "Binary Fuse Filters: Fast and Smaller Than Xor Filters", ACM JEA 27 (2022), algorithms 1-3,
with the 3-wise sizing of section 4.2. A false "yes" has the chance 1/256 or 1/65,536.
"""

import math
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["STORED_AS", "Bits", "Fingerprints", "FuseFilter", "Hashes", "Places", "Shape", "places_of"]

Bits = Literal[8, 16]
Hashes = NDArray[np.uint64]
Fingerprints = NDArray[np.uint8] | NDArray[np.uint16]
STORED_AS: Final[dict[Bits, str]] = {8: "u1", 16: "<u2"}
"""How a file holds fingerprints of so many bits."""

_ARITY: Final = 3
_ATTEMPTS: Final = 100
"""A seed fails with a chance of some percent at worst (section 4.3), so a hundred failures mean a broken input."""
_LONGEST_SEGMENT: Final = 1 << 18
_ONES: Final = np.uint64(0xFFFFFFFF)


@dataclass(frozen=True)
class Shape:
    """How the fingerprints of `keys` keys are laid out, `bits` each: `segments` + 2 segments of `segment_length`, which
    is a power of 2.
    """

    keys: int
    segment_length: int
    segments: int
    bits: Bits = 8

    @classmethod
    def of(cls, keys: int, bits: Bits = 8) -> "Shape":
        """The shape for so many distinct keys: section 4.2, 3-wise."""
        if keys < 2:
            return cls(keys, 4, 1, bits)
        segment_length = min(1 << math.floor(math.log(keys) / math.log(3.33) + 2.25), _LONGEST_SEGMENT)
        factor = max(1.125, 0.875 + 0.25 * math.log(1_000_000) / math.log(keys))
        segments = math.ceil(round(keys * factor) / segment_length) - (_ARITY - 1)
        return cls(keys, segment_length, max(1, segments), bits)

    @property
    def fingerprints(self) -> int:
        """How many there are."""
        return (self.segments + _ARITY - 1) * self.segment_length

    @property
    def size(self) -> int:
        """Of all fingerprints, in bytes."""
        return self.fingerprints * self.bits // 8


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
def _populate(keys: Hashes, seed: np.uint64, length: int, segments: int, fingerprints: Fingerprints) -> bool:
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
def _contained(
    keys: Hashes, seed: np.uint64, length: int, segments: int, fingerprints: Fingerprints
) -> NDArray[np.bool_]:
    """Algorithm 1, for each of `keys`."""
    answers = np.empty(keys.size, np.bool_)
    mask = _mask(fingerprints)
    for index in range(keys.size):
        value = _mixed(keys[index], seed)
        first, second, third = _places(value, length, segments)
        stored = np.uint64(fingerprints[first] ^ fingerprints[second] ^ fingerprints[third])
        answers[index] = stored == _fingerprint(value, mask)
    return answers


@njit(cache=True)
def _asked(
    key: np.uint64, seed: np.uint64, length: int, segments: int, mask: np.uint64
) -> tuple[np.int64, np.int64, np.int64, np.uint64]:
    value = _mixed(key, seed)
    first, second, third = _places(value, length, segments)
    return first, second, third, _fingerprint(value, mask)


@dataclass(frozen=True)
class Places:
    """Where the fingerprints lie that answer for one hash, and what they give together if it is in the set."""

    first: int
    second: int
    third: int
    fingerprint: int


def places_of(value: int, seed: int, shape: Shape) -> Places:
    """Algorithm 1 up to the reading, for who reads the three fingerprints out of a file."""
    mask = np.uint64((1 << shape.bits) - 1)
    asked = _asked(np.uint64(value), np.uint64(seed), shape.segment_length, shape.segments, mask)
    first, second, third, fingerprint = (int(each) for each in asked)
    return Places(first, second, third, fingerprint)


@dataclass(frozen=True)
class FuseFilter:
    """A set of 64-bit hashes, immutable. `fingerprints`: uint8 or uint16 [shape.fingerprints]."""

    shape: Shape
    seed: int
    fingerprints: Fingerprints

    @classmethod
    def build(cls, hashes: Hashes, bits: Bits = 8) -> "FuseFilter":
        """The filter of `hashes`, uint64 [n] in any order, repeats allowed. The same set gives the same bytes."""
        keys = np.unique(hashes)
        shape = Shape.of(keys.size, bits)
        for seed in range(1, _ATTEMPTS + 1):
            fingerprints = np.zeros(shape.fingerprints, np.dtype(STORED_AS[bits]))
            if _populate(keys, np.uint64(seed), shape.segment_length, shape.segments, fingerprints):
                return cls(shape, seed, fingerprints)
        raise ValueError(f"no seed suits these {keys.size} hashes")

    def contains(self, value: int) -> bool:
        """False only if `value` is certainly not in the set."""
        return bool(self.contains_all_of(np.array([value], np.uint64))[0])

    def contains_all_of(self, hashes: Hashes) -> NDArray[np.bool_]:
        """`contains` for each of `hashes`."""
        if self.shape.keys == 0:
            return np.zeros(hashes.size, np.bool_)
        answers: NDArray[np.bool_] = _contained(
            hashes, np.uint64(self.seed), self.shape.segment_length, self.shape.segments, self.fingerprints
        )
        return answers
