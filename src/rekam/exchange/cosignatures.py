"""Where the log takes its witnesses' cosignatures: `CosignatureDesk`, its book, and the log as published with them.

A checkpoint note carries the cosignatures of those who signed this very size (C2SP tlog-checkpoint). Offices come when
their line allows, each at another size, so each one's newest is published beside it: whoever follows the log sees from
a cosignature of a larger size that the witness vouches for every smaller one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from rekam.exchange.errors import CheckpointNotOurs, CosignatureRefused, SenderForbidden
from rekam.exchange.log import LogSource, NoSuchTile
from rekam.trust.certificates import Certificate
from rekam.trust.keys import SignatureInvalid, VerifyKey
from rekam.trust.log.checkpoint import Checkpoint
from rekam.trust.log.merkle import root_of
from rekam.trust.log.note import MOST_SIGNATURES, Note, NoteKey, NoteKind, NoteUnreadable
from rekam.trust.log.tiles import Tile, node_reader

__all__ = [
    "CosignatureBook",
    "CosignatureDesk",
    "Cosigned",
    "Denied",
    "InMemoryCosignatureBook",
    "WitnessedLog",
    "witness_key",
]


@dataclass(frozen=True)
class Cosigned:
    """An office's cosignature: over how many entries, when (seconds since 1970 UTC, as the office vouches); `note` has
    the log's signature and this one; `chain` is the office's certificate.
    """

    office: str
    name: str
    size: int
    at_s: int
    note: Note
    chain: tuple[bytes, ...]


@dataclass(frozen=True)
class Denied:
    """A checkpoint with the log's own signature, in the hands of an office, that the log does not contain."""

    office: str
    name: str
    size: int
    note: Note


class CosignatureBook(Protocol):
    """What the centre keeps of its witnesses, durably. Adapters: `InMemoryCosignatureBook`, `PgCosignatureBook`."""

    def keep(self, cosigned: Cosigned) -> None:
        """In the place of the same office's smaller one; a smaller one, or the same size again, changes nothing."""

    def deny(self, denied: Denied) -> None:
        """For good."""

    def newest(self) -> Sequence[Cosigned]:
        """Each office's, by office."""

    def newest_of(self, office: str) -> Cosigned | None:
        """That office's; None where it never cosigned."""

    def denied(self) -> Sequence[Denied]:
        """All, oldest first."""


def witness_key(office: str, key: VerifyKey) -> NoteKey:
    """Under what name and key an office cosigns."""
    return NoteKey(f"rekam/office/{office}", key, NoteKind.WITNESS)


class CosignatureDesk:
    """`tree` is the centre's own log, `log` the key that it signs with."""

    def __init__(self, book: CosignatureBook, tree: LogSource, log: NoteKey) -> None:
        self._book = book
        self._tree = tree
        self.log = log

    def take(self, note: Note, office: Certificate, chain: Sequence[bytes]) -> Cosigned:
        """Verify and keep. Raises SenderForbidden, CosignatureRefused, CheckpointNotOurs."""
        if office.kind != "office":
            raise SenderForbidden(kind=office.kind, subject=office.subject)
        key = witness_key(office.subject, office.signing)
        try:
            said, at_s = Checkpoint.of(note, self.log), note.verify(key)
        except (SignatureInvalid, NoteUnreadable) as error:
            raise CosignatureRefused(reason=error.code) from error
        cosigned = Cosigned(office.subject, office.name, said.size, at_s or 0, _of(note, self.log, key), tuple(chain))
        try:
            known = root_of(said.size, node_reader(said.size, self._tree.tile))
        except NoSuchTile:
            known = None
        if known != said.root:
            self._book.deny(Denied(office.subject, office.name, said.size, cosigned.note))
            raise CheckpointNotOurs(office=office.subject)
        self._book.keep(cosigned)
        return cosigned

    def newest_of(self, office: Certificate) -> Note | None:
        """The newest that this office handed over, for the office itself: it knows of it, or its store is older than
        its word. Raises SenderForbidden.
        """
        if office.kind != "office":
            raise SenderForbidden(kind=office.kind, subject=office.subject)
        held = self._book.newest_of(office.subject)
        return None if held is None else held.note


class WitnessedLog:
    """`LogSource` whose checkpoint carries the cosignatures of its size."""

    def __init__(self, tree: LogSource, book: CosignatureBook) -> None:
        self._tree = tree
        self._book = book

    def checkpoint(self) -> Note:
        """See `LogSource`."""
        note = self._tree.checkpoint()
        of_size = [each for each in self._book.newest() if each.note.text == note.text]
        others = tuple(each.note.signatures[1] for each in of_size)
        return Note(note.text, (*note.signatures, *others[: MOST_SIGNATURES - len(note.signatures)]))

    def tile(self, tile: Tile) -> bytes:
        """See `LogSource`."""
        return self._tree.tile(tile)


class InMemoryCosignatureBook:
    """`CosignatureBook` in memory, for simulations and tests."""

    def __init__(self) -> None:
        self._newest: dict[str, Cosigned] = {}
        self._denied: dict[tuple[str, int], Denied] = {}

    def keep(self, cosigned: Cosigned) -> None:
        held = self._newest.get(cosigned.office)
        if held is None or held.size < cosigned.size:
            self._newest[cosigned.office] = cosigned

    def deny(self, denied: Denied) -> None:
        self._denied.setdefault((denied.office, denied.size), denied)

    def newest(self) -> list[Cosigned]:
        return [self._newest[office] for office in sorted(self._newest)]

    def newest_of(self, office: str) -> Cosigned | None:
        return self._newest.get(office)

    def denied(self) -> list[Denied]:
        return list(self._denied.values())


def _of(note: Note, log: NoteKey, witness: NoteKey) -> Note:
    """The note with these two signatures alone, the log's first."""
    ids = [(key.name, key.id) for key in (log, witness)]
    by_key = {(each.name, each.key_id): each for each in note.signatures}
    return Note(note.text, tuple(by_key[each] for each in ids))
