"""An iris at all the tilts of the head: each plane of its code and mask rotated by whole columns.

Two irises are brought together half-way, each turned by half the tilt, so that swapping them changes nothing. A probe
is therefore kept at half its turns, and a little further, for each sector of it may still give way.
"""

from dataclasses import dataclass
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from rekam.abis.iris import code_parameters as p
from rekam.abis.iris.bit_vectors import WORDS, turn_row
from rekam.abis.iris.template import IrisTemplate

DEGREES_PER_COLUMN = 360 / p.CODE_COLUMNS


@dataclass(frozen=True, slots=True, eq=False)
class TurnedProbe:
    """A probe at its half turns, -h to h columns: `codes` and `masks` uint64 [2 h + 1, WORDS].

    `turns` float64 [R]: the whole turns in degrees that a comparison tries, evenly around 0, a column apart.
    """

    codes: NDArray[np.uint64]
    masks: NDArray[np.uint64]
    turns: NDArray[np.float64]

    @property
    def reach(self) -> int:
        """The widest turn in columns."""
        return len(self.turns) // 2


def turned(template: IrisTemplate, widest: float = p.WIDEST_TURN) -> TurnedProbe:
    """A template ready to be compared at every whole-column turn up to `widest` degrees either way."""
    reach = int(widest / DEGREES_PER_COLUMN)
    half = (reach + p.SECTOR_SLACK + 1) // 2
    codes, masks = (_half_turns(packed, half) for packed in (template.code, template.mask))
    return TurnedProbe(codes, masks, np.arange(-reach, reach + 1, dtype=np.float64) * DEGREES_PER_COLUMN)


def _half_turns(packed: NDArray[np.uint8], half: int) -> NDArray[np.uint64]:
    """Bytes as they come from a template, perhaps unaligned and read-only, which would compile another kernel each."""
    out = np.empty((2 * half + 1, WORDS), np.uint64)
    turn_all(packed.copy().view("<u8"), np.empty((2, WORDS), np.uint64), out)
    return out


@numba.njit(cache=True, nogil=True)
def turn_all(words: Any, plain_and_swapped: Any, out: Any) -> None:
    """A row [WORDS] turned by -h to h columns into out [2 h + 1, WORDS]; plain_and_swapped [2, WORDS] is for work."""
    for w in range(WORDS):
        plain_and_swapped[0, w] = words[w]
        plain_and_swapped[1, w] = words[w ^ 1]
    half = len(out) // 2
    for k in range(len(out)):
        columns = (k - half) % 128
        turn_row(plain_and_swapped, columns >> 6, columns & 63, out, k)
