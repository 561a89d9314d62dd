"""Numbers of letters on a stick: a station's report goes up, the office's signed answer comes home beside it.

The station need not remember what it asked weeks ago: the answer travels with the report that it answers, and names it
by its digest under the office's signature.
"""

from collections.abc import Callable
from typing import Any, Final

from rekam.exchange.courier.bundle import Bundle
from rekam.exchange.courier.errors import BundleUnreadable
from rekam.exchange.courier.manifest import Item
from rekam.exchange.courier.writing import Content, of_bytes
from rekam.exchange.letters import Report
from rekam.trust import cbor

__all__ = ["LETTERS", "AnswerLetters", "letters_answered_content", "letters_answered_in", "letters_content"]

LETTERS: Final = "letters"
"""Kind of an item: going up a report as over the line, coming home CBOR `[report, answer]`."""
_TOLD_AND_ANSWERED: Final = 2

AnswerLetters = Callable[[str, int, bytes], bytes]
"""The office's signed answer to what an installation (station, epoch) reports. Raises `LettersUnreadable`."""


def letters_content(report: bytes) -> Content:
    """What a station tells of its numbers; noted with how many it tells."""
    return of_bytes(LETTERS, report, str(len(Report.from_bytes(report).used)))


def letters_answered_content(report: bytes, answer: bytes) -> Content:
    """The answer, with what it answers."""
    return of_bytes(LETTERS, cbor.encode([report, answer]), letters_content(report).item.note)


def letters_answered_in(bundle: Bundle, item: Item) -> tuple[bytes, bytes]:
    """Report and answer. Raises `BundleUnreadable` and what reading an item raises; the answer proves itself."""
    try:
        held: Any = cbor.decode(bundle.read(item))
    except cbor.CborUnreadable as unreadable:
        raise BundleUnreadable(path=bundle.path.name, **unreadable.facts) from None
    whole = isinstance(held, list) and len(held) == _TOLD_AND_ANSWERED and all(isinstance(each, bytes) for each in held)
    if not whole:
        raise BundleUnreadable(path=bundle.path.name, reason=LETTERS)
    return held[0], held[1]
