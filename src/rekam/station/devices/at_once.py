"""The groups of slots that one capture can fill: `LEFT_FOUR`, `RIGHT_FOUR`, `THUMBS`, `BOTH_EYES`."""

from typing import Final

from rekam.enrolment.sample import ALL_SLOTS, HAND_SLOTS, Modality, Slot

__all__ = ["BOTH_EYES", "LEFT_FOUR", "RIGHT_FOUR", "SLAPS", "THUMBS", "singly"]


def _fingers(*positions: int) -> tuple[Slot, ...]:
    return tuple(Slot(Modality.FINGER, position) for position in positions)


LEFT_FOUR: Final = _fingers(7, 8, 9, 10)
RIGHT_FOUR: Final = _fingers(2, 3, 4, 5)
THUMBS: Final = _fingers(1, 6)
SLAPS: Final = (LEFT_FOUR, RIGHT_FOUR, THUMBS)
"""The 4-4-2 of a slap scanner (ISO/IEC 19794-4 positions 14, 13 and 15)."""
BOTH_EYES: Final = tuple(Slot(Modality.IRIS, position) for position in (1, 2))


def singly(modality: Modality) -> tuple[tuple[Slot, ...], ...]:
    """Every slot of a modality by itself."""
    return tuple((slot,) for slot in (*ALL_SLOTS, *HAND_SLOTS) if slot.modality is modality)
