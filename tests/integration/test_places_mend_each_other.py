"""A stored packet that went bad comes back from the place before, and its one receipt stays true."""

import pytest

from office_examples import STATION, packet, world
from rekam.exchange.daily_walk import EVERY_S
from rekam.exchange.in_memory import InMemoryOutbox
from rekam.exchange.offering import OfferAgain
from rekam.exchange.outbox import Waiting
from rekam.office.health import office_probes
from rekam.storage.blobs import BlobStore
from rekam.storage.memory_disk import MemoryDisk
from rekam.web.health import Level, examine


@pytest.fixture
def here(tmp_path):
    with world(tmp_path) as made:
        yield made


def spoil(blobs: BlobStore, packet_id: str) -> None:
    path = blobs.path(packet_id)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


@pytest.fixture
def station(here, tmp_path):
    """A station's own copies of three packets, all in the office's custody, and how it offers them again."""
    blobs, outbox = BlobStore(tmp_path / "station", MemoryDisk()), InMemoryOutbox()
    for number in (1, 2, 3):
        sent = packet(number)
        blobs.put(sent.data)
        outbox.put(Waiting(sent.id, sent.number, sent.size, 0, STATION.chain))
        outbox.acknowledged(sent.id, here.custody(sent))
    key = here.office.certificate.signing
    offers = OfferAgain(outbox.kept, blobs, here.office.local(), key, kind="custody", clock=here.clock, page=2)
    return outbox, offers


def run_through(offers: OfferAgain) -> int:
    return offers.run_once() + offers.run_once()


def test_a_place_that_holds_everything_is_brought_nothing(here, station):
    assert run_through(station[1]) == 0


def test_a_damaged_backup_comes_back_from_the_station_under_its_first_receipt(here, station):
    outbox, offers = station
    victim = sorted(outbox.receipts)[1]
    spoil(here.office.packets, victim)
    assert here.office.inbox.lacking([victim]) == {}
    here.office.scrubber.step(1 << 30)
    assert list(here.office.inbox.lacking([victim])) == [victim]
    assert run_through(offers) == 1
    here.office.packets.verify(victim)
    assert here.office.inbox.receipts([victim]) == {victim: outbox.receipts[victim]}
    assert (here.office.scrub_book.damaged(), here.office.inbox.lacking([victim])) == ([], {})
    assert here.office.whereabouts.stations()[0].packets == 3


def test_it_is_offered_at_the_start_and_then_once_a_day(here, station):
    outbox, offers = station
    run_through(offers)
    victim = min(outbox.receipts)
    here.office.packets.path(victim).unlink()
    here.office.scrubber.step(1 << 30)
    assert run_through(offers) == 0
    here.clock.advance(EVERY_S)
    assert run_through(offers) == 1


def test_what_the_centre_lost_and_the_office_cannot_give_is_told_with_what_to_do_and_goes_up_once_it_is_back(here):
    sent = packet()
    here.custody(sent)
    here.office.relay.run_once()
    here.centre.register._arrivals.pop(sent.id)
    here.office.packets.set_aside(sent.id)
    here.clock.advance(EVERY_S)
    here.office.relay.run_once()
    found = next(each for each in examine(office_probes(here.office)) if each.topic == "lost-above")
    assert found.level is Level.ALARM
    assert f"1 paket hilang di sana dan tidak dapat dikirim ulang dari sini: {sent.number}." in found.said
    assert "USB kurir" in found.todo
    here.office.packets.put(sent.data)
    assert here.office.upward.retry() == 0, "nothing waits for its first acceptance"
    assert here.office.relay.run_once().moved == 1
    assert here.centre.inbox.lacking([sent.id]) == {}
    found = next(each for each in examine(office_probes(here.office)) if each.topic == "lost-above")
    assert found.level is Level.WELL


def test_a_packet_that_the_centre_lost_comes_back_from_the_office(here):
    sent = packet()
    here.custody(sent)
    here.office.relay.run_once()
    assert here.office.outbox.receipt_of(sent.id) is not None
    assert here.office.upward.offers.run_once() == 0
    here.centre.register._arrivals.pop(sent.id)  # the row and what it said are gone
    here.clock.advance(EVERY_S)
    assert here.office.relay.run_once().moved == 1
    assert here.centre.inbox.lacking([sent.id]) == {}
