"""What a station asks of a capture device: one image of one slot."""

from dataclasses import dataclass, field
from typing import Protocol

from rekam.enrolment.biodata import Biodata
from rekam.enrolment.errors import RekamError
from rekam.enrolment.sample import Slot

__all__ = ["Captured", "Device", "NothingCaptured"]


class NothingCaptured(RekamError):
    """The device gave no image of {slot} ({reason}). The sitting is kept.
    Try again; if it cannot be captured, choose the reason why it is missing.
    """


@dataclass(frozen=True)
class Captured:
    """One image as the device gave it: an encoded file of `media_type`; `device` names model and serial."""

    slot: Slot
    image: bytes = field(repr=False)
    media_type: str
    device: str


class Device(Protocol):
    """Adapters: `SimulatedDevice`, `FolderDevice`; uploads come in by `uploaded`."""

    def capture(self, slot: Slot, resident: Biodata, attempt: int) -> Captured:
        """One image of `slot` of the resident who sits there. `attempt` counts from 1 within the sitting.

        Raises `NothingCaptured`.
        """
        ...
