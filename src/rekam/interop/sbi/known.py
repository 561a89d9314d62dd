"""A device as a station knows it: what it says of itself, whether that is signed, and how it is: `Known`."""

from dataclasses import dataclass
from datetime import datetime

from rekam.enrolment.errors import RekamError
from rekam.enrolment.sample import Modality, Slot
from rekam.station.devices.at_once import BOTH_EYES, LEFT_FOUR, RIGHT_FOUR, THUMBS, singly
from rekam.station.devices.port import DeviceHealth, DeviceState

__all__ = ["Known", "Moment"]

_BY_SUB_ID = {"1": LEFT_FOUR, "2": RIGHT_FOUR, "3": THUMBS}


@dataclass(frozen=True)
class Moment:
    """What a device's clock showed, and the nanosecond of this machine (within its boot) at which it was told."""

    shown: datetime
    monotonic_ns: int


@dataclass(frozen=True)
class Known:
    """One device behind `port`. `sub_ids` are its parts (`deviceSubId`); `trouble` says what is wrong, `moment` is None
    until it told a time; `made_up`: certified by the maker of simulated devices.
    """

    port: int
    device_id: str
    modality: Modality
    sub_type: str
    name: str
    serial: str
    sub_ids: tuple[str, ...]
    health: DeviceHealth
    trouble: RekamError | None = None
    moment: Moment | None = None
    made_up: bool = False

    @property
    def key(self) -> str:
        """The same after it was plugged into another port."""
        return f"{self.modality}-{self.serial or self.device_id}"

    @property
    def at_once(self) -> tuple[tuple[Slot, ...], ...]:
        """The groups that one capture can fill, by what it says of itself."""
        alone, kind = singly(self.modality), self.sub_type.strip().lower()
        if self.modality is Modality.FINGER and kind == "slap":
            parts = tuple(_BY_SUB_ID[sub] for sub in self.sub_ids if sub in _BY_SUB_ID)
            return (*(parts or tuple(_BY_SUB_ID.values())), *alone)
        if self.modality is Modality.IRIS and kind == "double":
            return (BOTH_EYES, *alone)
        return alone

    def takes(self, slots: tuple[Slot, ...]) -> bool:
        """Whether one capture can fill all of these."""
        return any(set(slots) <= set(group) for group in self.at_once)

    def state(self, *, capturing: bool, fault: RekamError | None) -> DeviceState:
        """As the station's port tells it; a ready device still tells what its last capture failed of."""
        health = DeviceHealth.BUSY if capturing and self.health is DeviceHealth.READY else self.health
        trouble = self.trouble or fault
        return DeviceState(
            self.key, self.name, self.serial, self.modality, health, self.at_once, trouble, made_up=self.made_up
        )
