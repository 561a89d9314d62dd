"""What SBI calls kinds, fingers and eyes, and which part of a device takes them."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from rekam.enrolment.sample import ALL_SLOTS, Modality, Slot

__all__ = ["TYPES", "modality_of", "slot_of", "sub_id", "sub_type"]

TYPES: Final[Mapping[Modality, str]] = MappingProxyType(
    {Modality.PHOTO: "Face", Modality.FINGER: "Finger", Modality.IRIS: "Iris"}
)
_FINGERS: Final = ("Thumb", "IndexFinger", "MiddleFinger", "RingFinger", "LittleFinger")
_EYES: Final = {1: "Right", 2: "Left"}
_HAND: Final = 5
_LEFT, _RIGHT, _BOTH, _UNTOLD = "1", "2", "3", "0"


def sub_type(slot: Slot) -> str:
    """``Left IndexFinger``, ``Right``; empty for a face."""
    match slot.modality:
        case Modality.FINGER:
            side = "Right" if slot.position <= _HAND else "Left"
            return f"{side} {_FINGERS[(slot.position - 1) % _HAND]}"
        case Modality.IRIS:
            return _EYES[slot.position]
        case _:
            return ""


def modality_of(bio_type: object) -> Modality | None:
    """Read leniently: any case, MOSIP's older FIR, IIR and FACE too."""
    named = str(bio_type).strip().lower()
    known = {"finger": Modality.FINGER, "fir": Modality.FINGER, "iris": Modality.IRIS, "iir": Modality.IRIS}
    return known.get(named, Modality.PHOTO if named in {"face", "fid"} else None)


def slot_of(modality: Modality, sub: object) -> Slot | None:
    """The slot of a `bioSubType`, blanks and case aside; None for ``UNKNOWN`` and what nobody knows."""
    if modality is Modality.PHOTO:
        return Slot(Modality.PHOTO)
    return _BY_NAME.get((modality, _plain(sub)))


def sub_id(slots: Sequence[Slot]) -> str:
    """`deviceSubId`: 1 the left hand or eye, 2 the right, 3 thumbs or both eyes, 0 for a face."""
    modality = slots[0].modality
    if modality is Modality.PHOTO:
        return _UNTOLD
    if modality is Modality.IRIS:
        return _BOTH if len(slots) > 1 else (_RIGHT if slots[0].position == 1 else _LEFT)
    if all(slot.position in {1, 6} for slot in slots):
        return _BOTH
    return _RIGHT if slots[0].position <= _HAND else _LEFT


def _plain(text: object) -> str:
    return "".join(str(text).split()).lower()


_BY_NAME: Final[Mapping[tuple[Modality, str], Slot]] = {
    (slot.modality, _plain(sub_type(slot))): slot
    for slot in ALL_SLOTS
    if slot.modality in {Modality.FINGER, Modality.IRIS}
}
