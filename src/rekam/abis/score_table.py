"""One probe against every row of a gallery: ratios of slots, crosswise where a row gives reason to hope."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from rekam.abis.arrangement import Arrangement, arranged_eyes, arranged_fingers, eyes_swapped
from rekam.abis.curves import curve_of, kind_of
from rekam.abis.errors import TemplateOfWrongKind
from rekam.abis.finger.compare import compare_rows
from rekam.abis.finger.cylinders import Prepared, prepare
from rekam.abis.fusion import Floats, fuse_fingers
from rekam.abis.gallery_columns import Columns, FingerColumn, IrisColumn
from rekam.abis.iris.compare import TurnedProbe, turned
from rekam.abis.iris.hamming import distances
from rekam.abis.iris.template import IrisTemplate
from rekam.abis.kinds import joined
from rekam.abis.slots import FINGER_SLOTS, IRIS_SLOTS, SLOTS, Modality, modality_of
from rekam.abis.template_set import Template, TemplateSet

HOPEFUL = 6.0
"""Ratio of the eyes, of a scout, or of everything as labelled, from which all fingers of a row are compared with all:
a stranger's reaches it with probability exp(-6), so that costs less than one finger comparison a row."""
SCOUTED = (-1, 1, 5)
"""How far from its own slot the probe's best finger is looked for in every row: its neighbours' slots and the other
hand's. So swapped hands and shifted fingers are found without eyes, too, for three finger comparisons a row."""


@dataclass(frozen=True, slots=True)
class ScoreTable:
    """One probe against m rows: ids uint8 [m, 16]; scores and ratios float64 [m] for each slot of the probe, NaN where
    a row lacks it; for each slot that the probe lacks, whether a row has it, bool [m]; the fused ratios, float64 [m];
    and the rows in which something lies in another slot than it is labelled with.
    """

    ids: NDArray[np.uint8]
    scores: Mapping[str, Floats]
    ratios: Mapping[str, Floats]
    unasked: Mapping[str, NDArray[np.bool_]]
    llrs: Floats
    arrangements: Mapping[int, Arrangement]

    @classmethod
    def of(cls, probe: TemplateSet, columns: Columns, exclude: Collection[bytes] = ()) -> Self:
        """Compares every slot with every row but tombstoned and excluded ones.

        Raises `TemplatesOfDifferentExtractors`, `CurveMissing`.
        """
        joined(columns.kinds, probe)
        wanted = columns.live.copy()
        for id_ in exclude:
            wanted &= (columns.ids != np.frombuffer(id_, np.uint8)).any(axis=1)
        rows = np.flatnonzero(wanted)
        pass_ = _Pass(probe, columns, rows)
        scores = {slot: pass_.scores(slot, slot) for slot in probe}
        ratios = {slot: pass_.ratios(slot, slot, scores[slot]) for slot in probe}
        eyes, swapped = pass_.eyes(ratios)
        fingers = fuse_fingers(ratios, len(rows))
        hopeful = (np.maximum(eyes, pass_.scouts()) >= HOPEFUL) | (eyes + fingers >= HOPEFUL)
        arrangements: dict[int, Arrangement] = {}
        for row in np.flatnonzero(hopeful):
            fingers[row], arrangement = arranged_fingers(pass_.crosswise(int(rows[row]), ratios, int(row)))
            if arrangement.kinds:
                arrangements[int(row)] = arrangement
        for row in np.flatnonzero(swapped):
            of_row = dict.fromkeys(slot for slot in IRIS_SLOTS if columns.irises[slot].present[rows[row]])
            arrangements[int(row)] = eyes_swapped(probe, of_row) + arrangements.get(int(row), Arrangement())
        unasked = {slot: _column(columns, slot).present[rows] for slot in SLOTS if slot not in probe}
        return cls(columns.ids[rows], scores, ratios, unasked, eyes + fingers, arrangements)

    def __len__(self) -> int:
        return len(self.ids)

    def missing(self, row: int) -> tuple[str, ...]:
        """The slots that only one of the probe and the row has."""
        lacked = {slot for slot, column in self.scores.items() if np.isnan(column[row])}
        lacked |= {slot for slot, present in self.unasked.items() if present[row]}
        return tuple(slot for slot in SLOTS if slot in lacked)


class _Pass:
    """The probe made ready once, and the rows that it is compared with."""

    def __init__(self, probe: TemplateSet, columns: Columns, rows: NDArray[np.int64]) -> None:
        self._probe, self._columns, self._rows = probe, columns, rows
        self._ready = {slot: _ready(slot, template) for slot, template in probe.items()}

    def scores(self, slot: str, against: str) -> Floats:
        """One slot of the probe with another of every row, float64 [m], NaN where a row lacks it."""
        ready, column = self._ready[slot], _column(self._columns, against)
        found: NDArray[np.float32] | Floats
        if not column.present.any():
            return np.full(len(self._rows), np.nan)
        if isinstance(ready, TurnedProbe) and isinstance(column, IrisColumn):
            found, _ = distances(ready, column.codes, column.masks)
        elif isinstance(ready, Prepared) and isinstance(column, FingerColumn):
            found = compare_rows(ready, column.bits, column.mask, column.place, column.starts)
        else:
            raise TemplateOfWrongKind(slot=slot, kind=type(self._probe[slot]).__name__)
        return np.where(column.present, found, np.nan)[self._rows]

    def ratios(self, slot: str, against: str, scores: Floats) -> Floats:
        """What those scores say."""
        template = self._probe[slot]
        quality = np.minimum(_column(self._columns, against).quality[self._rows], template.quality)
        return curve_of(kind_of(template)).llrs(scores, quality.astype(np.float64))

    def eyes(self, ratios: Mapping[str, Floats]) -> tuple[Floats, NDArray[np.bool_]]:
        """The ratio of both eyes, straight or crossed, and where it is crossed."""
        nothing = np.full(len(self._rows), np.nan)
        straight = np.stack([ratios.get(slot, nothing) for slot in IRIS_SLOTS])
        crossed = np.stack(
            [
                self.ratios(slot, other, self.scores(slot, other)) if slot in self._probe else nothing
                for slot, other in zip(IRIS_SLOTS, IRIS_SLOTS[::-1], strict=True)
            ]
        )
        return arranged_eyes(straight, crossed)

    def scouts(self) -> Floats:
        """The highest ratio of the probe's best finger with the slots where it is looked for, float64 [m]."""
        highest = np.full(len(self._rows), -np.inf)
        fingers = [slot for slot in FINGER_SLOTS if slot in self._probe]
        if not fingers:
            return highest
        best = max(fingers, key=lambda slot: self._probe[slot].quality)
        for step in SCOUTED:
            against = FINGER_SLOTS[(FINGER_SLOTS.index(best) + step) % len(FINGER_SLOTS)]
            highest = np.fmax(highest, self.ratios(best, against, self.scores(best, against)))
        return highest

    def crosswise(self, row: int, ratios: Mapping[str, Floats], at: int) -> Floats:
        """Ratios of every finger of the probe with every finger of one row of the gallery, float64 [10, 10]."""
        table = np.full((len(FINGER_SLOTS), len(FINGER_SLOTS)), np.nan)
        for j, against in enumerate(FINGER_SLOTS):
            column = self._columns.fingers[against]
            if not column.present[row]:
                continue
            low, high = column.starts[row], column.starts[row + 1]
            print_of_row = (column.bits[low:high], column.mask[low:high], column.place[low:high])
            for i, slot in enumerate(FINGER_SLOTS):
                ready = self._ready.get(slot)
                if i == j and slot in ratios:
                    table[i, j] = ratios[slot][at]
                elif isinstance(ready, Prepared):
                    score = compare_rows(ready, *print_of_row, np.array([0, high - low]))
                    quality = min(int(column.quality[row]), self._probe[slot].quality)
                    curve = curve_of(kind_of(self._probe[slot]))
                    table[i, j] = curve.llrs(score, np.array([float(quality)]))[0]
        return table


def _ready(slot: str, template: Template) -> TurnedProbe | Prepared:
    if isinstance(template, IrisTemplate) is not (modality_of(slot) is Modality.IRIS):
        raise TemplateOfWrongKind(slot=slot, kind=type(template).__name__)
    return turned(template) if isinstance(template, IrisTemplate) else prepare(template)


def _column(columns: Columns, slot: str) -> IrisColumn | FingerColumn:
    return columns.irises[slot] if modality_of(slot) is Modality.IRIS else columns.fingers[slot]
