"""SBI devices for tests: a simulated service behind port 4501 and the station's adapter in front of it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache

from device_contract import RIGHT_INDEX
from rekam.interop.sbi.devices import SbiDevices
from rekam.interop.sbi.simulator.direct_wire import DirectWire
from rekam.interop.sbi.simulator.people import Bodies
from rekam.interop.sbi.simulator.service import KINDS, SimulatedService, make_devices
from rekam.station.devices.port import Wanted
from rekam.trust.clock import SteppedClock
from rekam.trust.device_maker import UnsafeDeviceMaker
from rekam.trust.jwt import Makers
from rekam.trust.random import SeededRandomUnsafeForTests

PORT, ENV, PERSON = 4501, "Developer", 7
NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
SITTING = "5b0f9b1c6e2a4d3f8c7a1e0d9b8f7a6c"


@cache
def maker() -> UnsafeDeviceMaker:
    return UnsafeDeviceMaker.create(NOW)


@dataclass
class Bench:
    """A station's devices and the service behind them; `wire.services` is what is plugged in."""

    service: SimulatedService
    wire: DirectWire
    devices: SbiDevices
    clock: SteppedClock
    makers: list = field(default_factory=list)

    def capture(self, *slots, sitting=SITTING, **more):
        return self.devices.capture(Wanted(slots or (RIGHT_INDEX,), sitting, **more))


@cache
def _devices():
    """RSA keys cost a tenth of a second each: one set of devices for all tests."""
    return make_devices(maker(), SteppedClock(NOW), SeededRandomUnsafeForTests("devices"))


def service(clock, kinds=KINDS) -> SimulatedService:
    bodies = Bodies(bad_attempts=False)
    bodies.person = PERSON
    devices = {kind: key for kind, key in _devices().items() if kind in kinds}
    return SimulatedService(maker(), devices, clock, bodies, env=ENV)


def bench(**more) -> Bench:
    clock = SteppedClock(NOW)
    plugged = service(clock)
    wire = DirectWire({PORT: plugged})
    makers = [Makers([maker().root])]
    devices = SbiDevices(
        wire, lambda: makers[0], clock, SeededRandomUnsafeForTests("station"), env=ENV, **({"capture_s": 1.0} | more)
    )
    devices.look()
    return Bench(plugged, wire, devices, clock, makers)
