"""Keys of people at stations that two officials stop, whatever the station wants: `KeyStops`.

One official draws the cut in the station's chain, a second one signs; with that the centre is told, in the same
transaction, and the station hears it by line, stick or text (docs/adr/0055). The database asks for two people.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from rekam.enrolment.errors import RekamError
from rekam.enrolment.identifiers import OfficeId
from rekam.exchange.errors import SenderRevoked
from rekam.exchange.fence import draw_fence
from rekam.exchange.key_ended import KEY_ENDED, KeyEnded, every_key_of
from rekam.exchange.key_stop import KeyStop
from rekam.exchange.pg.fences import PgFences
from rekam.exchange.pg.register import Transaction
from rekam.exchange.pg.statements import put_statement
from rekam.exchange.statements import Statement, state
from rekam.office.issuing import Issuing
from rekam.office.legal_time import LegalDates
from rekam.office.station_staff import working
from rekam.storage.pool import Pool
from rekam.storage.queries import Queries
from rekam.trust.keys import SigningKey

__all__ = [
    "CutNotEarlier",
    "KeyStopClosed",
    "KeyStopNeedsReason",
    "KeyStops",
    "NotOnThatStaff",
    "SecondOfficialNeeded",
    "StopKnown",
    "Stopped",
]

_SQL: Final = Queries.load("rekam.office", "key_stops.sql")
_LONGEST_REASON: Final = 200


class NotOnThatStaff(RekamError):
    """Nobody of that number works at station {station} by this office's list. Nothing was changed. Choose the person
    from the list.
    """


class KeyStopNeedsReason(RekamError):
    """Who decides after you, and who asks next year, reads why a key was stopped. Nothing was changed. Write the reason
    in a few words.
    """


class StopKnown(RekamError):
    """The keys of this person are stopped already, or wait for a second official. Nothing was changed. Look at the list
    below.
    """


class CutNotEarlier(RekamError):
    """The recordings of this person count up to number {after} already. Nothing was changed. Give a smaller number; a
    larger one would believe again what was doubted.
    """


class KeyStopClosed(RekamError):
    """This was decided or taken back meanwhile. Nothing was changed. Look at the list again."""


class SecondOfficialNeeded(RekamError):
    """You asked for this yourself, so a second official decides. Nothing was changed. Have a colleague sign in with
    their own name and open this page.
    """


@dataclass(frozen=True)
class Stopped:
    """One of them. `asked_by` drew the cut: after recording `after` with the packet id `head`; `official` signed the
    `word` ("" and empty while nobody did), `closed_by` took it back ("" for nobody). `last`: the last recording at the
    moment when the station closed that name, None while it has not said so.
    """

    number: int
    station: str
    epoch: int
    subject: str
    name: str
    role: str
    after: int
    head: str
    reason: str
    asked_by: str
    asked_at: datetime
    closed_by: str
    official: str
    at: datetime | None
    word: bytes
    last: int | None

    @property
    def open(self) -> bool:
        """Whether it waits for a second official."""
        return not self.official and not self.closed_by


class KeyStops:
    """Every change is one transaction."""

    def __init__(
        self,
        pool: Pool,
        office: OfficeId,
        key: SigningKey,
        issuing: Issuing,
        fences: PgFences,
        dates: LegalDates,
    ) -> None:
        self._pool = pool
        self._office = office
        self._key = key
        self._issuing = issuing
        self._fences = fences
        self._dates = dates

    def people(self) -> dict[str, list[tuple[str, str, str]]]:
        """Who works at each station, as (subject, name, role), those without whose keys are stopped."""
        with self._pool.connection() as tx:
            return {station: list(self._working(tx, station).values()) for station in sorted(self._issuing.stations())}

    def ask(self, station: str, subject: str, official: str, reason: str, after: int | None = None) -> Stopped:
        """One official's word. The cut lies after the last recording that is here, or after `after`, which must be.

        Raises `NotOnThatStaff`, `KeyStopNeedsReason`, `StopKnown`, `FenceUnclear`, and `SenderRevoked` where all keys
        of that installation were withdrawn.
        """
        said = _in_short(reason)
        with self._pool.connection() as tx:
            who = self._working(tx, station).get(subject)
            if who is None:
                raise NotOnThatStaff(station=station)
            ((epoch,),) = tx.execute(_SQL.epoch, {"station": station}).fetchall()
            fence = self._fences.fence_of(station, epoch)
            if fence is not None:
                raise SenderRevoked(station=station, epoch=epoch, first=fence.after + 1)
            number = self._ask(tx, (station, epoch, *who), official, said, after)
        return self.find(number)

    def ask_earlier(self, number: int, official: str, reason: str, after: int) -> Stopped:
        """One official's word that the recordings of who was stopped (`number`) count only up to `after`: a second one
        signs it as the first time, and the earliest cut counts. Raises `KeyStopClosed` for a stop that was not signed,
        `KeyStopNeedsReason`, `CutNotEarlier`, `StopKnown`, `FenceUnclear`.
        """
        said = _in_short(reason)
        with self._pool.connection() as tx:
            tx.execute(_SQL.lock, {"number": number})
            known = self._found(tx, number)
            if not known.official:
                raise KeyStopClosed
            fence = self._fences.fence_of(known.station, known.epoch)
            of_person = {"station": known.station, "epoch": known.epoch, "subject": known.subject}
            ((counts,),) = tx.execute(_SQL.earliest, of_person).fetchall()
            counts = min(counts, fence.after) if fence else counts
            if after >= counts:
                raise CutNotEarlier(after=counts)
            who = (known.station, known.epoch, known.subject, known.name, known.role)
            asked = self._ask(tx, who, official, said, after)
        return self.find(asked)

    def _ask(
        self, tx: Transaction, who: tuple[str, int, str, str, str], official: str, reason: str, after: int | None
    ) -> int:
        station, epoch, subject, name, role = who
        cut = draw_fence(station, epoch, self._fences.links(tx, station, epoch), at_ms=0, reason="", after=after)
        row = {
            "station": station,
            "epoch": epoch,
            "subject": subject,
            "name": name,
            "role": role,
            "after": cut.after,
            "head": cut.head,
            "reason": reason,
            "asked_by": official,
        }
        asked = tx.execute(_SQL.ask, row).fetchone()
        if asked is None:
            raise StopKnown
        return int(asked[0])

    def sign(self, number: int, official: str) -> Stopped:
        """The second official's word: signed, stated to the centre, for the station to fetch. Raises
        `SecondOfficialNeeded`, `KeyStopClosed`.
        """
        with self._pool.connection() as tx:
            tx.execute(_SQL.lock, {"number": number})
            known = self._found(tx, number)
            if not known.open:
                raise KeyStopClosed
            if known.asked_by == official:
                raise SecondOfficialNeeded
            at_ms = round(self._dates.now().at.timestamp() * 1000)
            head = bytes.fromhex(known.head)
            word = KeyStop(known.station, known.epoch, known.subject, known.after, head, at_ms).signed(self._key)
            tx.execute(_SQL.sign, {"number": number, "official": official, "word": word})
            who = {"station": known.station, "subject": known.subject, "by": official, "reason": known.reason}
            tx.execute(_SQL.close_requests, who)
            statement = Statement(KEY_ENDED, str(self._office), at_ms, _said(known).to_body())
            put_statement(tx, statement, state(statement, self._key, self._issuing.chain))
        return self.find(number)

    def cut_before(self, known: Stopped) -> int | None:
        """The cut that a signed stop of the same person drew, where `known` is about an earlier one; else None."""
        with self._pool.connection() as tx:
            ((cut,),) = tx.execute(_SQL.before, {"number": known.number}).fetchall()
        return cut if cut is None else int(cut)

    def take_back(self, number: int, official: str) -> None:
        """Before a second official signed. Raises `KeyStopClosed`."""
        with self._pool.connection() as tx:
            if not tx.execute(_SQL.take_back, {"number": number, "by": official}).rowcount:
                raise KeyStopClosed

    def words(self, station: str, epoch: int) -> list[bytes]:
        """What that installation has to hear, again and again: it may have been set back."""
        with self._pool.connection() as tx:
            return [bytes(word) for (word,) in tx.execute(_SQL.words, {"station": station, "epoch": epoch})]

    def listed(self) -> list[Stopped]:
        """For the page: those that wait for a second official first."""
        with self._pool.connection() as tx:
            return [_stopped(row) for row in tx.execute(_SQL.listed)]

    def waiting(self) -> int:
        """How many wait for a second official."""
        with self._pool.connection() as tx:
            return int(tx.execute(_SQL.waiting).fetchall()[0][0])

    def find(self, number: int) -> Stopped:
        """Raises `KeyStopClosed`."""
        with self._pool.connection() as tx:
            return self._found(tx, number)

    @staticmethod
    def _found(tx: Transaction, number: int) -> Stopped:
        row = tx.execute(_SQL.find, {"number": number}).fetchone()
        if row is None:
            raise KeyStopClosed
        return _stopped(row)

    def _working(self, tx: Transaction, station: str) -> dict[str, tuple[str, str, str]]:
        setup = self._issuing.stations().get(station)
        return working(tx, station, setup.staff) if setup else {}


def _in_short(reason: str) -> str:
    said = " ".join(reason.split())[:_LONGEST_REASON]
    if not said:
        raise KeyStopNeedsReason
    return said


def _stopped(row: Sequence[Any]) -> Stopped:
    return Stopped(*row[:14], bytes(row[14]), row[15])  # type: ignore[call-arg]


def _said(known: Stopped) -> KeyEnded:
    key = every_key_of(known.subject)
    return KeyEnded(
        known.station, known.epoch, key, known.subject, known.name, known.role, "stopped", known.after, known.head
    )
