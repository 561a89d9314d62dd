"""Three places, real stores: what vanishes behind the system's back is named by the reconciliation, exactly that."""

import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from centre_examples import resident
from patience import PATIENCE_S
from rekam.centre.centre import TABLES as CENTRE_TABLES
from rekam.exchange.account_round import AccountSender
from rekam.exchange.comparison import Found, compare
from rekam.exchange.sums import sums_of
from rekam.office.office import TABLES as OFFICE_TABLES
from rekam.storage.testing import fresh_pool
from rekam.trust.certificates import verify_chain
from rekam.trust.requests import SignedRequest
from rekam.web.reconciling.report import report_on
from small_country import STATION, Link, country, open_centre, open_office, open_station, record, remote_of

PEOPLE = [resident(number, f"PENDUDUK {number}") for number in range(1, 6)]


class Line:
    """`AccountRemote` to a desk in this process: the request is signed by whom `chain` certifies."""

    def __init__(self, desk, certificates, scope):
        self.desk, self.scope = desk, scope
        self.request = SignedRequest(certificates, b"", "", 0, "", 0)

    def bring(self, data):
        self.desk.take(data, self.request)

    def fetch(self):
        return self.desk.signed(self.desk.own(self.scope))


class World:
    """The places, and their accounts as they are right now."""

    def __init__(self, folder, station, office, centre, recordings):
        self.folder, self.station, self.office, self.centre = folder, station, office, centre
        self.recordings = recordings

    def accounts(self):
        return self.station.here.accounts.own(), self.office.accounts.own(), self.centre.accounts.own()


@contextmanager
def _world(folder: Path):
    link = Link()
    with fresh_pool(*OFFICE_TABLES) as for_office, fresh_pool(*CENTRE_TABLES) as for_centre:
        centre = open_centre(folder, for_centre, *PEOPLE)
        office = open_office(folder, for_office, remote_of(centre))
        link.far = office.local()
        station = open_station(folder, link)
        recordings = [record(station, person.nik) for person in PEOPLE[:4]]
        _until(lambda: station.here.line.outbox.unsent()[0] == 0, station.here.line.run_once)
        _until(lambda: office.state().relayed == 4, office.relay.run_once)
        _until(lambda: station.here.recordings.find(recordings[3].packet_id).accepted_at, station.here.line.run_once)
        link.far = None
        recordings.append(record(station, PEOPLE[4].nik))
        yield World(folder, station, office, centre, recordings)
        station.close()
        centre.close()


def _until(done, act):
    deadline = time.monotonic() + PATIENCE_S
    while not done():
        assert time.monotonic() < deadline
        act()


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = country(tmp_path_factory.mktemp("reconciliation") / "country", *PEOPLE)
    with _world(folder) as made:
        yield made


def found(comparison):
    return {
        (each.found, each.at, tuple(each.sequences), tuple(id_ for ids in each.packet_ids.values() for id_ in ids))
        for each in comparison.findings
    }


def test_1_five_were_recorded_four_backed_up_and_accepted_and_one_waits(world):
    station, office, centre = world.accounts()
    assert [str(line) for line in sums_of(station)] == [
        "recorded 5 = waiting 1 + set aside 0 + backed up 4",
        "backed up 4 = not yet accepted 0 + accepted 4",
        "accepted 4 = kept 4 + purged 0",
    ]
    assert str(sums_of(office)[0]) == "in custody 4 = waiting 0 + set aside 0 + accepted 4"
    assert str(sums_of(centre)[0]) == "received 4 = in stage 4 + done 0 + rejected 0 + quarantined 0"
    for lower, upper in ((station, office), (office, centre), (station, centre)):
        assert compare(lower, upper).complete
    assert found(compare(station, office)) == {(Found.ON_THE_WAY, "3174", (5,), ())}


def test_2_accounts_come_up_by_themselves_and_the_centre_sees_what_waits_at_the_station(world):
    clock, here = world.office.clock, world.station.here
    station = verify_chain(here.identity.chain, here.identity.root)
    to_office = Line(world.office.accounts, station, STATION)
    assert AccountSender(here.accounts, to_office, clock).run_once() == 1
    to_centre = Line(world.centre.accounts, (world.office.certificate,), "3174")
    sender = AccountSender(world.office.accounts, to_centre, clock)
    assert (sender.run_once(), sender.run_once()) == (2, 0), "its own and its station's, and not again unchanged"
    received = {each.account.place: each for each in world.centre.accounts.received()}
    assert set(received) == {"3174", STATION}
    assert (received["3174"].live, received[STATION].live) == (True, False)
    assert str(sums_of(received[STATION].account)[0]) == "recorded 5 = waiting 1 + set aside 0 + backed up 4"
    assert dict(world.office.accounts.store.knows(STATION)) == {(STATION, 1): 4}


def test_3_one_packet_deleted_at_the_office_and_one_at_the_centre_are_named_and_no_others(world):
    second, third = world.recordings[1], world.recordings[2]
    world.office.packets.path(second.packet_id).unlink()
    with world.centre.pool.connection() as tx:
        tx.execute("SET session_replication_role = replica")  # no trigger and no key sees it
        for table in ("packet_stage", "enrolment_case", "exchange.packet"):
            tx.execute(f"DELETE FROM {table} WHERE packet_id = %s", (third.packet_id,))
    world.centre.packets.path(third.packet_id).unlink()
    station, office, centre = world.accounts()
    at_office = (Found.BYTES_MISSING, "3174", (2,), (second.packet_id,))
    at_centre = (Found.LOST_ABOVE, "centre", (3,), (third.packet_id,))
    waiting = {(Found.ON_THE_WAY, "3174", (5,), ())}
    assert found(compare(station, office)) == {at_office} | waiting
    assert found(compare(office, centre)) == {at_office, at_centre}
    assert found(compare(station, centre)) == {at_centre, (Found.ON_THE_WAY, "centre", (5,), ())}
    assert [(each.found, tuple(each.sequences)) for each in report_on(centre).findings] == [(Found.GAP, (3,))]


def test_4_the_same_by_signed_files_that_two_places_exchange(world, tmp_path):
    for name, desk in (("kantor", world.office.accounts), ("pusat", world.centre.accounts)):
        (tmp_path / f"{name}.neraca").write_bytes(desk.signed(desk.own("3174")))
    office = world.centre.accounts.read((tmp_path / "kantor.neraca").read_bytes())
    centre = world.office.accounts.read((tmp_path / "pusat.neraca").read_bytes())
    assert found(compare(office, world.centre.accounts.own())) == found(compare(world.office.accounts.own(), centre))
    everything = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    for person in PEOPLE:
        assert str(person.nik).encode() not in everything
        assert person.name.encode() not in everything


def test_5_a_recording_deleted_at_the_station_with_its_row_does_not_add_up_there(world):
    first = world.recordings[0]
    with world.station.here.store.tx() as tx:
        tx.execute("DROP TRIGGER recording_stays")
        tx.execute("DROP TRIGGER tally_is_kept")
        for table in ("shortlist", "template", "tally", "recording"):
            tx.execute(f"DELETE FROM {table} WHERE packet_id = ?", (first.packet_id,))
    report = report_on(world.station.here.accounts.own())
    assert not report.adds_up
    assert str(report.sums[0]) == "recorded 5 != waiting 1 + set aside 0 + backed up 3"
    assert [(each.found, tuple(each.sequences)) for each in report.findings] == [(Found.GAP, (1,))]
    named = found(compare(world.station.here.accounts.own(), world.office.accounts.own()))
    assert (Found.UNKNOWN_BELOW, STATION, (1,), (first.packet_id,)) in named
