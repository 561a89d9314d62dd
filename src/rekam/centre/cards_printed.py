"""Cards that offices printed, as the centre hears of it by their statements: `CardsPrinted`."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from rekam.centre.results import Results
from rekam.centre.sql import QUERIES
from rekam.enrolment.errors import RekamError
from rekam.exchange.card_printed import CardPrinted
from rekam.exchange.pg.register import Transaction
from rekam.exchange.statements import Statement
from rekam.storage.pool import Pool

__all__ = ["CardNotOrdered", "CardsPrinted", "KnownCard"]


class CardNotOrdered(RekamError):
    """The centre ordered no card for packet {packet_id} from this office. Nothing was changed there. If the centre was
    restored from its backup, it orders the card anew and then takes the report; otherwise ask the centre about it.
    """


@dataclass(frozen=True)
class KnownCard:
    """One sheet of a packet's card: where and when it was printed, by the office's legal time."""

    copy: int
    office: str
    blank: int
    issued_on: date
    printed_at: datetime


class CardsPrinted:
    """Facts, beside the case: its result stays what the centre decided. Office, station and portal are told."""

    def __init__(self, pool: Pool, results: Results) -> None:
        self._pool = pool
        self._results = results

    def heard(self, tx: Transaction, statement: Statement) -> None:
        """The effect of a "card-printed". Raises `CardNotOrdered` where this centre ordered no such card from that
        office, and `CardPrintedUnreadable`; a sheet that is known already changes nothing and is told once.
        """
        card = CardPrinted.from_body(statement.body)
        row: dict[str, Any] = {"packet_id": card.packet_id, "office": statement.office}
        if tx.execute(QUERIES.is_ordered_from, row).fetchone() is None:
            raise CardNotOrdered(packet_id=card.packet_id)
        at = datetime.fromtimestamp(statement.at_ms / 1000, UTC)
        row |= {"copy": card.copy, "blank": card.blank, "issued_on": card.issued_on, "at": at}
        if tx.execute(QUERIES.note_card, row).rowcount:
            self._results.card(tx, card, at)

    def of(self, packet_id: str) -> list[KnownCard]:
        """The sheets of one packet, the newest last."""
        with self._pool.connection() as connection:
            rows = connection.execute(QUERIES.cards_of, {"packet_id": packet_id}).fetchall()
        return [KnownCard(*row) for row in rows]
