"""One person against everybody: every slot of the probe is compared with every row of the gallery that has it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from rekam.abis.errors import TemplateOfWrongKind
from rekam.abis.finger.compare import compare_rows
from rekam.abis.finger.cylinders import prepare
from rekam.abis.finger.template import FingerTemplate
from rekam.abis.fusion import Verdict, bars, fuse_columns, verdict_of
from rekam.abis.gallery_columns import Columns, FingerColumn, IrisColumn
from rekam.abis.gallery_port import GalleryPort
from rekam.abis.iris.compare import turned
from rekam.abis.iris.hamming import distances
from rekam.abis.iris.template import IrisTemplate
from rekam.abis.slots import SLOTS, Modality, modality_of
from rekam.abis.template_set import TemplateSet


@dataclass(frozen=True, slots=True)
class Candidate:
    """One id of a gallery that resembles the probe.

    `llr` as in `Comparison`, `scores` of the slots that both have, `missing` the slots that only one of them has;
    `verdict` takes the gallery's size into account.
    """

    id: bytes
    llr: float
    scores: Mapping[str, float]
    missing: tuple[str, ...]
    verdict: Verdict


def search(probe: TemplateSet, gallery: GalleryPort, *, exclude: Collection[bytes] = ()) -> list[Candidate]:
    """Everybody in the gallery who may be the probe's person: verdict ADJUDICATE or DUPLICATE, likeliest first.

    Exhaustive: no row is left out but tombstoned ones and the ids in `exclude`. Equal ratios are ordered by id.
    """
    table = ScoreTable.of(probe, gallery.columns(), exclude)
    return table.candidates(np.flatnonzero(table.llrs >= bars(len(table)).adjudicate))


def nearest(
    probe: TemplateSet, gallery: GalleryPort, count: int, *, exclude: Collection[bytes] = ()
) -> list[Candidate]:
    """The `count` likeliest candidates, whatever their verdict: for experts and for measuring."""
    table = ScoreTable.of(probe, gallery.columns(), exclude)
    likeliest = np.lexsort((*table.ids.T[::-1], -table.llrs))
    return table.candidates(likeliest[:count])


@dataclass(frozen=True, slots=True)
class ScoreTable:
    """One probe against m rows: ids uint8 [m, 16]; a float64 [m] for each slot of the probe, NaN where a row lacks it;
    for each slot that the probe lacks, whether a row has it, bool [m]; and the fused ratios, float64 [m].
    """

    ids: NDArray[np.uint8]
    scores: Mapping[str, NDArray[np.float64]]
    unasked: Mapping[str, NDArray[np.bool_]]
    llrs: NDArray[np.float64]

    @classmethod
    def of(cls, probe: TemplateSet, columns: Columns, exclude: Collection[bytes] = ()) -> Self:
        """Compares every slot with every row but tombstoned and excluded ones."""
        wanted = columns.live.copy()
        for id_ in exclude:
            wanted &= (columns.ids != np.frombuffer(id_, np.uint8)).any(axis=1)
        scores = {slot: _scores(probe, slot, columns)[wanted] for slot in probe}
        unasked = {slot: _column(columns, slot).present[wanted] for slot in SLOTS if slot not in probe}
        return cls(columns.ids[wanted], scores, unasked, fuse_columns(scores, int(wanted.sum())))

    def __len__(self) -> int:
        return len(self.ids)

    def candidates(self, rows: NDArray[np.int64]) -> list[Candidate]:
        """The given rows as candidates, likeliest first, equal ones by id."""
        made = [self._candidate(int(row)) for row in rows]
        return sorted(made, key=lambda candidate: (-candidate.llr, candidate.id))

    def _candidate(self, row: int) -> Candidate:
        scores = {slot: float(of_slot[row]) for slot, of_slot in self.scores.items() if not np.isnan(of_slot[row])}
        lacked = {slot for slot in self.scores if slot not in scores}
        lacked |= {slot for slot, present in self.unasked.items() if present[row]}
        llr = float(self.llrs[row])
        missing = tuple(slot for slot in SLOTS if slot in lacked)
        return Candidate(self.ids[row].tobytes(), llr, scores, missing, verdict_of(llr, len(self)))


def _column(columns: Columns, slot: str) -> IrisColumn | FingerColumn:
    return columns.irises[slot] if modality_of(slot) is Modality.IRIS else columns.fingers[slot]


def _scores(probe: TemplateSet, slot: str, columns: Columns) -> NDArray[np.float64]:
    """One slot of the probe against every row, float64 [n], NaN where a row lacks it."""
    template = probe[slot]
    column = _column(columns, slot)
    found: NDArray[np.float32] | NDArray[np.float64]
    match template, column:
        case IrisTemplate(), IrisColumn():
            probe_at_turns = turned(template)
            found, _ = distances(probe_at_turns.codes, probe_at_turns.masks, column.codes, column.masks)
        case FingerTemplate(), FingerColumn():
            found = compare_rows(prepare(template), column.bits, column.mask, column.place, column.starts)
        case _:
            raise TemplateOfWrongKind(slot=slot, kind=type(template).__name__)
    return np.where(column.present, found, np.nan)
