"""The office's cards and blanks as its account reads them: `OfficeCardLedger`."""

from collections.abc import Sequence

from rekam.enrolment.identifiers import OfficeId, PacketNumber
from rekam.exchange.card_account import OFFICE_DIGITS, Blanks, CardState, OrderRow, SheetAccount
from rekam.exchange.card_printed import CARD_PRINTED, CardPrinted
from rekam.exchange.ranges import Ranges
from rekam.exchange.statements import body_of
from rekam.office.sql import QUERIES
from rekam.storage.pool import Pool

__all__ = ["OfficeCardLedger"]


class OfficeCardLedger:
    """`CardLedger` over print orders, cards, the blank ledger and what was said of cards to the centre."""

    def __init__(self, pool: Pool, office: OfficeId) -> None:
        self._pool = pool
        self._office = str(office)

    def cards(self, scope: str) -> tuple[Sequence[OrderRow], Sequence[SheetAccount]]:
        with self._pool.connection() as connection:
            found = connection.execute(QUERIES.card_orders, {"scope": scope}).fetchall()
            sheets = connection.execute(QUERIES.card_sheets).fetchall()
            said = connection.execute(QUERIES.cards_unsaid, {"kind": CARD_PRINTED}).fetchall()
            first, copies, *blanks = (int(each) for each in connection.execute(QUERIES.card_totals).fetchall()[0])
        orders = [
            OrderRow(str(number.station), number.epoch, number.sequence, CardState(state), fresh)
            for number, state, fresh in ((PacketNumber.parse(text), *rest) for text, *rest in found if text)
        ]
        if len(scope) > OFFICE_DIGITS:
            return orders, []
        unsaid = [CardPrinted.from_body(body_of(bytes(data))).blank for (data,) in said]
        lines = Ranges.of(blank for blank, _ in sheets)
        unsaid_lines = Ranges.of((*unsaid, *(blank for blank, fresh in sheets if fresh)))
        return orders, [SheetAccount(self._office, len(found), lines, first, copies, unsaid_lines, Blanks(*blanks))]
