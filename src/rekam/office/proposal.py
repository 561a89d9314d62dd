"""What bringing residents in would change, packed while it waits for its official: `Proposal`."""

import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, overload

from rekam.enrolment.biodata import Biodata
from rekam.enrolment.errors import RekamError
from rekam.exchange.corrections import Correction, Note
from rekam.office.corrections import Wanted
from rekam.office.resident_values import Line

__all__ = ["Changes", "Proposal", "Proposed", "Refused", "WantedOf"]

_PIECE: Final = 500
"""As many as are brought in at once, so that each piece is unpacked once."""
_FAST: Final = 1


@dataclass(frozen=True)
class Proposed:
    """One row, by its line in the file, that can be brought in: how the resident stood, None for a new one, and the
    lines that change as (line, before, after).
    """

    row: int
    wanted: Wanted
    before: Correction | None
    lines: tuple[tuple[Line, str, str], ...]


@dataclass(frozen=True)
class Refused:
    """One row that cannot, and why."""

    row: int
    nik: str
    problem: RekamError


class Changes(Sequence[Proposed]):
    """Many of them in order, in memory and nowhere else: unpacked a row takes several kilobytes, packed far less than
    one. Add from one thread, then read from any.
    """

    def __init__(self, given: Iterable[Proposed] = ()) -> None:
        self._packed: list[bytes] = []
        self._last: list[Proposed] = []
        for one in given:
            self.add(one)

    def add(self, one: Proposed) -> None:
        """The next."""
        self._last.append(one)
        if len(self._last) == _PIECE:
            plain = json.dumps([_plain(each) for each in self._last])
            self._packed.append(zlib.compress(plain.encode(), _FAST))
            self._last = []

    def __len__(self) -> int:
        return len(self._packed) * _PIECE + len(self._last)

    def __iter__(self) -> Iterator[Proposed]:
        for piece in range(len(self._packed) + 1):
            yield from self._piece(piece)

    @overload
    def __getitem__(self, at: int) -> Proposed: ...
    @overload
    def __getitem__(self, at: slice) -> list[Proposed]: ...
    def __getitem__(self, at: int | slice) -> Proposed | list[Proposed]:
        if isinstance(at, int):
            number = range(len(self))[at]
            return self._piece(number // _PIECE)[number % _PIECE]
        numbers = range(len(self))[at]
        pieces = {piece: self._piece(piece) for piece in {number // _PIECE for number in numbers}}
        return [pieces[number // _PIECE][number % _PIECE] for number in numbers]

    def _piece(self, number: int) -> list[Proposed]:
        if number == len(self._packed):
            return self._last
        return [_proposed(each) for each in json.loads(zlib.decompress(self._packed[number]))]


class WantedOf(Sequence[Wanted]):
    """What `changes` want, for `Corrections.bring`, which takes them in pieces."""

    def __init__(self, changes: Sequence[Proposed]) -> None:
        self._changes = changes

    def __len__(self) -> int:
        return len(self._changes)

    def __iter__(self) -> Iterator[Wanted]:
        return (one.wanted for one in self._changes)

    @overload
    def __getitem__(self, at: int) -> Wanted: ...
    @overload
    def __getitem__(self, at: slice) -> list[Wanted]: ...
    def __getitem__(self, at: int | slice) -> Wanted | list[Wanted]:
        if isinstance(at, int):
            return self._changes[at].wanted
        return [one.wanted for one in self._changes[at]]


@dataclass(frozen=True)
class Proposal:
    """What would change: `changes`, how many of them are `new` residents whom this office did not know, how many rows
    say what is the `same` as before, and what is refused.
    """

    changes: Sequence[Proposed] = ()
    new: int = 0
    same: int = 0
    refused: tuple[Refused, ...] = ()


def _plain(one: Proposed) -> list[Any]:
    wanted, before = one.wanted, one.before
    stood = [before.version, *_told(before)] if before else None
    return [one.row, wanted.seen, wanted.confirms, *_told(wanted), stood, one.lines]


def _told(one: Wanted | Correction) -> list[Any]:
    return [one.biodata.to_map(), one.note, one.since.isoformat() if one.since else None]


def _proposed(plain: list[Any]) -> Proposed:
    row, seen, confirms, biodata, note, since, stood, lines = plain
    wanted = Wanted(*_read(biodata, note, since), seen, confirms)
    before = Correction(stood[0], *_read(*stood[1:])) if stood else None
    return Proposed(row, wanted, before, tuple((Line(line), old, new) for line, old, new in lines))


def _read(biodata: dict[str, Any], note: str, since: str | None) -> tuple[Biodata, Note, date | None]:
    return Biodata.from_map(biodata), Note(note), date.fromisoformat(since) if since else None
