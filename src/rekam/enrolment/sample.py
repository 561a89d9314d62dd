"""What is captured of a resident: `Sample`, or the reason why it could not be, `SampleException`."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Self

from rekam.enrolment.errors import RekamError
from rekam.enrolment.slot import ALL_SLOTS, HAND_SLOTS, Modality, Slot

__all__ = [
    "ALL_SLOTS",
    "HAND_SLOTS",
    "REASON_WORDS",
    "EmptySample",
    "ExceptionReason",
    "InvalidSample",
    "Modality",
    "ReasonDoesNotFit",
    "Sample",
    "SampleException",
    "Slot",
]


class EmptySample(RekamError):
    """The capture of {slot} holds no data (zero bytes). The rest of the sitting is kept; capture {slot} again."""


class InvalidSample(RekamError):
    """The capture of {slot} gives {what} = {value}, which is impossible. The rest of the sitting is kept;
    capture {slot} again, and restart the device if this comes back.
    """


class ReasonDoesNotFit(RekamError):
    """'{reason}' cannot be the reason why {slot} is missing. The rest of the sitting is kept; choose another reason."""


@dataclass(frozen=True)
class Sample:
    """One captured image and how it was taken.

    `image` is the encoded file as the device gave it, of `media_type`; `quality` runs 0-100; `attempts`
    counts from 1; `device` names model and serial; `forced` says that the operator kept a sample below
    the quality the rules ask for.
    """

    slot: Slot
    media_type: str
    image: bytes
    quality: int
    attempts: int
    device: str
    forced: bool = False

    def __post_init__(self) -> None:
        if not self.image:
            raise EmptySample(slot=self.slot)
        if not 0 <= self.quality <= 100:
            raise InvalidSample(slot=self.slot, what="quality", value=self.quality)
        if self.attempts < 1:
            raise InvalidSample(slot=self.slot, what="attempts", value=self.attempts)

    @property
    def digest(self) -> bytes:
        """SHA-256 of the encoded image, 32 bytes."""
        return hashlib.sha256(self.image).digest()


class ExceptionReason(StrEnum):
    """Why a slot holds no sample (DOMAIN section 3; OSIA knows BANDAGED, AMPUTATED, DAMAGED)."""

    AMPUTATED = "amputated"
    BANDAGED = "bandaged"
    WORN = "worn"
    INJURED = "injured"
    BLIND_EYE = "blind-eye"
    EYE_ABSENT = "eye-absent"
    UNABLE = "unable"
    NO_CAMERA = "no-camera"
    NOT_HELD = "not-held"  # a drill with real images holds fewer fingers than a person has

    def fits(self, modality: Modality) -> bool:
        """Whether this reason can explain a missing sample of `modality`."""
        return modality in _FITS[self]

    @classmethod
    def choices(cls, modality: Modality) -> tuple[Self, ...]:
        """The reasons that a screen offers for a slot of `modality`."""
        return tuple(reason for reason in cls if reason is not cls.NOT_HELD and reason.fits(modality))


_FINGER = frozenset({Modality.FINGER})
_IRIS = frozenset({Modality.IRIS})
_FITS: Mapping[ExceptionReason, frozenset[Modality]] = MappingProxyType(
    {
        ExceptionReason.AMPUTATED: _FINGER,
        ExceptionReason.BANDAGED: _FINGER | _IRIS,
        ExceptionReason.WORN: _FINGER,
        ExceptionReason.INJURED: _FINGER | _IRIS,
        ExceptionReason.BLIND_EYE: _IRIS,
        ExceptionReason.EYE_ABSENT: _IRIS,
        ExceptionReason.UNABLE: _FINGER | _IRIS | {Modality.SIGNATURE, Modality.HAND},
        ExceptionReason.NO_CAMERA: frozenset({Modality.HAND}),
        ExceptionReason.NOT_HELD: frozenset(Modality),
    }
)

REASON_WORDS: Mapping[ExceptionReason, tuple[str, str]] = MappingProxyType(
    {  # reason: (Bahasa Indonesia, English)
        ExceptionReason.AMPUTATED: ("Tidak ada (amputasi)", "Missing (amputated)"),
        ExceptionReason.BANDAGED: ("Dibalut perban", "Bandaged"),
        ExceptionReason.WORN: ("Guratan aus", "Ridges worn"),
        ExceptionReason.INJURED: ("Luka", "Injured"),
        ExceptionReason.BLIND_EYE: ("Mata buta", "Blind eye"),
        ExceptionReason.EYE_ABSENT: ("Bola mata tidak ada", "Eye absent"),
        ExceptionReason.UNABLE: ("Penduduk tidak mampu", "Resident unable"),
        ExceptionReason.NO_CAMERA: ("Kamera tidak ada atau rusak", "No camera, or it is broken"),
        ExceptionReason.NOT_HELD: ("Tidak ada dalam kumpulan uji", "Not held in the test set"),
    }
)


@dataclass(frozen=True)
class SampleException:
    """The recorded reason why `slot` has no sample; it never blocks a sitting.

    `best_quality` (0-100) is that of the best attempt, None when nothing could be tried.
    `confirmed_by` is the supervisor's id, empty until confirmed.
    """

    slot: Slot
    reason: ExceptionReason
    attempts: int
    best_quality: int | None
    confirmed_by: str
    note: str = ""

    def __post_init__(self) -> None:
        if not self.reason.fits(self.slot.modality):
            raise ReasonDoesNotFit(reason=self.reason, slot=self.slot)
        if self.attempts < 0:
            raise InvalidSample(slot=self.slot, what="attempts", value=self.attempts)
        if self.best_quality is not None and not 0 <= self.best_quality <= 100:
            raise InvalidSample(slot=self.slot, what="best_quality", value=self.best_quality)
