"""Binary fuse filters with fingerprints of 8 or 16 bits: set membership in 9 or 18 bits a key, never a false "no".

T. M. Graf and D. Lemire, "Binary Fuse Filters: Fast and Smaller Than Xor Filters", ACM JEA 27 (2022), algorithms 1-3,
with the 3-wise sizing of section 4.2. A false "yes" has the chance 1/256 or 1/65,536.
"""

import math
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
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
_WORD: Final = (1 << 64) - 1


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


@dataclass(frozen=True)
class Places:
    """Where the fingerprints lie that answer for one hash, and what they give together if it is in the set."""

    first: int
    second: int
    third: int
    fingerprint: int


def places_of(value: int, seed: int, shape: Shape) -> Places:
    """Algorithm 1 up to the reading, for who reads the three fingerprints out of a file."""
    mixed = _mixed(value, seed)
    first = mixed * (shape.segments * shape.segment_length) >> 64
    mask = shape.segment_length - 1
    second = (first + shape.segment_length) ^ ((mixed >> 18) & mask)
    third = (first + 2 * shape.segment_length) ^ (mixed & mask)
    return Places(first, second, third, (mixed ^ (mixed >> 32)) & ((1 << shape.bits) - 1))


def _mixed(key: int, seed: int) -> int:
    """MurmurHash3's 64-bit finaliser over key + seed, as the paper's implementation uses it."""
    value = (key + seed) & _WORD
    value = (value ^ (value >> 33)) * 0xFF51AFD7ED558CCD & _WORD
    value = (value ^ (value >> 33)) * 0xC4CEB9FE1A85EC53 & _WORD
    return value ^ (value >> 33)


@dataclass(frozen=True)
class FuseFilter:
    """A set of 64-bit hashes, immutable. `fingerprints`: uint8 or uint16 [shape.fingerprints]."""

    shape: Shape
    seed: int
    fingerprints: Fingerprints

    @classmethod
    def build(cls, hashes: Hashes, bits: Bits = 8) -> "FuseFilter":
        """The filter of `hashes`, uint64 [n] in any order, repeats allowed. The same set gives the same bytes."""
        from rekam.exchange.fuse_loops import populate

        keys = np.unique(hashes)
        shape = Shape.of(keys.size, bits)
        for seed in range(1, _ATTEMPTS + 1):
            fingerprints = np.zeros(shape.fingerprints, np.dtype(STORED_AS[bits]))
            if populate(keys, np.uint64(seed), shape.segment_length, shape.segments, fingerprints):
                return cls(shape, seed, fingerprints)
        raise ValueError(f"no seed suits these {keys.size} hashes")

    def contains(self, value: int) -> bool:
        """False only if `value` is certainly not in the set."""
        return bool(self.contains_all_of(np.array([value], np.uint64))[0])

    def contains_all_of(self, hashes: Hashes) -> NDArray[np.bool_]:
        """`contains` for each of `hashes`, uint64 [n]: bool [n]."""
        from rekam.exchange.fuse_loops import contained

        if self.shape.keys == 0:
            return np.zeros(hashes.size, np.bool_)
        answers: NDArray[np.bool_] = contained(
            hashes, np.uint64(self.seed), self.shape.segment_length, self.shape.segments, self.fingerprints
        )
        return answers
