"""What comes back down to a station: `StationFeedSink` (port `exchange.feed.FeedSink`), the only writer of results."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Final

from rekam.enrolment.errors import RekamError
from rekam.enrolment.status import Status
from rekam.exchange.announced import Announced
from rekam.exchange.feed import Batch, Entry, EntryKind, entries_to_apply
from rekam.exchange.log import check_logged
from rekam.station import announced
from rekam.station.heard import note_heard
from rekam.station.store import StationStore
from rekam.storage.sqlite import EncryptedConnection
from rekam.trust import cbor, receipts
from rekam.trust.keys import VerifyKey

__all__ = ["ReceiptOfAnother", "StationFeedSink", "effects", "keep_acceptance"]


class ReceiptOfAnother(RekamError):
    """The centre's feed brought a receipt for {number} that belongs to another recording. Nothing of it was taken
    over, and every recording is kept here. Report it to the office; recording goes on.
    """


_BEFORE_PRINTING: Final = (Status.PRINT_READY_RECORD, Status.SENT_FOR_CARD_PRINTING, Status.CARD_PRINTED)

Effect = Callable[[EncryptedConnection, Mapping[str, Any], VerifyKey], None]
Handler = Callable[[EncryptedConnection, Entry], None]


class StationFeedSink:
    """Applies a batch and moves the cursor in one transaction; `handle` takes each entry in (`effects`)."""

    def __init__(self, store: StationStore, handle: Handler) -> None:
        self._store = store
        self._handle = handle

    def cursor(self, feed: str) -> int:
        row = self._store.row("SELECT n FROM feed_cursor WHERE feed = ?", (feed,))
        return int(row[0]) if row else 0

    def apply(self, feed: str, batch: Batch, data: bytes) -> int:
        del data  # a station hands nothing on
        with self._store.tx() as tx:
            entries = entries_to_apply(batch, feed=feed, cursor=self.cursor(feed))
            for entry in entries:
                self._handle(tx, entry)
            note_heard(tx, batch.at_ms)
            tx.execute(
                "INSERT INTO feed_cursor VALUES (?, ?) ON CONFLICT DO UPDATE SET n = excluded.n", (feed, batch.last)
            )
        return len(entries)


def effects(centre: VerifyKey) -> Handler:
    """What an entry changes at a station. Entries about other stations' packets pass by, and so do kinds that this
    version does not know: they are applied by none.
    """

    def handle(tx: EncryptedConnection, entry: Entry) -> None:
        if entry.kind == EntryKind.ANNOUNCED:
            announced.note(tx, Announced.from_entry(entry))
        effect = _EFFECTS.get(entry.kind)
        if effect is not None:
            effect(tx, cbor.decode(entry.body), centre)

    return handle


def _accepted(tx: EncryptedConnection, body: Mapping[str, Any], centre: VerifyKey) -> None:
    known = tx.execute("SELECT salt FROM recording WHERE packet_id = ?", (body["packet_id"],)).fetchone()
    if known is None:
        return
    # the receipt stands for itself, whoever carried it: without it no packet may ever be purged (never 3)
    receipt = receipts.verify(body["receipt"], centre)
    if receipt.kind != "acceptance" or receipt.packet_id != body["packet_id"]:
        raise ReceiptOfAnother(number=body["number"])
    check_logged(receipt, known[0], centre)
    _keep(tx, body["packet_id"], body["receipt"], body["at"])
    _told(tx, {**body, "status": "RECEIVED_AT_CENTRAL", "reason": ""}, centre)


def keep_acceptance(tx: EncryptedConnection, receipt: receipts.Receipt, data: bytes) -> None:
    """Keep a verified acceptance that a courier brought; what the feed told of the packet meanwhile stays."""
    at = datetime.fromtimestamp(receipt.at_ms / 1000, UTC).isoformat(timespec="milliseconds")
    _keep(tx, receipt.packet_id, data, at)
    tx.execute(
        "UPDATE recording SET status = ?, status_at = ? WHERE packet_id = ? AND status IN (?, ?)",
        (Status.RECEIVED_AT_CENTRAL, at, receipt.packet_id, Status.PROCESSING, Status.SENT_FOR_ENROLLMENT),
    )


def _keep(tx: EncryptedConnection, packet_id: str, receipt: bytes, at: str) -> None:
    tx.execute(
        "UPDATE recording SET acceptance_receipt = ?, accepted_at = ?"
        " WHERE packet_id = ? AND acceptance_receipt IS NULL",
        (receipt, at, packet_id),
    )


def _told(tx: EncryptedConnection, body: Mapping[str, Any], _centre: VerifyKey) -> None:
    if body["status"] in set(Status):  # one that only a newer version knows must not stop the feed, nor every list
        tx.execute(
            "UPDATE recording SET status = ?, status_at = ?, reason = ? WHERE packet_id = ?",
            (body["status"], body["at"], body["reason"], body["packet_id"]),
        )
        tx.execute(
            "UPDATE earlier_recording SET status = ?, at = ? WHERE packet_id = ?",
            (body["status"], body["at"], body["packet_id"]),
        )
    if "check" in body:
        tx.execute(
            "INSERT OR IGNORE INTO recorded_elsewhere VALUES (?, ?, ?)", (body["check"], body["number"], body["at"])
        )


def _card(tx: EncryptedConnection, body: Mapping[str, Any], _centre: VerifyKey) -> None:
    """Printed `at` the office's time; what is printed again is told again, and the newest sheet counts."""
    row = (Status.CARD_PRINTED, body["at"], body["packet_id"], *_BEFORE_PRINTING)
    for table, at, reason in (("recording", "status_at", ", reason = ''"), ("earlier_recording", "at", "")):
        marks = ", ".join("?" for _ in _BEFORE_PRINTING)
        tx.execute(
            f"UPDATE {table} SET status = ?, {at} = ?{reason}"  # noqa: S608  # ours
            f" WHERE packet_id = ? AND status IN ({marks})",
            row,
        )


def _notice(tx: EncryptedConnection, body: Mapping[str, Any], _centre: VerifyKey) -> None:
    fields = (body[name] for name in ("number", "at", "text_id", "text_en", "todo_id", "todo_en"))
    urgent = int(body.get("urgent") is True)  # a centre of an earlier version says nothing of it
    tx.execute("INSERT OR IGNORE INTO notice VALUES (?, ?, ?, ?, ?, ?, ?)", (*fields, urgent))


_EFFECTS: Final[Mapping[str, Effect]] = MappingProxyType(
    {
        EntryKind.ACCEPTED: _accepted,
        EntryKind.PROGRESS: _told,
        EntryKind.RESULT: _told,
        EntryKind.CARD: _card,
        EntryKind.NOTICE: _notice,
    }
)
