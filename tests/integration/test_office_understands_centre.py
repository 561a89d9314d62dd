"""Office and portal below a real centre: they read what it writes, since neither imports the other."""

import pytest

from office_examples import CENTRE, OFFICE, ROOT, SITI, STATION, TODAY, open_office, packet
from rekam.centre.centre import TABLES as CENTRE_TABLES
from rekam.centre.centre import Centre
from rekam.centre.nik_hashes import NikHashes
from rekam.centre.ports import CentreKeys, Ports
from rekam.centre.print_orders import PARCEL_KIND
from rekam.enrolment.status import Status
from rekam.exchange.remote import LocalRemote
from rekam.office import print_orders
from rekam.office.office import TABLES as OFFICE_TABLES
from rekam.portal.portal import TABLES as PORTAL_TABLES
from rekam.portal.portal import Portal
from rekam.storage.disk import RealDisk
from rekam.storage.testing import fresh_pool
from rekam.trust.at_rest import DataKey
from rekam.trust.clock import SteppedClock

HASH_KEY = bytes(range(32))


@pytest.fixture
def country(tmp_path):
    clock = SteppedClock(TODAY)
    keys = CentreKeys(CENTRE.key, (CENTRE.opening,), DataKey.generate(), NikHashes(bytes(32), HASH_KEY, bytes(32)))
    with fresh_pool(*CENTRE_TABLES) as one, fresh_pool(*OFFICE_TABLES) as two, fresh_pool(*PORTAL_TABLES) as three:
        ports = Ports(pool=one, folder=tmp_path / "centre", disk=RealDisk(), clock=clock, keys=keys, root=ROOT)
        centre = Centre(ports)
        centre.admit_office(OFFICE.holder.chain)
        remote = LocalRemote(centre.inbox, centre.feed)
        office = open_office(two, tmp_path, clock, remote)
        portal = Portal(three, HASH_KEY, centre_chain=CENTRE.chain, root=ROOT, clock=clock, remote=remote)
        yield centre, office, portal


def test_a_packet_that_the_centre_accepts_shows_so_at_the_office(country):
    centre, office, _ = country
    sent = packet()
    office.inbox.append(sent.id, 0, sent.data)
    office.inbox.complete(sent.id, STATION.chain)
    office.relay.run_once()
    assert centre.counts().received == 1
    held, told = office.whereabouts.packet(sent.id)
    assert (held.status, [line.kind for line in told]) == (Status.RECEIVED_AT_CENTRAL, ["accepted"])


def test_a_notice_reaches_office_and_portal(country):
    centre, office, portal = country
    centre.notices.publish("Server dipelihara.", "Maintenance.", author="pusat", todo_id="Rekam terus.")
    office.relay.run_once()
    portal.following.run_once()
    (there,), (here,) = office.notices.newest(), portal.copy.notices()
    assert (there.number, there.text_id, there.todo_id) == (1, "Server dipelihara.", "Rekam terus.")
    assert (here.number, here.text_en) == (1, "Maintenance.")


def test_centre_and_portal_name_a_resident_alike(country):
    _, _, portal = country
    named = NikHashes(bytes(32), HASH_KEY, bytes(32)).portal(SITI.nik, SITI.birth_date)
    with portal.pool.connection() as connection:
        connection.execute("INSERT INTO resident_status VALUES (%s, 'PRINT_READY_RECORD', now(), 1)", [named])
    assert portal.copy.answer(SITI.nik, SITI.birth_date).status is Status.PRINT_READY_RECORD


def test_centre_and_office_name_a_print_order_alike():
    assert PARCEL_KIND == print_orders.PARCEL_KIND
