"""A station of the demo country for tests: provisioned once a run, copied for each test, with a line that is cut."""

import json
import shutil
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import numpy as np

from rekam.abis.synthetic.png import encode_png
from rekam.apps.provision import make_country
from rekam.drill.demo import PIN, SUPERVISOR_PIN, demo_country
from rekam.enrolment.sample import ALL_SLOTS
from rekam.exchange.errors import RemoteUnreachable
from rekam.station.app import create_station_app
from rekam.station.devices.cast import Cast
from rekam.station.devices.simulated import SimulatedDevice
from rekam.station.ports import Ports
from rekam.station.sitting import Capture
from rekam.station.station import Station
from rekam.station.unlock import Unlocked
from rekam.storage.disk import RealDisk
from rekam.trust import keyfile
from rekam.trust.clock import Clock, SteppedClock
from rekam.trust.pin import Cost
from rekam.web.assets import PDF_FONTS

STATION, OPERATOR, SUPERVISOR = "317401-01", "op-317401-01", "spv-317401-01"
TODAY = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)


@cache
def provisioned() -> Path:
    """One country for the whole run; nobody writes into it."""
    folder = Path(tempfile.mkdtemp(prefix="rekam-tests-")) / "country"
    make_country(folder, demo_country(date(2026, 11, 21)), cost=Cost(64, 1, 1))
    return folder


class Cut:
    """The line to an office that does not answer; `far` mends it."""

    def __init__(self):
        self.far = None

    def __getattr__(self, name):
        if self.far is None:
            raise RemoteUnreachable(place="Sudin Dukcapil Jakarta Selatan", reason="no connection")
        return getattr(self.far, name)


@dataclass
class Counter:
    """A station's folder, what it is opened with, and who works there."""

    folder: Path
    clock: Clock = field(default_factory=lambda: SteppedClock(TODAY))
    options: dict = field(default_factory=dict)
    line: Cut = field(default_factory=Cut)

    def __post_init__(self):
        self.station = self.open()

    @property
    def home(self) -> Path:
        return self.folder / f"station-{STATION}"

    def open(self) -> Station:
        pepper = keyfile.load(self.folder / "keys" / f"station-{STATION}.keys")["pepper"]
        return Station(
            Ports(
                **{
                    "folder": self.home,
                    "disk": RealDisk(),
                    "clock": self.clock,
                    "device": SimulatedDevice(Cast(self.home / "cast.json")),
                    "connect": lambda _identity: self.line,
                    "fonts": PDF_FONTS,
                    "pepper": pepper,
                    "pause_s": 3600.0,
                }
                | self.options
            )
        )

    def restart(self) -> Station:
        """The process ends and starts again; nobody is signed in."""
        self.station.close()
        self.station = self.open()
        return self.station

    def sign_in(self) -> Unlocked:
        return self.station.sign_in(OPERATOR, PIN)

    def supervisor(self) -> Unlocked:
        return self.station.supervisor(SUPERVISOR, SUPERVISOR_PIN)

    def adults(self, count: int = 1):
        """Residents old enough, none of them said to be recorded."""
        people = self.station.here.residents.search("3174", limit=60)
        return [one for one in people if one.birth_date.year < 2005 and not self.station.ask(one.nik).answer.warns][
            :count
        ]

    def cast(self, **roles: tuple[int, int]):
        """Which synthetic person sits there under which NIK, and with which impression."""
        entries = {nik: {"person": person, "impression": impression} for nik, (person, impression) in roles.items()}
        (self.home / "cast.json").write_text(json.dumps(entries), "utf-8")

    def filled(self, nik: str, operator: Unlocked, *, leave: tuple = ()) -> str:
        """A sitting whose slots hold small pictures; no device and no engine takes part. Returns its id."""
        station = self.station
        sitting = station.sittings.confirm_biodata(station.sittings.open(nik, operator).sitting_id)
        for slot in ALL_SLOTS:
            if slot not in leave:
                taken = capture(slot)
                sitting = sitting.with_capture(taken)
                station.here.drafts.keep(sitting, taken)
        return sitting.sitting_id

    def save(self, nik: str):
        operator = self.sign_in()
        return self.station.sittings.save(self.filled(nik, operator), operator, consent=True)

    def app(self, **options):
        return create_station_app(self.station, self.clock, place="Stasiun 317401-01 Tebet", **options)


def counter(folder: Path, **options) -> Counter:
    shutil.copytree(provisioned(), folder)
    return Counter(folder, options=options)


def capture(slot, *, quality: int = 80, attempts: int = 1, good: bool = True) -> Capture:
    """A small picture of its own for each slot."""
    return Capture(slot, "image/png", _picture(str(slot)), quality, (), attempts, "test pad", forced=False, good=good)


@cache
def _picture(name: str) -> bytes:
    shade = 40 + 10 * [str(slot) for slot in ALL_SLOTS].index(name)
    return encode_png(np.full((40, 30, 3), shade, np.uint8))
