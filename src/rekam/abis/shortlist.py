"""Who of a hundred thousand is worth a full comparison, in two kilobytes each: `Shortlist`.

Both irises lie here whole, for all of them are compared; of each finger its sketch (`finger.sketch`). It decides
nothing: the full search over the few that it names does, with the templates themselves.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rekam.abis.finger.cylinders import prepare
from rekam.abis.finger.sketch import LaidSketch, lay, likeness, sketch
from rekam.abis.finger.template import FingerTemplate
from rekam.abis.iris.compare import TurnedProbe, stacked, turned
from rekam.abis.iris.hamming import distances
from rekam.abis.iris.template import IrisTemplate
from rekam.abis.shortlist_chunk import ROW, Chunk, Columns
from rekam.abis.slots import FINGER_SLOTS, IRIS_SLOTS
from rekam.abis.spread import Map
from rekam.abis.template_set import TemplateSet

__all__ = ["ROW", "ROW_VERSION", "Shortlist", "row_of"]

ROW_VERSION: Final = 1
"""Raised whenever the same templates give another row."""
_BY_FINGERS: Final = 40
_BY_FEW_FINGERS: Final = 400
"""Of so many people divided by the probe's fingers at least, the likeliest are named: few fingers say less, and the
full comparison of few costs less. On synthetic people ten fingers put the own one first always."""
_BY_ORDER: Final = 10
_BY_IRISES: Final = 20
_ORDERS: Final = (-1, 1, 5)
"""How far from their own slots fingers are looked for besides, as the full search does: neighbours, other hand."""
_SCOUTS: Final = 4
"""The probe's best fingers that are looked for there."""


def row_of(templates: TemplateSet) -> bytes:
    """What a shortlist keeps of one recording; about a fifth of a millisecond a finger."""
    row = np.zeros((), ROW)
    for eye, slot in enumerate(IRIS_SLOTS):
        if (iris := templates.iris(slot)) is not None:
            codes, masks = stacked([iris])
            row["present"][eye], row["codes"][eye], row["masks"][eye] = 1, codes[0], masks[0]
    for finger, slot in enumerate(FINGER_SLOTS):
        if (template := templates.finger(slot)) is not None:
            row["fingers"][finger] = sketch(prepare(template))
    return row.tobytes()


@dataclass(frozen=True)
class _Probe:
    """Made ready once. `fingers` by number from 0, best first; `irises` of either eye."""

    fingers: dict[int, LaidSketch]
    irises: tuple[TurnedProbe, ...]

    @classmethod
    def of(cls, probe: TemplateSet) -> "_Probe":
        quality = {slot: template.quality for slot, template in probe.items() if isinstance(template, FingerTemplate)}
        best_first = sorted(quality, key=lambda slot: (-quality[slot], slot))
        fingers = {FINGER_SLOTS.index(slot): lay(prepare(_finger(probe, slot))) for slot in best_first}
        return cls(fingers, tuple(turned(eye) for eye in probe.values() if isinstance(eye, IrisTemplate)))


class Shortlist:
    """Grows at its end and never shrinks. `each` maps the comparison over chunks: the built-in one, or a pool's, since
    the kernels let other threads run. One thread adds at a time; who asks meanwhile misses the newest at most.
    """

    def __init__(self, each: Map = map) -> None:
        self._each = each
        self._chunks: list[Chunk] = []

    def __len__(self) -> int:
        return sum(chunk.count for chunk in self._chunks)

    def add(self, rows: bytes) -> None:
        """Rows of `row_of`, any number end to end; they get the next numbers. Raises ValueError for other bytes."""
        given = np.frombuffer(rows, ROW)
        while len(given):
            if not self._chunks or not self._chunks[-1].room:
                self._chunks.append(Chunk())
            room = self._chunks[-1].room
            self._chunks[-1].add(given[:room])
            given = given[room:]

    def likeliest(self, probe: TemplateSet) -> list[int]:
        """Row numbers of everybody who may be the probe's person, ascending; some dozens."""
        ready = _Probe.of(probe)
        chunks = [(chunk, chunk.count) for chunk in self._chunks]
        named: set[int] = set()
        tables = list(self._each(lambda each: list(_looks(ready, each[0].columns(), each[1])), chunks))
        by_fingers = max(_BY_FINGERS, _BY_FEW_FINGERS // max(len(ready.fingers), 1))
        for at, count in enumerate((_BY_IRISES, by_fingers, *(_BY_ORDER,) * len(_ORDERS))):
            alike = np.concatenate([table[at] for table in tables]) if tables else np.empty(0, np.float32)
            likeliest = np.argsort(-alike, kind="stable")[:count]
            named.update(int(row) for row in likeliest if alike[row] > 0)
        return sorted(named)


def _looks(probe: _Probe, rows: Columns, count: int) -> Iterator[NDArray[np.float32]]:
    """Likeness of each row, float32 [count], 0 for none: by irises, by fingers as labelled, by fingers elsewhere."""
    yield _iris_likeness(probe, rows, count)
    yield _finger_likeness(probe.fingers, rows, count, 0)
    scouts = dict(list(probe.fingers.items())[:_SCOUTS])
    for order in _ORDERS:
        yield _finger_likeness(scouts, rows, count, order)


def _iris_likeness(probe: _Probe, rows: Columns, count: int) -> NDArray[np.float32]:
    """Of the most alike pair of eyes, straight or crossed."""
    most = np.zeros(count, np.float32)
    for iris in probe.irises:
        for eye in range(len(IRIS_SLOTS)):
            apart, _ = distances(iris, rows.codes[eye, :count], rows.masks[eye, :count])
            np.maximum(most, np.where(rows.present[eye, :count], np.float32(1) - apart, 0), out=most)
    return most


def _finger_likeness(fingers: dict[int, LaidSketch], rows: Columns, count: int, order: int) -> NDArray[np.float32]:
    total = np.zeros(count, np.float32)
    for finger, laid in fingers.items():
        total += likeness(laid, rows.fingers[(finger + order) % len(FINGER_SLOTS), :count])
    return total


def _finger(probe: TemplateSet, slot: str) -> FingerTemplate:
    template = probe.finger(slot)
    assert template is not None  # noqa: S101 - the slot came out of the probe
    return template
