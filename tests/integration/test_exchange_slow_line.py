"""A village's line: 128 kbit/s, 800 ms there and back, stalls and cuts as 5 % of lost packets cause them.

Everything about the line is twenty times as fast here, packets are as much smaller than real ones: the same pieces are
cut as often. `python -m bench.slow_line` does it with a real megabyte at the real speed.
"""

import time
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


def test_several_uploads_in_flight_fill_a_line_that_one_at_a_time_leaves_idle(office, tmp_path):
    far_away = Quality(400_000, 0.25)
    took = {}
    for name, lanes, first in (("one", one_lane, 1), ("four", ThreadLanes(4), 101)):
        chain = packets(first + 11, size=12_000)[first - 1 :]
        with FaultProxy(lambda: office[0], quality=far_away) as line:
            began = time.monotonic()
            send_all(line, tmp_path / name, chain, lanes)
            took[name] = time.monotonic() - began
    assert took["four"] < 0.6 * took["one"]
