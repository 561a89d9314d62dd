"""The office's signed word to the centre that a sheet was printed, in the transaction that prints it: `CardWord`."""

from collections.abc import Sequence
from datetime import date

from rekam.enrolment.identifiers import OfficeId
from rekam.exchange.card_printed import CARD_PRINTED, CardPrinted
from rekam.exchange.pg.register import Transaction
from rekam.exchange.pg.statements import put_statement
from rekam.exchange.statements import Statement, state
from rekam.office.legal_time import LegalDates
from rekam.trust.keys import SigningKey

__all__ = ["CardWord"]


class CardWord:
    """It is said if, and only if, the card is printed; it waits in the outbox and goes by line or courier."""

    def __init__(self, office: OfficeId, key: SigningKey, chain: Sequence[bytes], dates: LegalDates) -> None:
        self._office = office
        self._key = key
        self._chain = tuple(chain)
        self._dates = dates

    def say(self, tx: Transaction, packet_id: str, *, copy: int, blank: int, issued_on: date) -> None:
        """Queue the statement."""
        at_ms = round(self._dates.now().at.timestamp() * 1000)
        body = CardPrinted(packet_id, copy, blank, issued_on).to_body()
        statement = Statement(CARD_PRINTED, str(self._office), at_ms, body)
        put_statement(tx, statement, state(statement, self._key, self._chain))
