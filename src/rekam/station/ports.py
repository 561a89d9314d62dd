"""What a station stands on: `Ports`."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

from rekam.abis.spread import Map
from rekam.exchange.account_http import AccountRemote
from rekam.exchange.corrections import CorrectionDesk
from rekam.exchange.day_words import DayWordRemote
from rekam.exchange.filter_shelf import Scope
from rekam.exchange.key_requests import KeyRequestRemote
from rekam.exchange.lanes import Lanes, one_lane
from rekam.exchange.letters import LetterDesk
from rekam.exchange.purging import STATION_RETENTION
from rekam.exchange.remembered import RememberSource
from rekam.exchange.remote import Remote
from rekam.station.devices.port import Device
from rekam.station.printing.ipp import IppPrinter, certificate_of
from rekam.station.printing.settings import MakePrinter
from rekam.station.store import Identity
from rekam.storage.disk import Disk
from rekam.trust.clock import Clock
from rekam.trust.random import Random, SystemRandom

__all__ = ["Ports"]


@dataclass(frozen=True)
class Ports:
    """What the station stands on. `connect` makes the remote of its office once the identity is known; `fonts` is
    the folder of Inter's TTF files; `portal` is the public website's address that proofs name, empty for none;
    `pause_s` is how often the line looks for work, `lanes` how it runs its uploads; `retention` is how long a copy
    stays after the centre accepted it, None for ever; `scratch` opens an unnamed file for ciphertext, None for one in
    `folder`; `report` makes the way by which accounts reach the office, `day_words`
    that of closed days, None where there is none; `check_scope` is how
    much of the national filter is kept here; `each` runs the local search over its chunks, one thread or several;
    `letters` is the way on which numbers of letters come, None where there is none; `operator_keys` the way on which
    operators' new keys are asked for; `corrections` that of corrected biodata; `printer` is the
    address of the printer it is started with, empty for the browser; `make_printer` reaches one.
    """

    folder: Path
    disk: Disk
    clock: Clock
    device: Device
    connect: Callable[[Identity], Remote]
    fonts: Path
    portal: str = ""
    pepper: bytes = b""
    reserve_bytes: int = 0
    pause_s: float = 2.0
    retention: timedelta | None = STATION_RETENTION
    lanes: Lanes = one_lane
    report: Callable[[Identity], AccountRemote] | None = None
    day_words: Callable[[Identity], DayWordRemote] | None = None
    random: Random = field(default_factory=SystemRandom)
    scratch: Callable[[], BinaryIO] | None = None
    remembers: Callable[[Identity], RememberSource] | None = None
    check_scope: Scope = "nation"
    each: Map = map
    letters: Callable[[Identity], LetterDesk] | None = None
    operator_keys: Callable[[Identity], KeyRequestRemote] | None = None
    corrections: Callable[[Identity], CorrectionDesk] | None = None
    printer: str = ""
    make_printer: MakePrinter = IppPrinter
    printer_certificate: Callable[[str], str] = certificate_of
