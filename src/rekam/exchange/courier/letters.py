"""Numbers of letters on a stick: a station's report goes up sealed, the office's signed answer comes home.

A report says in an operator's own words why a letter is void, and words may name a resident: on a stick it is a parcel
that its office alone opens (never 16). The station keeps what it sealed until the answer names it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from rekam.exchange.courier.bundle import Bundle
from rekam.exchange.courier.errors import BundleUnreadable
from rekam.exchange.courier.manifest import Item
from rekam.exchange.courier.writing import Content, of_bytes
from rekam.trust import cbor
from rekam.trust.certificates import Certificate

__all__ = [
    "LETTERS",
    "AnswerLetters",
    "SealedReport",
    "letters_answered_content",
    "letters_answered_in",
    "letters_content",
]

LETTERS: Final = "letters"
"""Kind of an item, and of the parcel in it: going up a sealed report, coming home CBOR `[SHA-256 of it, answer]`."""
_ANSWERED: Final = 2

AnswerLetters = Callable[[Certificate, bytes], bytes]
"""The office's signed answer to what this installation of a station sealed. Raises `LettersUnreadable` and what opening
a parcel raises.
"""


@dataclass(frozen=True)
class SealedReport:
    """A station's report as a parcel to its office, and how many numbers it tells."""

    parcel: bytes
    numbers: int


def letters_content(report: SealedReport) -> Content:
    """What a station tells of its numbers; noted with how many it tells."""
    return of_bytes(LETTERS, report.parcel, str(report.numbers))


def letters_answered_content(asked: Item, answer: bytes) -> Content:
    """The answer, with the digest of what it answers."""
    return of_bytes(LETTERS, cbor.encode([bytes.fromhex(asked.sha256), answer]), asked.note)


def letters_answered_in(bundle: Bundle, item: Item) -> tuple[bytes, bytes]:
    """Digest of the parcel, and the answer. Raises `BundleUnreadable` and what reading an item raises; the answer
    proves itself.
    """
    held = bundle.decoded(item)
    if not (isinstance(held, list) and len(held) == _ANSWERED and all(isinstance(each, bytes) for each in held)):
        raise BundleUnreadable(path=bundle.path.name, reason=LETTERS)
    return held[0], held[1]
