"""Which bits of two irises agree, which differ and which do not count: what a comparison looked at, for a picture."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rekam.abis.iris import code_parameters as p
from rekam.abis.iris.compare import IrisMatch, compare
from rekam.abis.iris.template import IrisTemplate
from rekam.abis.iris.turned import turned


@dataclass(frozen=True, slots=True, eq=False)
class MatchedBits:
    """`agreeing` and `differing` bool [CODE_PLANES, CODE_COLUMNS] on the second image's strip, planes as in ``code``.

    A bit in neither is masked on one side or the other.
    """

    match: IrisMatch
    agreeing: NDArray[np.bool_]
    differing: NDArray[np.bool_]

    @property
    def masked(self) -> NDArray[np.bool_]:
        """The bits that did not count."""
        return ~(self.agreeing | self.differing)


def matched_bits(a: IrisTemplate, b: IrisTemplate, widest: float = p.WIDEST_TURN) -> MatchedBits:
    """The bits of `compare(a, b, widest)`, the first iris turned to where it matches best."""
    match = compare(a, b, widest)
    probe = turned(a, widest)
    at = int(np.flatnonzero(probe.turns == match.turn)[0])
    both = _planes(probe.masks[at]) & _planes(b.mask)
    differing = (_planes(probe.codes[at]) ^ _planes(b.code)) & both
    return MatchedBits(match, both & ~differing, differing)


def _planes(packed: NDArray[np.uint8] | NDArray[np.uint64]) -> NDArray[np.bool_]:
    bits = np.unpackbits(packed.view(np.uint8), bitorder="little")
    return bits.reshape(p.CODE_PLANES, p.CODE_COLUMNS).astype(np.bool_)
