"""A gallery laid out for searching: one column a slot, each contiguous in memory, one row a template set.

An iris takes 512 bytes a row; a finger's rows of cylinders (68 bytes each) lie end to end.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rekam.abis.finger.cylinders import PLANE_WORDS, WORDS, prepare
from rekam.abis.finger.template import FingerTemplate
from rekam.abis.growing import Growing
from rekam.abis.iris.template import IrisTemplate
from rekam.abis.kinds import Kinds, joined
from rekam.abis.slots import FINGER_SLOTS, IRIS_SLOTS
from rekam.abis.template_set import TemplateSet

CODE_WORDS = 32


@dataclass(frozen=True, slots=True)
class IrisColumn:
    """One eye of every row: codes and masks uint64 [n, 32], quality uint8 [n], zero where not `present` bool [n]."""

    codes: NDArray[np.uint64]
    masks: NDArray[np.uint64]
    quality: NDArray[np.uint8]
    present: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class FingerColumn:
    """One finger of every row: row i has the cylinders starts[i]:starts[i + 1], none where `present` [n] is False.

    bits uint64 [cylinders, 6], mask uint64 [cylinders, 1], place float32 [cylinders, 3], starts int64 [n + 1],
    quality uint8 [n].
    """

    bits: NDArray[np.uint64]
    mask: NDArray[np.uint64]
    place: NDArray[np.float32]
    starts: NDArray[np.int64]
    quality: NDArray[np.uint8]
    present: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Columns:
    """A snapshot of n rows: ids uint8 [n, 16], live bool [n] (False: tombstoned), and a column for each slot.

    `kinds`: which extractors its templates come from.
    """

    ids: NDArray[np.uint8]
    live: NDArray[np.bool_]
    irises: Mapping[str, IrisColumn]
    fingers: Mapping[str, FingerColumn]
    kinds: Kinds

    def __len__(self) -> int:
        return len(self.ids)


class _IrisRows:
    def __init__(self) -> None:
        self._codes = Growing((CODE_WORDS,), np.uint64)
        self._masks = Growing((CODE_WORDS,), np.uint64)
        self._quality = Growing((), np.uint8)
        self._present = Growing((), np.bool_)

    def add(self, template: IrisTemplate | None) -> None:
        nothing = np.zeros((1, CODE_WORDS), np.uint64)
        self._codes.extend(nothing if template is None else template.code.view(np.uint64)[None])
        self._masks.extend(nothing if template is None else template.mask.view(np.uint64)[None])
        self._quality.extend(np.array([0 if template is None else template.quality], np.uint8))
        self._present.extend(np.array([template is not None]))

    def column(self) -> IrisColumn:
        return IrisColumn(self._codes.rows(), self._masks.rows(), self._quality.rows(), self._present.rows())


class _FingerRows:
    def __init__(self) -> None:
        self._bits = Growing((WORDS,), np.uint64)
        self._mask = Growing((PLANE_WORDS,), np.uint64)
        self._place = Growing((3,), np.float32)
        self._starts = Growing((), np.int64)
        self._quality = Growing((), np.uint8)
        self._present = Growing((), np.bool_)
        self._starts.extend(np.zeros(1, np.int64))

    def add(self, template: FingerTemplate | None) -> None:
        if template is not None:
            prepared = prepare(template)
            self._bits.extend(prepared.bits)
            self._mask.extend(prepared.mask)
            self._place.extend(prepared.place)
        self._starts.extend(np.array([len(self._place)]))
        self._quality.extend(np.array([0 if template is None else template.quality], np.uint8))
        self._present.extend(np.array([template is not None]))

    def column(self) -> FingerColumn:
        arrays = (self._bits, self._mask, self._place, self._starts, self._quality, self._present)
        return FingerColumn(*(array.rows() for array in arrays))


class ColumnStore:
    """The growing columns behind a gallery. Not locked: the gallery that owns it is."""

    def __init__(self) -> None:
        self._ids = Growing((16,), np.uint8)
        self._live = np.zeros(0, np.bool_)
        self._irises = {slot: _IrisRows() for slot in IRIS_SLOTS}
        self._fingers = {slot: _FingerRows() for slot in FINGER_SLOTS}
        self._row_of: dict[bytes, int] = {}
        self.kinds: Kinds = {}

    def add(self, id_: bytes, templates: TemplateSet) -> None:
        """A new row for an id that has no live one. Raises `TemplatesOfDifferentExtractors`, and nothing was added."""
        self.kinds = joined(self.kinds, templates)
        self._row_of[id_] = len(self._ids)
        self._ids.extend(np.frombuffer(id_, np.uint8)[None])
        for slot, irises in self._irises.items():
            irises.add(templates.iris(slot))
        for slot, fingers in self._fingers.items():
            fingers.add(templates.finger(slot))

    def remove(self, id_: bytes) -> None:
        """Takes the id's row out of every later snapshot."""
        live = self._live_rows().copy()
        live[self._row_of.pop(id_)] = False
        self._live = live

    def snapshot(self) -> Columns:
        """The columns as they are now; later changes do not move them."""
        return Columns(
            ids=self._ids.rows(),
            live=self._live_rows(),
            irises={slot: rows.column() for slot, rows in self._irises.items()},
            fingers={slot: rows.column() for slot, rows in self._fingers.items()},
            kinds=self.kinds,
        )

    def _live_rows(self) -> NDArray[np.bool_]:
        if len(self._live) < len(self._ids):
            added = np.ones(len(self._ids) - len(self._live), np.bool_)
            self._live = np.concatenate([self._live, added])
        return self._live
