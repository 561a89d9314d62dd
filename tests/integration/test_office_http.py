"""A station over real HTTP: uploads with a signed request, takes the custody receipt, follows the feed through the office."""

import pytest

from exchange_server import serving_app
from office_examples import CENTRE, FEED, OFFICE, OTHER_OFFICE, STATION, packet, world
from rekam.enrolment.identifiers import StationId
from rekam.exchange.errors import FeedForbidden, SenderForbidden
from rekam.exchange.feed import open_batch
from rekam.exchange.http_remote import HttpRemote
from rekam.office.app import create_office_app
from rekam.trust import receipts
from rekam.trust.clock import SystemClock
from rekam.web.staff import InMemoryStaffStore


@pytest.fixture
def here(tmp_path):
    with world(tmp_path) as made:
        yield made


@pytest.fixture
def address(here):
    with serving_app(create_office_app(here.office, InMemoryStaffStore(here.clock))) as address:
        yield address


def remote(address, holder):
    return HttpRemote(address, place="3174", key=holder.key, chain=holder.chain, clock=SystemClock())


def test_a_station_delivers_and_follows_the_centre_through_its_office(here, address):
    sent = packet()
    station = remote(address, STATION)
    assert station.lacking([sent.id]) == {sent.id: 0}
    station.append(sent.id, 0, sent.data[:100])
    station.append(sent.id, station.offset(sent.id), sent.data[100:])
    receipt = receipts.verify(station.complete(sent.id, STATION.chain), OFFICE.holder.key.public)
    assert (receipt.kind, receipt.place, receipt.size) == ("custody", "3174", sent.size)
    here.office.relay.run_once()
    here.centre.order(sent)
    here.office.relay.run_once()
    batch = open_batch(station.feed_after(FEED, 0), CENTRE.key.public)
    assert [entry.kind for entry in batch.entries] == ["result", "print_order"]
    station.close()


def test_a_station_of_another_office_may_neither_send_nor_read(here, address):
    foreign = remote(address, OTHER_OFFICE.station(StationId("327301-01"), "Bandung"))
    with pytest.raises(SenderForbidden):
        foreign.lacking([packet().id])
    with pytest.raises(FeedForbidden):
        foreign.feed_after(FEED, 0)
    foreign.close()
