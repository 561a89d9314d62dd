"""Rows of a shortlist by column, those of a full chunk packed: `ROW`, `Chunk`.

Masks and sketches are a third smaller in Zstandard's fastest level (RFC 8878), and are unpacked at 1.2 GB a second a
core whenever they are looked at; codes are as good as random and stay as they are. Nothing is lost (ADR 0040).
"""

import math
import mmap
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
import zstandard
from numpy.typing import NDArray

from rekam.abis.finger.sketch import KEPT, SKETCH_WORDS
from rekam.abis.slots import FINGER_SLOTS, IRIS_SLOTS

__all__ = ["ROW", "Chunk", "Columns"]

_CODE_WORDS: Final = 32
ROW: Final = np.dtype(
    [
        ("present", "u1", (len(IRIS_SLOTS),)),
        ("codes", "<u8", (len(IRIS_SLOTS), _CODE_WORDS)),
        ("masks", "<u8", (len(IRIS_SLOTS), _CODE_WORDS)),
        ("fingers", "<u8", (len(FINGER_SLOTS), KEPT, SKETCH_WORDS)),
    ]
)
"""One person as a shortlist holds them; irises that are not `present` and fingers that there are not are zeros."""

_ROWS: Final = 2048
"""Compared together; a thread that searches has three megabytes of them unpacked."""
_IRISES: Final = (len(IRIS_SLOTS), _ROWS, _CODE_WORDS)
_FINGERS: Final = (len(FINGER_SLOTS), _ROWS, KEPT, SKETCH_WORDS)
_LEVEL: Final = 1


@dataclass(frozen=True, slots=True)
class Columns:
    """Of as many rows as there is room for: `present` bool [2, n], `codes` and `masks` uint64 [2, n, 32], `fingers`
    uint64 [10, n, KEPT, SKETCH_WORDS]; each slot's part contiguous.
    """

    present: NDArray[np.bool_]
    codes: NDArray[np.uint64]
    masks: NDArray[np.uint64]
    fingers: NDArray[np.uint64]

    @classmethod
    def empty(cls) -> Self:
        return cls(np.zeros((len(IRIS_SLOTS), _ROWS), np.bool_), _room(*_IRISES), _room(*_IRISES), _room(*_FINGERS))


@dataclass(frozen=True, slots=True)
class _Packed:
    """Columns that will not change any more."""

    present: NDArray[np.bool_]
    codes: NDArray[np.uint64]
    masks: mmap.mmap
    fingers: mmap.mmap

    @classmethod
    def of(cls, columns: Columns) -> Self:
        packer = zstandard.ZstdCompressor(level=_LEVEL)
        masks, fingers = (_kept(packer.compress(column.data)) for column in (columns.masks, columns.fingers))
        return cls(columns.present, columns.codes, masks, fingers)

    def columns(self) -> Columns:
        masks, fingers = _unpacked(self.masks, _IRISES), _unpacked(self.fingers, _FINGERS)
        return Columns(self.present, self.codes, masks, fingers)


class Chunk:
    """Up to _ROWS rows. One thread adds; others may look at them meanwhile."""

    def __init__(self) -> None:
        self.count = 0
        self._held: Columns | _Packed = Columns.empty()

    @property
    def room(self) -> int:
        return _ROWS - self.count

    def add(self, rows: NDArray[Any]) -> None:
        """At most `room` rows of type ROW, which are packed once there is no room left."""
        columns, here = self.columns(), slice(self.count, self.count + len(rows))
        columns.present[:, here] = rows["present"].T
        for column, name in ((columns.codes, "codes"), (columns.masks, "masks"), (columns.fingers, "fingers")):
            column[:, here] = np.swapaxes(rows[name], 0, 1)
        self.count += len(rows)
        if not self.room:
            self._held = _Packed.of(columns)

    def columns(self) -> Columns:
        """All of them; those beyond `count` say nothing."""
        held = self._held
        return held.columns() if isinstance(held, _Packed) else held


def _pages(size: int) -> mmap.mmap:
    """Zeros in pages of their own, which the system has back at once: malloc would keep forty megabytes of holes."""
    return mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)


def _room(*shape: int) -> NDArray[np.uint64]:
    return np.frombuffer(_pages(8 * math.prod(shape)), np.uint64).reshape(shape)


def _kept(frame: bytes) -> mmap.mmap:
    pages = _pages(len(frame))
    pages[:] = frame
    return pages


def _unpacked(frame: mmap.mmap, shape: tuple[int, ...]) -> NDArray[np.uint64]:
    out = _room(*shape)
    with zstandard.ZstdDecompressor().stream_reader(memoryview(frame)) as reader:
        reader.readinto(out.reshape(-1).view(np.uint8).data)
    return out
