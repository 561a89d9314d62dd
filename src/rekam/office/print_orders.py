"""Print orders: the centre's parcels, opened with this office's parcel key only while they are looked at."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import structlog

from rekam.enrolment.biodata import Biodata
from rekam.enrolment.eligibility import wajib_ktp
from rekam.enrolment.errors import RekamError
from rekam.office.errors import OrderUnreadable
from rekam.packet.parcel import open_parcel
from rekam.trust import cbor
from rekam.trust.at_rest import DataKey, DataUnopenable
from rekam.trust.keys import OpeningKey, VerifyKey

__all__ = ["Order", "PrintOrders", "Summary"]

PARCEL_KIND: Final = "print-order"  # as rekam.centre.print_orders seals it
CARD_AGE: Final = 17

_log = structlog.get_logger("rekam.office")


@dataclass(frozen=True)
class Order:
    """An opened parcel. `number`: of the packet; images as recorded, `signature` None where there is none."""

    number: str
    biodata: Biodata
    photo: bytes
    signature: bytes | None


@dataclass(frozen=True)
class Summary:
    """Whom an order is for: what the work list shows, and all that eligibility needs."""

    nik: str
    name: str
    birth_date: date
    ever_married: bool
    itap_until: date | None

    @classmethod
    def of(cls, biodata: Biodata) -> "Summary":
        """Taken from full biodata."""
        return cls(biodata.nik, biodata.name, biodata.birth_date, biodata.ever_married, biodata.itap_until)

    def eligible(self, on: date) -> bool:
        """Whether a card is due on the legal date `on`."""
        return wajib_ktp(self.birth_date, self.ever_married, on, self.itap_until)

    @property
    def eligible_from(self) -> date:
        """The seventeenth birthday; of 29 February, 1 March."""
        year = self.birth_date.year + CARD_AGE
        try:
            return self.birth_date.replace(year=year)
        except ValueError:
            return date(year, 3, 1)


class PrintOrders:
    """Opens parcels of the centre (`centre` verifies them) and keeps their summaries under the data key."""

    def __init__(self, parcels: OpeningKey, centre: VerifyKey, data: DataKey) -> None:
        self._parcels = parcels
        self._centre = centre
        self._data = data

    def open(self, packet_id: str, parcel: bytes) -> Order:
        """The order in `parcel`. Raises `OrderUnreadable`, or what `open_parcel` raises."""
        content: Any = cbor.decode(open_parcel(parcel, self._parcels, self._centre, PARCEL_KIND))
        match content:
            case {
                "packet_id": str() as named,
                "number": str() as number,
                "biodata": dict() as biodata,
                "images": {"photo": {"image": bytes() as photo}, **others},
            } if named == packet_id:
                drawn: Any = others.get("signature")
                signature = drawn["image"] if drawn else None
                return Order(number, Biodata.from_map(biodata), photo, signature)
            case {"number": str() as number}:
                raise OrderUnreadable(number=number, reason="no photo, or another recording's")
            case _:
                raise OrderUnreadable(number=packet_id, reason="its fields")

    def summarise(self, packet_id: str, parcel: bytes) -> bytes | None:
        """The sealed summary. A parcel that does not open costs a line in the log and gives None: the feed goes on."""
        try:
            summary = Summary.of(self.open(packet_id, parcel).biodata)
        except (RekamError, KeyError, TypeError) as error:
            reason = error.code if isinstance(error, RekamError) else type(error).__name__
            _log.error("print order does not open", packet_id=packet_id, reason=reason)
            return None
        until = summary.itap_until.isoformat() if summary.itap_until else None
        fields = [str(summary.nik), summary.name, summary.birth_date.isoformat(), summary.ever_married, until]
        return self._data.seal(cbor.encode(fields), _context(packet_id))

    def summary(self, packet_id: str, sealed: bytes | None) -> Summary | None:
        """The summary that `summarise` sealed; None where there is none or it does not open."""
        if sealed is None:
            return None
        try:
            nik, name, born, ever_married, until = cbor.decode(self._data.open(sealed, _context(packet_id)))
        except DataUnopenable:
            _log.error("summary of a print order does not open", packet_id=packet_id)
            return None
        return Summary(nik, name, date.fromisoformat(born), ever_married, date.fromisoformat(until) if until else None)


def _context(packet_id: str) -> bytes:
    return b"print-order/" + packet_id.encode()
