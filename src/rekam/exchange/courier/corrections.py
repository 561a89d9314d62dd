"""Corrected biodata on a stick: the station's sealed question goes up, parcels that it alone opens come home."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rekam.exchange.corrections import PARCEL
from rekam.exchange.courier.manifest import Item
from rekam.exchange.courier.writing import Content, of_bytes
from rekam.trust.certificates import Certificate

__all__ = ["AnswerCorrections", "Numbered", "SealedQuestion", "first_of", "parcel_content", "question_content"]


@dataclass(frozen=True)
class SealedQuestion:
    """A station's question as a parcel to its office, and how many open referrals it tells."""

    parcel: bytes
    referrals: int


@dataclass(frozen=True)
class Numbered:
    """A parcel with the batch of entries `first` to `last`."""

    first: int
    last: int
    parcel: bytes


AnswerCorrections = Callable[[Certificate, bytes], Sequence[Numbered]]
"""What follows the cursor of the station that sealed this question. Raises `CorrectionsUnreadable` and what opening a
parcel raises.
"""


def question_content(question: SealedQuestion) -> Content:
    """Noted with how many referrals it tells; one that tells none only asks."""
    return of_bytes(PARCEL, question.parcel, str(question.referrals))


def parcel_content(answer: Numbered) -> Content:
    """Noted with the numbers of its entries."""
    return of_bytes(PARCEL, answer.parcel, f"{answer.first}-{answer.last}")


def first_of(item: Item) -> int:
    """The number of a parcel's first entry, as its note has it; proved by the batch inside."""
    first, _, _ = item.note.partition("-")
    return int(first) if first.isdecimal() else 0
