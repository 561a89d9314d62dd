"""A probe at all the tilts of the head: each plane of its code and mask rotated by whole columns."""

from dataclasses import dataclass
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from rekam.abis.iris import code_parameters as p
from rekam.abis.iris.template import IrisTemplate

DEGREES_PER_COLUMN = 360 / p.CODE_COLUMNS
_WORD = 64
_PLANE_WORDS = p.CODE_COLUMNS // _WORD


@dataclass(frozen=True, slots=True)
class TurnedProbe:
    """A probe at all its turns: `codes` and `masks` uint64 [R, WORDS], `turns` degrees [R]."""

    codes: NDArray[np.uint64]
    masks: NDArray[np.uint64]
    turns: NDArray[np.float64]


def turned(template: IrisTemplate, widest: float = p.WIDEST_TURN) -> TurnedProbe:
    """A template at every whole-column turn up to `widest` degrees either way, code and mask alike."""
    reach = int(widest / DEGREES_PER_COLUMN)
    shifts = np.arange(-reach, reach + 1)
    degrees = (shifts * DEGREES_PER_COLUMN).astype(np.float64)
    return TurnedProbe(_turned(template.code, shifts), _turned(template.mask, shifts), degrees)


def _turned(packed: NDArray[np.uint8], shifts: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Bytes as they come from a template, perhaps unaligned and read-only, which would compile another kernel each."""
    rotated: NDArray[np.uint64] = _rotations(packed.copy().view("<u8"), shifts)
    return rotated


@numba.njit(cache=True, nogil=True)
def _rotations(words: Any, shifts: Any) -> Any:
    """Each plane of words uint64 [WORDS] rotated towards higher columns: uint64 [len(shifts), WORDS]."""
    rotated = np.empty((len(shifts), len(words)), np.uint64)
    for k in range(len(shifts)):
        whole, bits = divmod(shifts[k] % p.CODE_COLUMNS, _WORD)
        up, down = np.uint64(bits), np.uint64(_WORD - bits)
        for w in range(len(words)):
            plane, at = divmod(w, _PLANE_WORDS)
            from_here = words[plane * _PLANE_WORDS + (at - whole) % _PLANE_WORDS]
            if bits == 0:  # a shift by a whole word is undefined
                rotated[k, w] = from_here
            else:
                from_before = words[plane * _PLANE_WORDS + (at - whole - 1) % _PLANE_WORDS]
                rotated[k, w] = (from_here << up) | (from_before >> down)
    return rotated
