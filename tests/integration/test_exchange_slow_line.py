"""A village's line: 128 kbit/s, 800 ms there and back, stalls and cuts as 5 % of lost packets cause them.

Everything about the line is twenty times as fast here, packets are as much smaller than real ones: the same pieces are
cut as often. `python -m bench.slow_line` does it with a real megabyte at the real speed.
"""

import threading
import time
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest

from exchange_examples import CLOCK, OFFICE, STATION, inbox, packets
from exchange_server import serving
from patience import PATIENCE_S
from rekam.drill.ailments import Quality
from rekam.drill.fault_proxy import FaultProxy
from rekam.exchange.admission import stations_of
from rekam.exchange.http_remote import HttpRemote
from rekam.exchange.in_memory import InMemoryOutbox, InMemoryRegister
from rekam.exchange.lanes import ThreadLanes, one_lane
from rekam.exchange.remote import LocalRemote
from rekam.exchange.sender import Sender
from rekam.storage.blobs import BlobStore
from rekam.storage.disk import RealDisk

FASTER = 20
VILLAGE = Quality(128_000 / 8 * FASTER, 0.8 / FASTER, loss=0.05, cut_every=4)


@pytest.fixture
def office(tmp_path):
    register = InMemoryRegister()
    with serving(LocalRemote(inbox(tmp_path / "office", register)), may_send=stations_of("3174")) as url:
        yield (urlsplit(url).hostname, urlsplit(url).port), register


def send_all(line, tmp_path, chain, lanes):
    outbox, blobs = InMemoryOutbox(), BlobStore(tmp_path / "station", RealDisk())
    for each in chain:
        blobs.put(each.data)
        outbox.put(each.waiting())
    remote = HttpRemote(line.url, place="3174", key=STATION.key, chain=STATION.chain, clock=CLOCK)
    sender = Sender(outbox, blobs, remote, OFFICE.key.public, kind="custody", lanes=lanes)
    deadline = time.monotonic() + PATIENCE_S
    while outbox.waiting(1):
        assert time.monotonic() < deadline, f"{len(outbox.waiting(99))} still wait"
        sender.run_once()
    remote.close()
    return outbox


@pytest.mark.parametrize("lanes", [one_lane, ThreadLanes(3)], ids=["one at a time", "three in flight"])
def test_everything_arrives_once_over_a_village_line(office, tmp_path, lanes):
    at, register = office
    chain = packets(12, size=50_000)
    with FaultProxy(lambda: at, quality=VILLAGE, seed=5) as line:
        outbox = send_all(line, tmp_path, chain, lanes)
        assert line.faults > 5
        sent = sum(len(each.data) for each in chain)
        assert line.up.carried < 2 * sent, "what was cut was sent again from where it stood"
    assert outbox.set_aside() == []
    assert outbox.receipts == register.receipts([each.id for each in chain])
    assert len(outbox.receipts) == len(chain)


class Crossing:
    """Where deliveries meet: each waits until `together` of them are there at once; `most` is how many ever were."""

    def __init__(self, together):
        self.together, self.most, self._there = together, 0, 0
        self._moved = threading.Condition()

    @contextmanager
    def one(self):
        with self._moved:
            self._there += 1
            self.most = max(self.most, self._there)
            self._moved.notify_all()
            assert self._moved.wait_for(lambda: self.most >= self.together, PATIENCE_S)
        yield
        with self._moved:
            self._there -= 1


class MeetingPlace(LocalRemote):
    """An office that takes packets in at a `Crossing`."""

    crossing = Crossing(1)

    def seen_by(self, key_id):
        seen = MeetingPlace(self._inbox, by=key_id)
        seen.crossing = self.crossing
        return seen

    def take_in(self, *packet):
        with self.crossing.one():
            return super().take_in(*packet)


@pytest.mark.parametrize(("lanes", "together"), [(one_lane, 1), (ThreadLanes(4), 4)], ids=["one lane", "four"])
def test_as_many_uploads_are_in_flight_as_there_are_lanes(tmp_path, lanes, together):
    """While one waits for the far end the others fill the line; what that brings is measured in `bench.slow_line`."""
    office, chain = MeetingPlace(inbox(tmp_path / "office", InMemoryRegister())), packets(12, size=12_000)
    office.crossing = Crossing(together)
    with serving(office, may_send=stations_of("3174")) as url:
        at = (urlsplit(url).hostname, urlsplit(url).port)
        with FaultProxy(lambda: at, quality=Quality(400_000, 0.02)) as line:
            outbox = send_all(line, tmp_path, chain, lanes)
    assert office.crossing.most == together
    assert len(outbox.receipts) == len(chain)
