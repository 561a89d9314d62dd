"""What everybody is told: status, result and print order, in the transaction that decides them (never 4)."""

from datetime import datetime
from typing import Any, Protocol

from psycopg import Connection

from rekam.centre.sql import QUERIES
from rekam.enrolment.status import RECORD_AGAIN, TRANSITIONS, IllegalTransition, Status
from rekam.exchange.card_printed import CardPrinted
from rekam.exchange.feed import PORTAL_FEED, EntryKind, office_feed
from rekam.trust import cbor

__all__ = ["FeedAppender", "Results"]


class FeedAppender(Protocol):
    """The centre's outgoing feeds: appends inside the caller's transaction; numbering comes later, gap-free."""

    def append(self, tx: Connection[Any], feed: str, kind: str, body: bytes) -> None: ...


class Results:
    """Writes outcomes and their feed entries. Every method joins the caller's transaction."""

    def __init__(self, feed: FeedAppender) -> None:
        self._feed = feed

    def tell(self, tx: Connection[Any], packet_id: str, status: Status) -> None:
        """A status on the way; told only when it changes, so that passing eight stages is no news."""
        known, state = self._known(tx, packet_id)
        if known is status:
            return
        _require_way(known, status)
        tx.execute(QUERIES.set_case, {"packet_id": packet_id, "state": state, "status": status})
        self._announce(tx, EntryKind.PROGRESS, packet_id, status, "")

    def settle(self, tx: Connection[Any], packet_id: str, status: Status, reason: str, candidate: str | None) -> None:
        """The one result of a packet; a second one violates the table's key."""
        self._close(tx, packet_id, "done", status, reason, candidate)

    def reject(self, tx: Connection[Any], packet_id: str, reason: str) -> None:
        """The result of a packet that is no enrolment."""
        self._close(tx, packet_id, "rejected", Status.REJECTED, reason, None)

    def quarantine(self, tx: Connection[Any], packet_id: str) -> None:
        """Something odd: a human will look; not a result."""
        tx.execute(QUERIES.set_case, {"packet_id": packet_id, "state": "quarantined", "status": Status.QUARANTINED})
        self._announce(tx, EntryKind.PROGRESS, packet_id, Status.QUARANTINED, "")

    def leave_quarantine(self, tx: Connection[Any], packet_id: str) -> None:
        """A human sends it back to its stage."""
        tx.execute(
            QUERIES.set_case, {"packet_id": packet_id, "state": "in_stage", "status": Status.RECEIVED_AT_CENTRAL}
        )
        self._announce(tx, EntryKind.PROGRESS, packet_id, Status.RECEIVED_AT_CENTRAL, "")

    def card(self, tx: Connection[Any], card: CardPrinted, at: datetime) -> None:
        """A sheet was printed `at` the office's time. Told while the packet's card is the one to have, so that a
        duplicate found later stays the newest word; the case stays as it was decided.
        """
        packet_id = card.packet_id
        if self._known(tx, packet_id)[0] is not Status.PRINT_READY_RECORD:
            return
        number, office, portal_key, _check, _now = tx.execute(QUERIES.announced, {"packet_id": packet_id}).fetchall()[0]
        told = {
            "packet_id": packet_id,
            "number": number,
            "status": str(Status.CARD_PRINTED),
            "reason": "",
            "copy": card.copy,
            "issued_on": card.issued_on.isoformat(),
            "at": at.isoformat(),
        }
        self._feed.append(tx, office_feed(office), EntryKind.CARD, cbor.encode(told))
        if portal_key is not None:
            answer = {"key": portal_key.hex(), "status": str(Status.CARD_PRINTED), "at": at.isoformat()}
            self._feed.append(tx, PORTAL_FEED, EntryKind.STATUS, cbor.encode(answer))

    def _close(
        self, tx: Connection[Any], packet_id: str, state: str, status: Status, reason: str, candidate: str | None
    ) -> None:
        row = {"packet_id": packet_id, "status": status, "reason": reason, "candidate": candidate}
        _require_way(self._known(tx, packet_id)[0], status)
        tx.execute(QUERIES.record_result, row)
        tx.execute(QUERIES.set_case, {"packet_id": packet_id, "state": state, "status": status})
        self._announce(tx, EntryKind.RESULT, packet_id, status, reason)

    @staticmethod
    def _known(tx: Connection[Any], packet_id: str) -> tuple[Status, str]:
        status, state = tx.execute(QUERIES.case_status, {"packet_id": packet_id}).fetchall()[0]
        return Status(status), state

    def _announce(self, tx: Connection[Any], kind: str, packet_id: str, status: Status, reason: str) -> None:
        row = tx.execute(QUERIES.announced, {"packet_id": packet_id}).fetchone()
        if row is None:
            return
        number, office, portal_key, check_hash, at = row
        told: dict[str, Any] = {
            "packet_id": packet_id,
            "number": number,
            "status": str(status),
            "reason": reason,
            "at": at.isoformat(),
        }
        if kind is EntryKind.RESULT and check_hash is not None and status not in RECORD_AGAIN:
            told["check"] = bytes(check_hash)
        self._feed.append(tx, office_feed(office), kind, cbor.encode(told))
        if portal_key is not None:
            answer = {"key": portal_key.hex(), "status": str(status), "at": at.isoformat()}
            self._feed.append(tx, PORTAL_FEED, EntryKind.STATUS, cbor.encode(answer))


def _require_way(old: Status, new: Status) -> None:
    """Raises `IllegalTransition` unless the status table leads from `old` to `new`, directly or by way of
    RECEIVED_AT_CENTRAL: a search that failed and then succeeds does not stop there to be told.
    """
    between = Status.RECEIVED_AT_CENTRAL
    through = between in TRANSITIONS[old] and new in TRANSITIONS[between]
    if new not in TRANSITIONS[old] and not through:
        raise IllegalTransition(old=old.value, new=new.value)
