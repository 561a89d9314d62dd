"""Comparing irises: the least normalised Hamming distance over the tilts of the head.

A search turns its probe once (`turned`) and streams the gallery's contiguous codes and masks (`stacked`) through
`hamming.distances`; `compare` is the same for one pair.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rekam.abis.iris import code_parameters as p
from rekam.abis.iris.hamming import distances
from rekam.abis.iris.template import IrisTemplate

DEGREES_PER_COLUMN = 360 / p.CODE_COLUMNS


@dataclass(frozen=True, slots=True)
class IrisMatch:
    """`distance`: normalised fractional Hamming distance; about 0.4 for unrelated irises (the least of many
    turns), below 0 where more than TYPICAL_COMMON_BITS bits are compared and nearly all agree.

    `turn`: by how many degrees the first image had to be turned, positive clockwise as seen.
    """

    distance: float
    turn: float


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
    return TurnedProbe(
        _rolled(template.code, shifts), _rolled(template.mask, shifts), (shifts * DEGREES_PER_COLUMN).astype(np.float64)
    )


def stacked(templates: Sequence[IrisTemplate]) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Codes and masks of many templates, uint64 [N, WORDS] each, C-contiguous, as `hamming.distances` takes them."""
    codes = np.array([template.code for template in templates], np.uint8).reshape(-1, p.CODE_BITS // 8)
    masks = np.array([template.mask for template in templates], np.uint8).reshape(-1, p.CODE_BITS // 8)
    return codes.view("<u8"), masks.view("<u8")


def compare(a: IrisTemplate, b: IrisTemplate, widest: float = p.WIDEST_TURN) -> IrisMatch:
    """The best match of two irises over turns up to `widest` degrees; swapping them gives the same distance."""
    probe = turned(a, widest)
    distance, turn = distances(probe.codes, probe.masks, *stacked([b]))
    return IrisMatch(float(distance[0]), float(probe.turns[turn[0]]))


def _rolled(packed: NDArray[np.uint8], shifts: NDArray[np.int64]) -> NDArray[np.uint64]:
    planes = np.unpackbits(packed, bitorder="little").reshape(p.CODE_PLANES, p.CODE_COLUMNS)
    rolled = np.stack([np.roll(planes, shift, axis=1) for shift in shifts])
    return np.packbits(rolled.reshape(len(shifts), -1), axis=1, bitorder="little").view("<u8")
