"""When a photo of the hand belongs to a recording: what can be seen is shown, not only stated (docs/adr/0050)."""

from collections.abc import Iterable
from typing import Final

from rekam.enrolment.sample import ExceptionReason, SampleException
from rekam.enrolment.slot import HAND_SLOTS, Modality, Slot

__all__ = ["hand_of", "hands_to_show"]

SEEN_ON_THE_HAND: Final = frozenset({ExceptionReason.AMPUTATED, ExceptionReason.BANDAGED, ExceptionReason.INJURED})
"""Reasons that a photo can bear out: worn ridges and a hand that cannot be opened it cannot."""
_FINGERS: Final = 5


def hand_of(finger: Slot) -> Slot:
    """The hand that a finger belongs to: positions 1 to 5 are the right one's."""
    return HAND_SLOTS[(finger.position - 1) // _FINGERS]


def hands_to_show(exceptions: Iterable[SampleException]) -> tuple[Slot, ...]:
    """The hands of which these exceptions ask a photo, right before left."""
    asking = {
        hand_of(held.slot)
        for held in exceptions
        if held.slot.modality is Modality.FINGER and held.reason in SEEN_ON_THE_HAND
    }
    return tuple(sorted(asking))
