"""Cards: a print order, an eligible holder and a blank become one card; a reprint is a marked copy (never 4)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from rekam.documents.card import render_card
from rekam.documents.code import DocumentKey
from rekam.documents.papers import Card
from rekam.enrolment.reference import Reference, packaged_reference
from rekam.enrolment.status import Status
from rekam.exchange.pg.fences import is_stopped
from rekam.exchange.pg.register import Transaction
from rekam.office.blanks import BlankLedger
from rekam.office.card_word import CardWord
from rekam.office.errors import (
    CardNotPrinted,
    CardWithheld,
    MissingReason,
    NoPrintOrder,
    NotYetEligible,
    OrderWithdrawn,
)
from rekam.office.legal_time import LegalDates
from rekam.office.print_orders import Order, PrintOrders, Summary
from rekam.office.sql import QUERIES
from rekam.storage.pool import Pool

__all__ = ["Cards", "Issuer", "PrintedCard", "Sheet", "WaitingCard"]

_PRINTABLE = frozenset({Status.PRINT_READY_RECORD, Status.SENT_FOR_CARD_PRINTING})
_REPRINTABLE = frozenset({Status.CARD_PRINTED, Status.CARD_SHIPPED, Status.CARD_ISSUED})


@dataclass(frozen=True)
class Issuer:
    """Whose cards these are: the office's id, the regency a card names, the key that signs its code, Inter's folder,
    and what coded fields mean at the moment.
    """

    office: str
    regency: str
    key: DocumentKey
    fonts: Path
    reference: Callable[[], Reference] = packaged_reference


@dataclass(frozen=True)
class Sheet:
    """One printed sheet: copy 1 is the card, each further one replaces the one before. `blank`: line of the ledger."""

    copy: int
    blank: int
    issued_on: date
    printed_by: str
    reason: str
    printed_at: datetime


@dataclass(frozen=True)
class PrintedCard:
    """What comes out of the printer: `pdf` of two pages at ID-1; `fresh` when a blank was taken just now."""

    packet_id: str
    number: str
    sheet: Sheet
    pdf: bytes
    fresh: bool


@dataclass(frozen=True)
class WaitingCard:
    """A line of the work list. `at`: when it came, or was printed; `summary` is None where the order does not open."""

    packet_id: str
    order_number: int
    number: str
    at: datetime
    summary: Summary | None


class Cards:
    """The cards of one office."""

    def __init__(
        self,
        pool: Pool,
        orders: PrintOrders,
        blanks: BlankLedger,
        dates: LegalDates,
        issuer: Issuer,
        word: CardWord,
        may_give: Callable[[], None] = lambda: None,
    ) -> None:
        """`may_give` raises where this server may not number a sheet."""
        self._may_give = may_give
        self._pool = pool
        self._orders = orders
        self._blanks = blanks
        self._dates = dates
        self._issuer = issuer
        self._word = word

    def waiting(self, limit: int = 200) -> list[WaitingCard]:
        """Orders without a card, oldest first, those not yet eligible included."""
        with self._pool.connection() as connection:
            rows = connection.execute(QUERIES.cards_to_print, {"limit": limit}).fetchall()
        return [self._line(*row[:5]) for row in rows]

    def printed(self, limit: int = 20) -> list[tuple[WaitingCard, int, str]]:
        """The newest cards, each with its newest copy's number and who printed it."""
        with self._pool.connection() as connection:
            rows = connection.execute(QUERIES.cards_printed, {"limit": limit}).fetchall()
        return [(self._line(*row[:5]), row[5], row[6]) for row in rows]

    def order(self, packet_id: str) -> tuple[Order, Status, list[Sheet]]:
        """An opened order, where its packet stands, and its sheets. Raises `NoPrintOrder`, `OrderUnreadable`."""
        with self._pool.connection() as connection:
            row = connection.execute(QUERIES.print_order, {"packet_id": packet_id}).fetchone()
            if row is None:
                raise NoPrintOrder
            sheets = _sheets(connection, packet_id)
        return self._orders.open(packet_id, bytes(row[2])), Status(row[4] or Status.UNREGISTERED), sheets

    def print(self, packet_id: str, *, by: str) -> PrintedCard:
        """The card of an order. Asked again it is the same card, and no second blank is taken.

        Raises `NoPrintOrder`, `NotYetEligible`, `NoBlanks`, `OrderWithdrawn`, `CardWithheld`, `OrderUnreadable`,
        `OlderThanSaid`, or what `render_card` raises: then no blank was taken, because blank, card and status are one
        transaction.
        """
        order, _, known = self.order(packet_id)
        reference = self._issuer.reference()
        if not known:
            self._may_give()
        with self._pool.connection() as tx:
            status = _locked(tx, packet_id)
            if sheets := _sheets(tx, packet_id):
                return self._made(packet_id, order, sheets[-1], reference, fresh=False)
            if status not in _PRINTABLE:
                raise OrderWithdrawn(number=order.number, status=status)
            if is_stopped(tx, packet_id):
                raise CardWithheld(number=order.number)
            self._require_eligible(order)
            sheet = self._put(tx, packet_id, order, copy=1, reason="", by=by)
            card = self._made(packet_id, order, sheet, reference, fresh=True)
            tx.execute(QUERIES.set_printed, {"packet_id": packet_id})
        return card

    def reprint(self, packet_id: str, *, by: str, reason: str, replaces: int | None = None) -> PrintedCard:
        """A further copy on a new blank, because the sheet before is ruined or lost.

        `replaces` is the copy that the person saw last: the same form sent twice makes one copy. Raises what
        `print` raises, `MissingReason` and `CardNotPrinted`.
        """
        if not reason.strip():
            raise MissingReason
        order, reference = self.order(packet_id)[0], self._issuer.reference()
        self._may_give()
        with self._pool.connection() as tx:
            status = _locked(tx, packet_id)
            sheets = _sheets(tx, packet_id)
            if not sheets:
                raise CardNotPrinted
            if replaces is not None and sheets[-1].copy > replaces:
                return self._made(packet_id, order, sheets[-1], reference, fresh=False)
            if status not in _REPRINTABLE:
                raise OrderWithdrawn(number=order.number, status=status)
            sheet = self._put(tx, packet_id, order, copy=sheets[-1].copy + 1, reason=reason.strip(), by=by)
            return self._made(packet_id, order, sheet, reference, fresh=True)

    def pdf(self, packet_id: str, copy: int) -> PrintedCard:
        """A copy that was printed, set once more, the same to the byte. Raises `CardNotPrinted`."""
        order, _, sheets = self.order(packet_id)
        for sheet in sheets:
            if sheet.copy == copy:
                return self._made(packet_id, order, sheet, self._issuer.reference(), fresh=False)
        raise CardNotPrinted

    def _line(self, packet_id: str, order_number: int, number: str, at: datetime, sealed: bytes | None) -> WaitingCard:
        return WaitingCard(packet_id, order_number, number, at, self._orders.summary(packet_id, sealed))

    def _require_eligible(self, order: Order) -> None:
        summary = Summary.of(order.biodata)
        if not summary.eligible(self._dates.today()):
            raise NotYetEligible(number=order.number, on=summary.eligible_from)

    def _put(self, tx: Transaction, packet_id: str, order: Order, *, copy: int, reason: str, by: str) -> Sheet:
        blank = self._blanks.take(tx, again=copy > 1, note=order.number, by=by).entry
        row = {"packet_id": packet_id, "copy": copy, "blank": blank, "reason": reason, "by": by}
        sheet = Sheet(*tx.execute(QUERIES.put_card, row | {"issued_on": self._dates.today()}).fetchall()[0])
        self._word.say(tx, packet_id, copy=sheet.copy, blank=sheet.blank, issued_on=sheet.issued_on)
        return sheet

    def _made(self, packet_id: str, order: Order, sheet: Sheet, reference: Reference, *, fresh: bool) -> PrintedCard:
        office = self._issuer.office
        mark = f"-{sheet.copy}" if sheet.copy > 1 else ""
        card = Card(
            biodata=order.biodata,
            photo=order.photo,
            signature=order.signature,
            issued_at=self._issuer.regency,
            issued_on=sheet.issued_on,
            blank_number=f"{office}{sheet.blank:08d}{mark}",
            issuer=f"urn:rekam:office:{office}",
            valid_until=order.biodata.itap_until,
            reference=reference,
        )
        pdf = render_card(card, key=self._issuer.key, fonts=self._issuer.fonts)
        return PrintedCard(packet_id, order.number, sheet, pdf, fresh)


def _locked(tx: Transaction, packet_id: str) -> str:
    return str(tx.execute(QUERIES.lock_order, {"packet_id": packet_id}).fetchall()[0][0])


def _sheets(tx: Transaction, packet_id: str) -> list[Sheet]:
    return [Sheet(*row) for row in tx.execute(QUERIES.copies, {"packet_id": packet_id})]
