"""What comes down from the centre, applied entry by entry in the feed's own transaction: `Results`."""

from datetime import datetime
from typing import Any, Final

import structlog

from rekam.enrolment.identifiers import PacketNumber
from rekam.enrolment.status import Status
from rekam.exchange.announced import Announced
from rekam.exchange.errors import FeedUnreadable
from rekam.exchange.feed import Entry, EntryKind
from rekam.exchange.fence import Fence, Standing
from rekam.exchange.pg import announced as pg_announced
from rekam.exchange.pg.fences import PgFences
from rekam.exchange.pg.late_receipts import LateReceipts
from rekam.exchange.pg.register import Transaction
from rekam.office.print_orders import PrintOrders
from rekam.office.sql import QUERIES

__all__ = ["Results"]

_CENTRE: Final = "pusat"

_log = structlog.get_logger("rekam.office")


class Results:
    """The feed sink's handler. Kinds that an office has no use for, now or in a later version, are passed over."""

    def __init__(self, orders: PrintOrders, fences: PgFences, receipts: LateReceipts) -> None:
        self._orders = orders
        self._fences = fences
        self._receipts = receipts

    def __call__(self, tx: Transaction, entry: Entry) -> None:
        """Write the effect of `entry` in `tx`; raises `FeedUnreadable` for a body that is not what its kind says."""
        match entry.kind, entry.said():
            case EntryKind.ACCEPTED, {"packet_id": str(), "number": str(), "at": str()} as body:
                self._accepted(tx, entry, body)
            case EntryKind.PROGRESS | EntryKind.RESULT | EntryKind.CARD, {
                "packet_id": str(), "number": str(), "status": str(), "reason": str(), "at": str(),
            } as body:  # fmt: skip
                self._set_status(tx, entry, body)
            case EntryKind.PRINT_ORDER, {"packet_id": str(), "order": int(), "parcel": bytes()} as body:
                self._order(tx, entry, body)
            case EntryKind.NOTICE, {"number": int(), "text_id": str()} as body:
                tx.execute(QUERIES.put_notice, body)
            case EntryKind.REVOKED | EntryKind.JUDGED | EntryKind.WITHHELD, dict() as body:
                self._doubted(tx, entry.kind, body)
            case EntryKind.ANNOUNCED, _:
                pg_announced.note(tx, Announced.from_entry(entry))
            case EntryKind.ACCEPTED | EntryKind.PROGRESS | EntryKind.RESULT | EntryKind.CARD, _:
                raise FeedUnreadable(reason=f"entry {entry.n}")
            case EntryKind.PRINT_ORDER | EntryKind.NOTICE, _:
                raise FeedUnreadable(reason=f"entry {entry.n}")
            case _:
                pass

    def _doubted(self, tx: Transaction, kind: str, body: dict[str, Any]) -> None:
        """What makes a packet wait, and how that ended."""
        match kind, body:
            case EntryKind.REVOKED, _:
                self._fences.raised(tx, Fence.from_body(body))  # its own word, come back: news to a rebuilt office
            case EntryKind.JUDGED, {"packet_id": str() as packet_id, "verdict": "released" | "rejected" as verdict}:
                self._fences.judged(tx, packet_id, verdict, by=_CENTRE, note=_CENTRE)
            case EntryKind.WITHHELD, {"packet_id": str() as packet_id, "standing": Standing.KEY_ENDED.value}:
                self._fences.withhold_known(tx, packet_id, Standing.KEY_ENDED)

    def _accepted(self, tx: Transaction, entry: Entry, body: dict[str, Any]) -> None:
        self._set_status(tx, entry, body | {"status": Status.RECEIVED_AT_CENTRAL, "reason": ""})
        receipt = body.get("receipt")
        if isinstance(receipt, bytes):
            self._receipts.take(tx, body["packet_id"], receipt)

    def _set_status(self, tx: Transaction, entry: Entry, body: dict[str, Any]) -> None:
        if body["status"] not in set(Status):
            # a newer centre's word: it must not stop the feed of everybody until this office is updated
            _log.warning("status of a newer version", entry=entry.n)
            return
        row = {name: body[name] for name in ("packet_id", "number", "status", "reason")}
        row |= {"at": datetime.fromisoformat(body["at"])}
        row |= {"entry": entry.n, "kind": entry.kind, "station": PacketNumber.parse(body["number"]).station}
        tx.execute(QUERIES.note_told, row)
        tx.execute(QUERIES.set_status, row)

    def _order(self, tx: Transaction, entry: Entry, body: dict[str, Any]) -> None:
        packet_id = body["packet_id"]
        told = {"entry": entry.n, "kind": entry.kind, "packet_id": packet_id}
        tx.execute(QUERIES.note_told, told | {"status": None, "reason": "", "at": None})
        kept = tx.execute(
            QUERIES.put_print_order, body | {"summary": self._orders.summarise(packet_id, body["parcel"])}
        )
        if not kept.rowcount:
            _log.error("a second print order was not taken over", packet_id=packet_id, entry=entry.n)
