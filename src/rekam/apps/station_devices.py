"""What a station captures with, by its settings: `station_devices`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from rekam.apps.settings import Settings
from rekam.enrolment.sample import Modality
from rekam.exchange.lanes import ThreadLanes
from rekam.exchange.rounds import Background, Pauses, Round, Rounds
from rekam.interop.sbi.devices import SbiDevices
from rekam.interop.sbi.http_wire import HttpWire
from rekam.station.devices.by_modality import ByModality
from rekam.station.devices.cast import Cast
from rekam.station.devices.folder import FolderDevice
from rekam.station.devices.port import Device
from rekam.station.devices.simulated import SimulatedDevice
from rekam.trust.clock import Clock
from rekam.trust.jwt import Makers
from rekam.trust.random import SystemRandom

__all__ = ["MAKERS", "StationDevices", "sbi_devices", "station_devices"]

MAKERS: Final = "makers"
"""The folder in a station's data folder that holds the certificates of device makers it trusts."""
LOOK_S: Final = 4.0
"""How often a station looks who is plugged in: sooner than an operator has pushed a plug in and looked up."""
_PORTS_AT_ONCE: Final = 8


@dataclass(frozen=True)
class StationDevices:
    """`device` is the port; `looking` finds devices again as they come and go, None where nothing can. `made_up`: no
    device of a person's is looked at.
    """

    device: Device
    looking: Background | None = None
    made_up: bool = False


def station_devices(
    folder: Path, facts: Mapping[str, Any], clock: Clock, now: Callable[[], datetime], settings: Settings
) -> StationDevices:
    """For the station in `folder`, whose `place.json` holds `facts`; `now` is the legal time. Where neither those nor
    the environment say otherwise it captures with real devices: made-up people must never be a default (ADR 0043).
    """
    cast, samples = Cast(folder / "cast.json"), facts.get("samples")
    simulated = SimulatedDevice(cast)
    chosen = settings.devices or facts.get("devices", "sbi")
    if chosen == "simulated":
        return StationDevices(FolderDevice(Path(samples), cast, simulated) if samples else simulated, made_up=True)
    demo = chosen == "sbi-demo"
    env = "Developer" if demo else settings.device_environment
    devices = sbi_devices(settings.device_makers or folder / MAKERS, clock, now, env)

    def look() -> Round:
        devices.look()
        return Round()

    looking = Rounds("devices", look, Pauses(LOOK_S, LOOK_S))
    held = ByModality(dict.fromkeys((Modality.SIGNATURE, Modality.HAND), simulated), devices) if demo else devices
    return StationDevices(held, looking, made_up=demo)


def sbi_devices(makers: Path, clock: Clock, now: Callable[[], datetime], env: str) -> SbiDevices:
    """SBI devices of this machine, believed if a certificate in `makers` vouches for them."""
    return SbiDevices(
        HttpWire(clock),
        lambda: Makers.of_folder(makers),
        clock,
        SystemRandom(),
        env=env,
        lanes=ThreadLanes(_PORTS_AT_ONCE),
        now=now,
    )
