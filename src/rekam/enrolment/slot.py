"""The places of a sitting that a sample can fill: `Slot`. Every sitting fills the fourteen of `ALL_SLOTS`. `HAND_SLOTS`
are for the photo of a hand whose fingers could not be captured.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import total_ordering

from rekam.enrolment.errors import RekamError

__all__ = ["ALL_SLOTS", "HAND_SLOTS", "Modality", "Slot", "UnknownSlot"]


class UnknownSlot(RekamError):
    """'{text}' is not a sample position. Nothing was changed.
    Positions are photo, signature, finger-1 (right thumb) to finger-10 (left little), iris-1 (right), iris-2 (left),
    hand-1 (photo of the right hand), hand-2 (of the left).
    """


class Modality(StrEnum):
    """The kinds of sample of one sitting, in capture order."""

    PHOTO = "photo"
    SIGNATURE = "signature"
    FINGER = "finger"
    HAND = "hand"
    IRIS = "iris"


# Fingers as ISO/IEC 19794-2 table 6 and ANSI/NIST-ITL FGP, eyes as ISO/IEC 19794-6; 0 is "the only one".
_POSITIONS = {
    Modality.PHOTO: range(1),
    Modality.SIGNATURE: range(1),
    Modality.FINGER: range(1, 11),
    Modality.HAND: range(1, 3),
    Modality.IRIS: range(1, 3),
}

_LABELS = {  # (Bahasa Indonesia, English); finger names as in the code lists' biometric_set
    "photo": ("Pas foto", "Photo"),
    "signature": ("Tanda tangan", "Signature"),
    "finger-1": ("Jempol kanan", "Right thumb"),
    "finger-2": ("Telunjuk kanan", "Right index"),
    "finger-3": ("Jari tengah kanan", "Right middle"),
    "finger-4": ("Jari manis kanan", "Right ring"),
    "finger-5": ("Kelingking kanan", "Right little"),
    "finger-6": ("Jempol kiri", "Left thumb"),
    "finger-7": ("Telunjuk kiri", "Left index"),
    "finger-8": ("Jari tengah kiri", "Left middle"),
    "finger-9": ("Jari manis kiri", "Left ring"),
    "finger-10": ("Kelingking kiri", "Left little"),
    "hand-1": ("Foto tangan kanan", "Photo of the right hand"),
    "hand-2": ("Foto tangan kiri", "Photo of the left hand"),
    "iris-1": ("Iris kanan", "Right iris"),
    "iris-2": ("Iris kiri", "Left iris"),
}


@total_ordering
@dataclass(frozen=True)
class Slot:
    """One position: ``str`` gives ``photo``, ``signature``, ``finger-7``, ``iris-1``; `parse` reads it back.

    Slots sort in capture order.
    """

    modality: Modality
    position: int = 0

    def __post_init__(self) -> None:
        if self.position not in _POSITIONS[self.modality]:
            raise UnknownSlot(text=f"{self.modality}-{self.position}")

    @staticmethod
    def parse(text: str) -> "Slot":
        """The slot whose ``str`` is `text`; raises `UnknownSlot`."""
        found = _BY_NAME.get(text)
        if found is None:
            raise UnknownSlot(text=text)
        return found

    def label(self, lang: str = "id") -> str:
        """What a screen calls this position, in Indonesian or, for ``en``, in English."""
        return _LABELS[str(self)][lang == "en"]

    def __lt__(self, other: "Slot") -> bool:
        return self._order < other._order

    @property
    def _order(self) -> tuple[int, int]:
        return _ORDER[self.modality], self.position

    def __str__(self) -> str:
        return f"{self.modality}-{self.position}" if self.position else str(self.modality)


_ORDER = {modality: place for place, modality in enumerate(Modality)}
HAND_SLOTS: tuple[Slot, ...] = tuple(Slot(Modality.HAND, position) for position in _POSITIONS[Modality.HAND])
ALL_SLOTS: tuple[Slot, ...] = tuple(
    Slot(modality, position)
    for modality in Modality
    if modality is not Modality.HAND
    for position in _POSITIONS[modality]
)
_BY_NAME = {str(slot): slot for slot in (*ALL_SLOTS, *HAND_SLOTS)}
