"""One person against everybody: every slot of the probe is compared with every row of the gallery that has it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rekam.abis.arrangement import Arrangement
from rekam.abis.gallery_port import GalleryPort
from rekam.abis.score_table import ScoreTable
from rekam.abis.template_set import TemplateSet
from rekam.abis.verdict import Verdict, Wanted, bars, verdict_of


@dataclass(frozen=True, slots=True)
class Candidate:
    """One id of a gallery that resembles the probe.

    `llr`, `scores`, `ratios`, `missing` and `arrangement` as in `Comparison`, the probe being the first side;
    `verdict` takes the gallery's size into account.
    """

    id: bytes
    llr: float
    scores: Mapping[str, float]
    ratios: Mapping[str, float]
    missing: tuple[str, ...]
    verdict: Verdict
    arrangement: Arrangement


def search(
    probe: TemplateSet,
    gallery: GalleryPort,
    *,
    exclude: Collection[bytes] = (),
    fpir: Wanted | None = None,
    among: int = 0,
) -> list[Candidate]:
    """Everybody in the gallery who may be the probe's person: verdict ADJUDICATE or DUPLICATE, likeliest first.

    Exhaustive: no row is left out but tombstoned ones and the ids in `exclude`. Equal ratios are ordered by id.
    `among`: how many people were searched where the gallery holds only those of them that a `Shortlist` named.
    Raises `TemplatesOfDifferentExtractors`, `CurveMissing`.
    """
    table = ScoreTable.of(probe, gallery.columns(), exclude)
    people = max(among, len(table))
    return _candidates(table, np.flatnonzero(table.llrs >= bars(people, fpir).adjudicate), people, fpir)


def nearest(
    probe: TemplateSet, gallery: GalleryPort, count: int, *, exclude: Collection[bytes] = ()
) -> list[Candidate]:
    """The `count` likeliest candidates, whatever their verdict: for experts and for measuring."""
    table = ScoreTable.of(probe, gallery.columns(), exclude)
    likeliest = np.lexsort((*table.ids.T[::-1], -table.llrs))
    return _candidates(table, likeliest[:count], len(table), None)


def _candidates(table: ScoreTable, rows: NDArray[np.int64], people: int, fpir: Wanted | None) -> list[Candidate]:
    made = [_candidate(table, int(row), people, fpir) for row in rows]
    return sorted(made, key=lambda candidate: (-candidate.llr, candidate.id))


def _candidate(table: ScoreTable, row: int, people: int, fpir: Wanted | None) -> Candidate:
    told = [slot for slot, column in table.scores.items() if not np.isnan(column[row])]
    llr = float(table.llrs[row])
    return Candidate(
        table.ids[row].tobytes(),
        llr,
        {slot: float(table.scores[slot][row]) for slot in told},
        {slot: float(table.ratios[slot][row]) for slot in told},
        table.missing(row),
        verdict_of(llr, people, fpir),
        table.arrangements.get(row, Arrangement()),
    )
