"""A device with moods, and a counter that captures with it, for every test of captures."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from patience import PATIENCE_S
from rekam.station.devices.cast import Cast
from rekam.station.devices.simulated import SimulatedDevice
from station_counter import Counter
from station_counter import counter as make_counter


class MoodyDevice(SimulatedDevice):
    """Good at the first attempt but for `worn` slots; hangs while `free` is not set, fails with `fault`; counts what it
    is asked.
    """

    def __init__(self):
        super().__init__(Cast(), bad_attempts=False)
        self.worn = frozenset()
        self.fault = None
        self.free = threading.Event()
        self.free.set()
        self.asked = 0

    def capture(self, wanted):
        self.asked += 1
        self.free.wait(PATIENCE_S)
        if self.fault:
            raise self.fault
        return super().capture(wanted)

    def _picture(self, slot, role, wanted, *, flawed):
        return super()._picture(slot, role, wanted, flawed=flawed or slot in self.worn)


@contextmanager
def moody_counter(folder: Path, device: MoodyDevice) -> Iterator[Counter]:
    """A station that captures with `device` alone; nothing hangs any more when it closes."""
    made = make_counter(folder / "country", device=device)
    yield made
    device.free.set()
    made.station.close()
