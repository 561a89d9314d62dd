"""What a withdrawn key means at the centre: packets it does not vouch for wait for a person's verdict: `Fencing`."""

from dataclasses import dataclass
from typing import Any, Literal

from rekam.centre.queue import StageQueue
from rekam.centre.results import FeedAppender, Results
from rekam.centre.sql import QUERIES
from rekam.centre.validation import NotWaiting
from rekam.centre.verdict import Queue
from rekam.enrolment.errors import RekamError
from rekam.enrolment.identifiers import StationId
from rekam.exchange.feed import PORTAL_FEED, EntryKind, office_feed
from rekam.exchange.fence import Fence, Standing, Withheld, why_withheld
from rekam.exchange.inbox import Arrival
from rekam.exchange.pg.fences import PgFences
from rekam.exchange.pg.log import PgLog
from rekam.exchange.pg.register import Transaction
from rekam.exchange.statements import Statement
from rekam.storage.pool import Pool
from rekam.trust import cbor
from rekam.web.i18n import error_text

__all__ = ["Fencing", "NotBelieved", "NotItsStation", "VerdictNeedsNote", "WithheldCase"]

_BY_CHAIN = "Rekam"


class VerdictNeedsNote(RekamError):
    """A verdict on a withheld packet needs a note. Nothing was changed. Write what you compared and with whom you
    spoke, without the resident's name or NIK, then decide again.
    """


class NotBelieved(RekamError):
    """Recording {number} was sealed or confirmed with a key that was no longer believed, and was not recognised. The
    resident is asked to be recorded again; the sealed packet is kept.
    """


class NotItsStation(RekamError):
    """Station {station} is not one of office {office}, so what that office says of its keys has no effect. Nothing was
    changed at the centre. Report it to the centre at once: an office's key may be in other hands.
    """


@dataclass(frozen=True)
class WithheldCase:
    """One packet that waits for a verdict: the fence, None where a key that ended keeps it (`key_ends`); whether it has
    its result, and what shares its number.
    """

    withheld: Withheld
    fence: Fence | None
    settled: bool
    others: tuple[str, ...]


class Fencing:
    """Takes offices' revocations in, withholds what they do not vouch for, notes people's verdicts."""

    def __init__(self, pool: Pool, fences: PgFences, queue: StageQueue, results: Results, feed: FeedAppender) -> None:
        self._pool = pool
        self._fences = fences
        self._queue = queue
        self._results = results
        self._feed = feed

    def arrived(self, tx: Transaction, arrival: Arrival) -> None:
        """After intake, in its transaction: the packet is accepted whatever the fence says, and then it may wait."""
        admitted = self._fences.arrived(tx, arrival)
        if admitted.fence is not None:
            self._withhold(tx, admitted.fence, arrival.packet_id, str(arrival.number), admitted.standing)
        for packet_id in admitted.proved:
            note = "Terbukti oleh rekaman yang menyusul."
            self._queue.release(tx, packet_id, Queue.QUARANTINE, staff=_BY_CHAIN, note=note)

    def revoked(self, tx: Transaction, statement: Statement) -> None:
        """The effect of a "revocation": only the station's own office may say it; the first one of an epoch stands."""
        fence = Fence.from_body(statement.body)
        if StationId(fence.station).office != statement.office:
            raise NotItsStation(station=fence.station, office=statement.office)
        withheld = self._fences.raised(tx, fence)
        if withheld is None:
            return
        for packet_id, standing in withheld:
            (number,) = tx.execute(QUERIES.number_of, {"packet_id": packet_id}).fetchall()[0]
            self._withhold(tx, fence, packet_id, number, standing)
        self._feed.append(tx, office_feed(statement.office), EntryKind.REVOKED, cbor.encode(fence.to_body()))
        self._feed.append(tx, PORTAL_FEED, EntryKind.REVOKED, cbor.encode(_public(fence, PgLog.size(tx))))

    def decide(self, packet_id: str, verdict: Literal["released", "rejected"], *, staff: str, note: str) -> None:
        """A person's verdict, once and for ever. Raises `NotWaiting`, `VerdictNeedsNote`; nothing changed then."""
        if not note.strip():
            raise VerdictNeedsNote
        with self._pool.connection() as tx, tx.transaction():
            if not self._fences.decide(tx, packet_id, verdict, by=staff, note=note.strip()):
                raise NotWaiting(packet_id=packet_id)
            number, office, at = tx.execute(QUERIES.of_case, {"packet_id": packet_id}).fetchall()[0]
            if verdict == "released":
                self._queue.release(tx, packet_id, Queue.QUARANTINE, staff=staff, note=note.strip())
            elif self._note(tx, packet_id, "REJECT", f"{staff}: {note.strip()}"):
                tx.execute(QUERIES.leave, {"packet_id": packet_id})
                self._results.reject(tx, packet_id, error_text(NotBelieved(number=number)))
            body = {"packet_id": packet_id, "number": number, "verdict": verdict, "at": at.isoformat()}
            self._feed.append(tx, office_feed(office), EntryKind.JUDGED, cbor.encode(body))

    def case(self, packet_id: str) -> WithheldCase | None:
        """What a person looks at before deciding; None for a packet that no fence withholds."""
        withheld = self._fences.withheld(packet_id)
        if withheld is None or withheld.verdict:
            return None
        station, epoch, _ = withheld.number.split("/")
        ended = withheld.standing is Standing.KEY_ENDED
        fence = None if ended else self._fences.fence_of(station, int(epoch))
        if fence is None and not ended:
            return None
        with self._pool.connection() as connection:
            row = {"packet_id": packet_id, "number": withheld.number}
            others = tuple(each for (each,) in connection.execute(QUERIES.same_number, row))
            settled = connection.execute(QUERIES.is_settled, row).fetchone() is not None
        return WithheldCase(withheld, fence, settled, others)

    def _withhold(self, tx: Transaction, fence: Fence, packet_id: str, number: str, standing: Standing) -> None:
        if self._fences.verdict(tx, packet_id) != "released":  # by people, when a key that had ended confirmed it
            self.withhold(tx, packet_id, why_withheld(fence, standing, number))

    def withhold(self, tx: Transaction, packet_id: str, why: RekamError) -> None:
        """Out of the stages, or out of another human queue, into this one. What has its result keeps it: the office
        prints no card for it before people have decided.
        """
        reason = error_text(why)
        if self._note(tx, packet_id, "WITHHOLD", reason):
            tx.execute(QUERIES.park, {"packet_id": packet_id, "queue": Queue.QUARANTINE, "reason": reason})
            self._results.quarantine(tx, packet_id)

    @staticmethod
    def _note(tx: Transaction, packet_id: str, verdict: str, reason: str) -> bool:
        row = {"packet_id": packet_id, "verdict": verdict, "reason": reason}
        return tx.execute(QUERIES.note_fence, row).rowcount == 1


def _public(fence: Fence, log_size: int) -> dict[str, Any]:
    """What anybody who verifies a paper needs; neither the reason nor a packet's id."""
    said = {"station": fence.station, "epoch": fence.epoch, "after": fence.after}
    return said | {"at_ms": fence.at_ms, "log_size": log_size}
