"""Words on days on a stick: those that the office may lack go up, how far it knows them comes home."""

from typing import Final

from rekam.exchange.courier.bundle import Bundle
from rekam.exchange.courier.errors import BundleUnreadable
from rekam.exchange.courier.manifest import Item
from rekam.exchange.courier.writing import Content, of_bytes
from rekam.exchange.day_word import KIND
from rekam.exchange.day_words import DayWordDesk
from rekam.trust import cbor
from rekam.trust.certificates import Certificate
from rekam.trust.cose import peek1

__all__ = ["DAYS_KNOWN", "DAY_WORD", "day_word_content", "days_known_content", "days_known_in"]

DAY_WORD: Final = "day-word"
"""Kind of an item: a word as its supervisor signed it."""
DAYS_KNOWN: Final = "days-known"
"""Kind of an item: the number of the newest word that the office holds of the installation that it answers."""


def day_word_content(data: bytes) -> Content:
    """One word of this place's own, for a bundle on its way to the office; named by its day."""
    return of_bytes(DAY_WORD, data, str(cbor.decode(peek1(data, kind=KIND).payload)["day"]))


def days_known_content(desk: DayWordDesk, writer: Certificate) -> Content:
    """How far the desk knows the words of the station that wrote a bundle."""
    n, _ = desk.store.last(writer.subject, writer.epoch)
    return of_bytes(DAYS_KNOWN, cbor.encode(n), str(n))


def days_known_in(bundle: Bundle, item: Item) -> int:
    """Read `days_known_content`. Raises `BundleUnreadable` and what reading an item raises."""
    try:
        n = cbor.decode(bundle.read(item))
    except cbor.CborUnreadable as unreadable:
        raise BundleUnreadable(path=bundle.path.name, **unreadable.facts) from None
    if type(n) is not int or n < 0:
        raise BundleUnreadable(path=bundle.path.name, reason=DAYS_KNOWN)
    return n
