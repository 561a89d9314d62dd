"""Whether this server is as new as the office's own signed word: `OwnPast` hears that word again from the centre and
from stations, and gives no number where the word goes further than the server.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

import structlog

from rekam.enrolment.errors import RekamError
from rekam.exchange.extent import Extent
from rekam.exchange.remembered import Remembered, RememberedUnreadable
from rekam.exchange.witness import CosignatureTaker, Cosigner, WitnessStore
from rekam.storage.pool import Pool
from rekam.storage.queries import Queries
from rekam.trust.keys import SignatureInvalid
from rekam.trust.log.checkpoint import Checkpoint
from rekam.trust.log.note import Note, NoteKey, NoteUnreadable

__all__ = ["Found", "OlderThanSaid", "OwnPast", "Teller"]

Teller = Literal["centre", "station"]

_SQL: Final = Queries.load("rekam.office", "own_past.sql")
_LOG: Final = "log"
_log = structlog.get_logger("rekam.office")


class OlderThanSaid(RekamError):
    """This office's server was put back to an older state and does not know which numbers it gave since. Nothing was
    changed or printed; recordings go on being taken in and sent. Ask your technician to stop the server and to run
    rekam office rebuild --put-back; then try again.
    """


@dataclass(frozen=True)
class Found:
    """The proof: who brought the office's own word, what in it goes further, how far, and how far this server goes."""

    teller: Teller
    what: str
    told: int
    own: int
    at: datetime


class OwnPast:
    """Nothing but the office's own signature on something that its database cannot have forgotten is believed here
    (docs/adr/0056); what was found stays, over restarts, until a rebuilding.
    """

    def __init__(
        self, pool: Pool, taker: CosignatureTaker | None, store: WitnessStore, signer: Cosigner, log: NoteKey
    ) -> None:
        self._pool = pool
        self._taker = taker
        self._store = store
        self._signer = signer
        self._log = log
        self._asked = False

    def ask(self) -> None:
        """Ask the centre which cosignature of the public log it took from this office last. Whatever an office signs
        is in its own store before anybody sees it, so one that is not there was signed after this store was copied.

        Raises `RemoteUnreachable` and its kin: nothing is known anew.
        """
        self._asked = True
        note = self._taker.newest() if self._taker is not None else None
        told = self._size(note) if note is not None else 0
        own = self._own()
        if note is not None and told > own:
            self._note("centre", _LOG, told, own, str(note).encode())

    def hear(self, word: bytes) -> None:
        """What this office once told a station (`Remembered`), handed back: whatever it says of this office's books was
        in them before it was signed. Anything else is passed over.
        """
        with suppress(RememberedUnreadable):
            told = Remembered.extent_in(word, self._signer.key.public)
            if further := told.beyond(self.extent()):
                self._note("station", *further, word)

    def extent(self) -> Extent:
        """How far this office's books go at this moment."""
        with self._pool.connection() as tx:
            return Extent(*tx.execute(_SQL.extent).fetchall()[0])

    def vouch(self) -> None:
        """Before this office signs another checkpoint: a larger cosignature would take the place of the proof.

        Raises what `ask` raises, `OlderThanSaid`.
        """
        self.ask()
        self._refuse()

    def require(self) -> None:
        """Before a number is given. Asks where nobody has asked since the start; where the centre is out of reach,
        numbers are given all the same: an office works offline. Raises `OlderThanSaid`.
        """
        if not self._asked:
            with suppress(RekamError):
                self.ask()
        self._refuse()

    def gives(self) -> bool:
        """Whether numbers may be given; see `require`."""
        try:
            self.require()
        except OlderThanSaid:
            return False
        return True

    def found(self) -> Found | None:
        """Why no numbers are given; None when all is well."""
        with self._pool.connection() as tx:
            row = tx.execute(_SQL.found).fetchone()
        return Found(*row) if row else None

    def recall(self) -> None:
        """While this office is rebuilt: what it signed last binds it again. Raises what `ask` raises."""
        note = self._taker.newest() if self._taker is not None else None
        if note is None or self._size(note) <= self._own():
            return
        size, kept = self._size(note), self._store.newest()
        if kept is None or Checkpoint.parse(kept.text).size < size:
            by_log = tuple(
                each for each in note.signatures if (each.name, each.key_id) == (self._log.name, self._log.id)
            )
            self._store.keep(Note(note.text, by_log))
        self._store.keep_cosigned(note)
        self._store.note_delivered(size)

    def _refuse(self) -> None:
        if self.found() is not None:
            raise OlderThanSaid

    def _own(self) -> int:
        cosigned = self._store.cosigned()
        return 0 if cosigned is None else Checkpoint.parse(cosigned.text).size

    def _size(self, note: Note) -> int:
        """Over how many entries this office signed; 0 where it was not this office, with this key, or not the log."""
        try:
            said = Checkpoint.of(note, self._log)
            note.verify(self._signer.note_key)
        except (SignatureInvalid, NoteUnreadable):
            return 0
        return said.size

    def _note(self, teller: Teller, what: str, told: int, own: int, word: bytes) -> None:
        row = {"teller": teller, "what": what, "told": told, "own": own, "word": word}
        with self._pool.connection() as tx:
            tx.execute(_SQL.note, row)
        _log.error("this server is older than its own word", teller=teller, what=what, told=told, own=own)
