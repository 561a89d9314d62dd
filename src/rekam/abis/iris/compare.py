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
from rekam.abis.iris.turned import DEGREES_PER_COLUMN, TurnedProbe, turned

__all__ = ["DEGREES_PER_COLUMN", "IrisMatch", "TurnedProbe", "compare", "stacked", "turned"]


@dataclass(frozen=True, slots=True)
class IrisMatch:
    """`distance`: normalised fractional Hamming distance; about 0.4 for unrelated irises (the least of many
    turns), below 0 where more than TYPICAL_COMMON_BITS bits are compared and nearly all agree.

    `turn`: by how many degrees the first image had to be turned, positive clockwise as seen.
    """

    distance: float
    turn: float


def stacked(templates: Sequence[IrisTemplate]) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Codes and masks of many templates, uint64 [N, WORDS] each, C-contiguous, as `hamming.distances` takes them."""
    codes = np.array([template.code for template in templates], np.uint8).reshape(-1, p.CODE_BITS // 8)
    masks = np.array([template.mask for template in templates], np.uint8).reshape(-1, p.CODE_BITS // 8)
    return codes.view("<u8"), masks.view("<u8")


def compare(a: IrisTemplate, b: IrisTemplate, widest: float = p.WIDEST_TURN) -> IrisMatch:
    """The best match of two irises over turns up to `widest` degrees; swapping them gives the same distance."""
    probe = turned(a, widest)
    distance, turn = distances(probe, *stacked([b]))
    return IrisMatch(float(distance[0]), float(probe.turns[turn[0]]))
