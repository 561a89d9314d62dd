"""What a station asks of its capture devices: one or several slots at a time, a live preview, and how they are."""

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol

from rekam.enrolment.biodata import Biodata
from rekam.enrolment.errors import RekamError
from rekam.enrolment.sample import Modality, Slot

__all__ = ["Captured", "Device", "DeviceHealth", "DeviceState", "Frame", "Frames", "NothingCaptured", "Shot", "Wanted"]


class NothingCaptured(RekamError):
    """The device gave no image of {slot} ({reason}). The sitting is kept.
    Try again; if it cannot be captured, choose the reason why it is missing.
    """


@dataclass(frozen=True)
class Wanted:
    """What is captured now: `slots` of one modality, all at once (four fingers, two thumbs, both eyes) or one.

    `sitting` is opaque and the same for every capture of a sitting. `attempts` counts from 1 for each slot (absent:
    the first). `missing` are slots that this resident does not have or cannot give; a device must not wait for them.
    `least` is the quality (0-100) at which the device may take the picture by itself. `resident` is who sits there,
    None when a device is only tried; it never leaves this process, only made-up devices look at it. `device` is the
    key of the one device that shall do it, None for any.
    """

    slots: tuple[Slot, ...]
    sitting: str
    resident: Biodata | None = field(default=None, repr=False)
    attempts: Mapping[Slot, int] = field(default_factory=lambda: MappingProxyType({}))
    missing: frozenset[Slot] = frozenset()
    least: int = 0
    device: str | None = None

    def attempt(self, slot: Slot) -> int:
        return self.attempts.get(slot, 1)

    @property
    def modality(self) -> Modality:
        return self.slots[0].modality


@dataclass(frozen=True)
class Captured:
    """One image as the device gave it: an encoded file of `media_type`; `device` names model and serial, `quality`
    (0-100) is the device's own opinion, None where it has none.
    """

    slot: Slot
    image: bytes = field(repr=False)
    media_type: str
    device: str
    quality: int | None = None


@dataclass(frozen=True)
class Shot:
    """What one capture gave: images, and for every other slot that was asked for, why there is none."""

    captured: tuple[Captured, ...]
    missed: Mapping[Slot, RekamError] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class Frame:
    """One picture of a live preview, `jpeg` a whole JPEG file; `quality` 0-100 where the device tells it."""

    jpeg: bytes = field(repr=False)
    quality: int | None = None


Frames = Generator[Frame, None, None]
"""A live preview; closing it lets the device go."""


class DeviceHealth(StrEnum):
    """How a device is. Only a ready one captures; all others recover by themselves once their cause is gone."""

    READY = "ready"
    BUSY = "busy"
    NOT_READY = "not-ready"
    GONE = "gone"
    REFUSED = "refused"


@dataclass(frozen=True)
class DeviceState:
    """One device as the station knows it now.

    `key` tells it from all others of this station; `name` is make and model, `serial` as printed on it. `at_once` are
    the groups of slots that one capture of it can fill, the largest first. `trouble` says what is wrong and what to do.
    `made_up`: it shows people who do not exist.
    """

    key: str
    name: str
    serial: str
    modality: Modality
    health: DeviceHealth
    at_once: tuple[tuple[Slot, ...], ...]
    trouble: RekamError | None = None
    made_up: bool = False


class Device(Protocol):
    """All capture devices of a station, whichever of them has the sensor. Adapters: `SimulatedDevice`, `FolderDevice`,
    and for SBI devices `rekam.interop.sbi`; uploads come in by the browser. All pass one contract suite
    (tests/contract/test_contract_devices.py); every method may be called from several threads.
    """

    def capture(self, wanted: Wanted) -> Shot:
        """Images of the slots wanted, each once. Blocks until the device has them or gives up, within its time limit.

        Raises a `RekamError` that says what to do when nothing at all was captured.
        """
        ...

    def preview(self, wanted: Wanted) -> Frames:
        """What the sensor sees, as often as it tells, until the caller closes it or the device ends it.

        Raises, at once or at any frame, a `RekamError` that says what to do; a preview that fails harms no capture.
        """
        ...

    def state(self) -> tuple[DeviceState, ...]:
        """Every device known, those that went away included. Never raises, and answers within milliseconds."""
        ...
