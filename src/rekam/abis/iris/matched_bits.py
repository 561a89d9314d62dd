"""Which bits of two irises agree, which differ and which do not count: what a comparison looked at, for a picture."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rekam.abis.iris import code_parameters as p
from rekam.abis.iris.compare import IrisMatch, compare, stacked
from rekam.abis.iris.hamming import sector_turns
from rekam.abis.iris.template import IrisTemplate
from rekam.abis.iris.turned import turned


@dataclass(frozen=True, slots=True, eq=False)
class MatchedBits:
    """`agreeing` and `differing` bool [CODE_PLANES, CODE_COLUMNS], planes as in ``code``; in neither: `masked`.

    Columns are those of the ring half-way between the two: column k is column `first[k]` of the first iris and
    `second[k]` of the second, int64 [CODE_COLUMNS] each, which differ by the tilt and what each sector gave way.
    """

    match: IrisMatch
    agreeing: NDArray[np.bool_]
    differing: NDArray[np.bool_]
    first: NDArray[np.int64]
    second: NDArray[np.int64]

    @property
    def masked(self) -> NDArray[np.bool_]:
        """The bits that did not count because one side does not show them, bool of the shape of `agreeing`."""
        return ~(self.agreeing | self.differing)


def matched_bits(a: IrisTemplate, b: IrisTemplate, widest: float = p.WIDEST_TURN) -> MatchedBits:
    """The bits that `compare(a, b, widest)` counted, each sector where it matched best."""
    match = compare(a, b, widest)
    codes, masks = stacked([b])
    turns = np.repeat(sector_turns(turned(a, widest), codes[0], masks[0]), p.CODE_COLUMNS // p.SECTORS)
    middle = np.arange(p.CODE_COLUMNS)
    down = turns // 2
    first, second = (middle - (turns - down)) % p.CODE_COLUMNS, (middle + down) % p.CODE_COLUMNS
    both = _planes(a.mask)[:, first] & _planes(b.mask)[:, second]
    differing = (_planes(a.code)[:, first] ^ _planes(b.code)[:, second]) & both
    return MatchedBits(match, both & ~differing, differing, first, second)


def _planes(packed: NDArray[np.uint8]) -> NDArray[np.bool_]:
    return np.unpackbits(packed, bitorder="little").reshape(p.CODE_PLANES, p.CODE_COLUMNS).astype(np.bool_)
