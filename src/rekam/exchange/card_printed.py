"""An office's word to the centre that a card came out of its printer: the body of a statement (`CardPrinted`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Self

from rekam.enrolment.errors import RekamError

__all__ = ["CARD_PRINTED", "CardPrinted", "CardPrintedUnreadable"]

CARD_PRINTED: Final = "card-printed"
"""The kind of the statement."""


class CardPrintedUnreadable(RekamError):
    """What an office says of a printed card cannot be read. Nothing was changed. Update the older of the two places."""


@dataclass(frozen=True)
class CardPrinted:
    """One sheet: the packet it was ordered for, its copy (1 is the card, each further one replaces the one before), the
    line of the blank in the office's ledger, the day that stands on the card.
    """

    packet_id: str
    copy: int
    blank: int
    issued_on: date

    def to_body(self) -> dict[str, Any]:
        """For a statement. No personal data."""
        return {
            "packet_id": self.packet_id,
            "copy": self.copy,
            "blank": self.blank,
            "issued_on": self.issued_on.isoformat(),
        }

    @classmethod
    def from_body(cls, body: Mapping[str, Any]) -> Self:
        """Read `to_body`. Raises `CardPrintedUnreadable`."""
        match body:
            case {
                "packet_id": str() as packet_id,
                "copy": int() as copy,
                "blank": int() as blank,
                "issued_on": str() as day,
            } if copy > 0 and blank > 0:
                try:
                    return cls(packet_id, copy, blank, date.fromisoformat(day))
                except ValueError:
                    raise CardPrintedUnreadable from None
        raise CardPrintedUnreadable
