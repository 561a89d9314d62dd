"""Roll calls on a stick: "which of these do you still hold?" goes up, the signed answer comes home.

Over the line a place is asked once a day (`OfferAgain`). Where nothing but sticks goes between two places, this is how
a sender learns that the next place lost what it had acknowledged, and brings it again on the next trip.
"""

from collections.abc import Callable, Sequence
from typing import Final

from rekam.exchange.courier.bundle import Bundle
from rekam.exchange.courier.errors import BundleUnreadable
from rekam.exchange.courier.manifest import Item
from rekam.exchange.courier.writing import Content, of_bytes
from rekam.exchange.roll_call import PAGE
from rekam.trust import cbor
from rekam.trust.roll_call import RollCallUnreadable, ids_from_bytes, ids_to_bytes

__all__ = [
    "ANSWERED",
    "ASKED",
    "AnswerRoll",
    "roll_answered_content",
    "roll_answered_in",
    "roll_asked_contents",
    "roll_asked_in",
]

ASKED: Final = "roll-asked"
"""Kind of an item: ids of packets that the next place acknowledged and that are still kept here, 32 bytes each."""
ANSWERED: Final = "roll-answered"
"""Kind of an item: CBOR `[the ids that were asked, the signed answer]`."""
_ANSWERED: Final = 2

AnswerRoll = Callable[[Sequence[str]], bytes]
"""The signed answer to a roll call (`rekam.trust.roll_call`)."""


def roll_asked_contents(kept: Sequence[str]) -> list[Content]:
    """Questions for all of `kept`, each small enough to be answered at once."""
    pages = (kept[first : first + PAGE] for first in range(0, len(kept), PAGE))
    return [of_bytes(ASKED, ids_to_bytes(page), str(len(page))) for page in pages]


def roll_asked_in(data: bytes) -> list[str]:
    """Read one question. Raises `RollCallUnreadable`."""
    asked = ids_from_bytes(data)
    if len(asked) > PAGE:
        raise RollCallUnreadable(reason=f"more than {PAGE} ids at once")
    return asked


def roll_answered_content(asked: bytes, answer: bytes, note: str) -> Content:
    """The answer beside its question; `note`: how many were asked for."""
    return of_bytes(ANSWERED, cbor.encode([asked, answer]), note)


def roll_answered_in(bundle: Bundle, item: Item) -> tuple[list[str], bytes]:
    """The ids that were asked, and the answer, which proves itself. Raises `BundleUnreadable`, `RollCallUnreadable` and
    what reading an item raises.
    """
    held = bundle.decoded(item)
    if not (isinstance(held, list) and len(held) == _ANSWERED and all(isinstance(each, bytes) for each in held)):
        raise BundleUnreadable(path=bundle.path.name, reason=ANSWERED)
    asked, answer = held
    return roll_asked_in(asked), answer
