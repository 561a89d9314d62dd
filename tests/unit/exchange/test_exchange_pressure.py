from pathlib import Path

import pytest

from exchange_examples import inbox, packets
from rekam.exchange.errors import RemoteBusy
from rekam.exchange.in_memory import InMemoryRegister
from rekam.exchange.pressure import Pressure
from rekam.storage.memory_disk import MemoryDisk
from rekam.trust.clock import SteppedClock

RESERVE = 1_000_000


def pressure(free: int = 100 * RESERVE, most: int = 2, clock: SteppedClock | None = None) -> Pressure:
    return Pressure(MemoryDisk(free), Path("/office"), RESERVE, clock or SteppedClock(), most=most)


@pytest.mark.parametrize(("reserves", "seconds"), [(100, 0), (2, 0), (1.9, 60), (1.2, 600), (0.5, 600)], ids=str)
def test_senders_wait_longer_the_closer_the_disk_comes_to_its_reserve(reserves, seconds):
    assert pressure(round(reserves * RESERVE)).wait_s() == seconds


def test_a_crowd_is_asked_to_wait_until_some_are_through_or_have_given_up():
    clock = SteppedClock()
    crowd = pressure(clock=clock)
    for name in ("a", "b", "b"):
        crowd.touched(name)
    assert crowd.wait_s() == 5
    crowd.over("a")
    assert crowd.wait_s() == 0
    crowd.touched("c")
    clock.advance(61)
    crowd.touched("d")
    assert crowd.wait_s() == 0


def test_under_pressure_begun_packets_go_on_and_new_ones_are_told_how_long_to_wait(tmp_path):
    first, second, third = packets(3)
    office = inbox(tmp_path, InMemoryRegister(), pressure=pressure())
    office.append(first.id, 0, first.data[:10])
    office.append(second.id, 0, second.data[:10])
    with pytest.raises(RemoteBusy) as told:
        office.append(third.id, 0, third.data[:10])
    assert told.value.facts["retry_after_s"] == 5
    office.append(first.id, 10, first.data[10:])
    assert office.complete(first.id, first.chain)
    office.append(third.id, 0, third.data)
