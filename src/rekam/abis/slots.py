"""The places of a body that the engine compares, as opaque strings, and the modality each belongs to."""

from enum import StrEnum

from rekam.abis.errors import UnknownSlot


class Modality(StrEnum):
    """A family of features with its own extractor, comparator and calibration."""

    FINGER = "finger"
    IRIS = "iris"


IRIS_SLOTS = ("iris-1", "iris-2")
FINGER_SLOTS = tuple(f"finger-{position}" for position in range(1, 11))
SLOTS = IRIS_SLOTS + FINGER_SLOTS
"""In the order in which they are searched: an iris comparison costs a hundredth of a finger's."""

_MODALITIES = dict.fromkeys(IRIS_SLOTS, Modality.IRIS) | dict.fromkeys(FINGER_SLOTS, Modality.FINGER)


def modality_of(slot: str) -> Modality:
    """Which extractor and calibration a slot needs. Raises `UnknownSlot`."""
    try:
        return _MODALITIES[slot]
    except KeyError:
        raise UnknownSlot(slot=slot) from None


def hand_of(slot: str) -> int:
    """Of a finger's slot: 0 the right hand (1-5), 1 the left (6-10)."""
    return (FINGER_SLOTS.index(slot)) // 5
