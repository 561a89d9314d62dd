"""Coefficients out of their Huffman code: runs of zeros, small values, escapes to longer ones (annex B, table 9)."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numba import njit
from numpy.typing import NDArray

LONGEST_CODE = 16
OVERRUN, UNKNOWN = -1, -2
"""What `decode_block` answers where a block holds more than the image has, or a code that stands for nothing."""


_CODES = np.arange(256)
EXTRA_BITS = np.select([np.isin(_CODES, [101, 102, 105]), np.isin(_CODES, [103, 104, 106])], [8, 16])
"""Of each of the 256 meanings: how many bits follow that tell a value or the length of a run of zeros."""
SIGN = np.select([np.isin(_CODES, [101, 103]), np.isin(_CODES, [102, 104])], [1, -1])
RUN = np.isin(_CODES, [105, 106]).astype(np.int64)
VALUE = np.where((_CODES >= 107) & (_CODES <= 254), _CODES - 180, 0)
COUNT = np.select([np.isin(_CODES, [0, 255]), _CODES <= 100, RUN == 1], [-1, _CODES, 0], 1)
"""Coefficients that a meaning stands for, without a run's told length; -1 for the two that mean nothing."""


@dataclass(frozen=True)
class HuffmanTable:
    """For each 16 bits to come: the length of the code they begin with (0: none does), and what it stands for."""

    lengths: NDArray[np.uint8]
    values: NDArray[np.uint8]

    @classmethod
    def of(cls, counts: bytes, values: bytes) -> Self:
        """From the number of codes of each length 1-16 and their values. Raises `ValueError` for an overfull code."""
        lengths, meanings = np.zeros(1 << LONGEST_CODE, np.uint8), np.zeros(1 << LONGEST_CODE, np.uint8)
        start = taken = 0
        for length, count in enumerate(counts, 1):
            span = 1 << (LONGEST_CODE - length)
            for value in values[taken : taken + count]:
                if start + span > 1 << LONGEST_CODE:
                    raise ValueError("a table with more codes than fit")
                lengths[start : start + span], meanings[start : start + span] = length, value
                start += span
            taken += count
        return cls(lengths, meanings)


@njit(cache=True)
def decode_block(
    coded: NDArray[np.uint8],
    lengths: NDArray[np.uint8],
    values: NDArray[np.uint8],
    out: NDArray[np.int32],
    position: int,
) -> int:
    """Decodes `coded` [n] (stuffing removed) into `out` from `position`; returns the next position, or `OVERRUN`,
    `UNKNOWN`. Bits that make no whole code at the end are padding.
    """
    held, bits, taken = 0, 0, 0
    while True:
        while bits < 32 and taken < len(coded):
            held = (held << 8) | int(coded[taken])
            bits += 8
            taken += 1
        # behind the end stand ones, as in the padding
        ahead = held >> (bits - 16) if bits >= 16 else (held << (16 - bits)) | (0xFFFF >> bits)
        code = values[ahead & 0xFFFF]
        needed = int(lengths[ahead & 0xFFFF])
        if needed == 0 or needed + EXTRA_BITS[code] > bits:
            return position if taken == len(coded) and bits <= 32 else UNKNOWN
        bits -= needed + EXTRA_BITS[code]
        told = (held >> bits) & ((1 << EXTRA_BITS[code]) - 1)
        held &= (1 << bits) - 1
        count = COUNT[code] + RUN[code] * told
        value = VALUE[code] + SIGN[code] * told
        if COUNT[code] < 0:
            return UNKNOWN
        if position + count > len(out):
            return OVERRUN
        if value != 0:
            out[position] = value
        position += count
