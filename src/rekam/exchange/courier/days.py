"""Words on days on a stick: those that the office may lack go up, how far it knows them comes home.

A word says in a supervisor's own words why a day was reopened, and words may name a resident: on a stick it is a parcel
that its office alone opens (never 16).
"""

from dataclasses import dataclass
from typing import Final, Self

from rekam.exchange.courier.bundle import Bundle
from rekam.exchange.courier.errors import BundleUnreadable
from rekam.exchange.courier.manifest import Item
from rekam.exchange.courier.writing import Content, of_bytes
from rekam.exchange.day_word import KIND
from rekam.exchange.day_words import DayWordDesk
from rekam.packet.parcel import open_parcel
from rekam.trust import cbor
from rekam.trust.certificates import Certificate
from rekam.trust.cose import peek1
from rekam.trust.sealing import OpeningKey

__all__ = ["DAY_WORD", "SealedDays", "SealedWord", "day_word_content", "days_known_content", "days_known_in"]

DAY_WORD: Final = "day-word"
"""Kind of an item, and of the parcel in it: a word as its supervisor signed it."""
DAYS_KNOWN: Final = "days-known"
"""Kind of an item: the number of the newest word that the office holds of the installation that it answers."""


@dataclass(frozen=True)
class SealedWord:
    """A word as a parcel to its office; `day` (ISO date) names it in the list of contents."""

    parcel: bytes
    day: str

    @classmethod
    def of(cls, word: bytes, parcel: bytes) -> Self:
        """`parcel` holds the signed `word`."""
        return cls(parcel, str(cbor.decode(peek1(word, kind=KIND).payload)["day"]))


class SealedDays:
    """An office's desk for words on days, for those that lie on a stick."""

    def __init__(self, desk: DayWordDesk, parcels: OpeningKey) -> None:
        self._desk = desk
        self._parcels = parcels

    def take(self, parcel: bytes, writer: Certificate) -> None:
        """Raises what `open_parcel` and `DayWordDesk.take` raise."""
        self._desk.take(open_parcel(parcel, self._parcels, writer.signing, DAY_WORD), writer.subject)

    def known(self, writer: Certificate) -> int:
        """The number of the newest word held of this installation."""
        return self._desk.store.last(writer.subject, writer.epoch)[0]


def day_word_content(word: SealedWord) -> Content:
    """One word of this place's own, for a bundle on its way to the office."""
    return of_bytes(DAY_WORD, word.parcel, word.day)


def days_known_content(days: SealedDays, writer: Certificate) -> Content:
    """How far the office knows the words of the station that wrote a bundle."""
    n = days.known(writer)
    return of_bytes(DAYS_KNOWN, cbor.encode(n), str(n))


def days_known_in(bundle: Bundle, item: Item) -> int:
    """Read `days_known_content`. Raises `BundleUnreadable` and what reading an item raises."""
    n = bundle.decoded(item)
    if type(n) is not int or n < 0:
        raise BundleUnreadable(path=bundle.path.name, reason=DAYS_KNOWN)
    return n
