"""Cards in the accounts of a real office and a real centre: closed to the sheet, also after the centre is put back."""

import subprocess
import time

import pytest

from centre_examples import resident
from patience import PATIENCE_S
from rekam.centre.centre import TABLES as CENTRE_TABLES
from rekam.exchange.comparison import Found, compare
from rekam.exchange.offering import OfferAgain
from rekam.exchange.saying_again import SayAgain
from rekam.exchange.sums import card_sums
from rekam.office.office import TABLES as OFFICE_TABLES
from rekam.storage.pool import connect_pool
from rekam.storage.programs import program
from rekam.storage.testing import fresh_database, fresh_pool
from rekam.web.reconciling.asking import against_account
from rekam.web.reconciling.report import report_on
from small_country import Link, country, open_centre, open_office, open_station, record, remote_of

PEOPLE = [resident(number, f"PENDUDUK {number}") for number in range(1, 5)]
LONG_AGO = "now() - interval '1 day'"


class Places:
    """The office, and the centre that it reaches at the moment; three cards were ordered, none is printed."""

    def __init__(self, folder, office, centre, statements, packets):
        self.folder, self.office, self.centre, self.statements = folder, office, centre, statements
        self.packets = packets

    def say(self):
        _until(lambda: not self.office.statements.waiting(1), self.office.relay.run_once)

    def age(self):
        """What was ordered and printed so far lies a day back."""
        for pool, columns in (
            (self.office.pool, (("card", "printed_at"), ("print_order", "received_at"))),
            (self.centre.pool, (("print_order", "ordered_at"),)),
        ):
            with pool.connection() as tx:
                tx.execute("SET session_replication_role = replica")  # no row of these ever changes else
                for table, column in columns:
                    tx.execute(f"UPDATE {table} SET {column} = {LONG_AGO}")
                tx.execute("SET session_replication_role = DEFAULT")

    def accounts(self):
        return self.office.accounts.own(), self.centre.accounts.own("3174")

    def sums(self):
        office, centre = self.accounts()
        return [str(line) for line in (*card_sums(office), *card_sums(centre))]

    def found(self):
        return {(each.found, str(each)) for each in compare(*self.accounts()).findings}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return country(tmp_path_factory.mktemp("cards") / "country", *PEOPLE)


@pytest.fixture(scope="module")
def databases():
    with fresh_pool(*OFFICE_TABLES) as office, fresh_database(*CENTRE_TABLES) as centre:
        yield office, centre


@pytest.fixture(scope="module")
def places(folder, databases):
    for_office, dsn = databases
    pool, link, statements = connect_pool(dsn), Link(), Link()
    centre = open_centre(folder, pool, *PEOPLE)
    statements.far = centre.statements
    up = Link(remote_of(centre))
    office = open_office(folder, for_office, up, statements=statements)
    link.far = office.local()
    station = open_station(folder, link)
    packets = [record(station, person.nik).packet_id for person in PEOPLE[:3]]
    _until(lambda: station.here.line.outbox.unsent()[0] == 0, station.here.line.run_once)
    _until(lambda: office.state().relayed == 3, office.relay.run_once)
    centre.worker().run_until_idle()
    _until(lambda: len(office.cards.waiting()) == 3, office.relay.run_once)
    office.blanks.receive(100, "kiriman pusat", by="budi")
    made = Places(folder, office, centre, statements, packets)
    made.up, made.station = up, station
    yield made
    station.close()
    made.centre.close()
    made.centre.pool.close()


def _until(done, act):
    deadline = time.monotonic() + PATIENCE_S
    while not done():
        assert time.monotonic() < deadline
        act()


def test_1_orders_and_blanks_close_before_anything_is_printed(places):
    assert places.sums() == [
        "cards ordered 3 = printed 0 + to be printed 3 + held 0 + withdrawn 0",
        "blanks received 100 = printed 0 + printed again 0 + spoilt 0 + in stock 100",
        "cards ordered 3 = printed 0 + to be printed 3 + held 0 + withdrawn 0",
        "sheets printed 0 = printed 0 + printed again 0",
    ]
    assert compare(*places.accounts()).complete


def test_2_a_printed_card_is_on_the_way_until_the_centre_heard_of_it(places):
    places.office.cards.print(places.packets[0], by="budi")
    places.age()
    assert places.found() == {(Found.SHEET_ON_THE_WAY, "3174/000002")}
    places.say()
    assert places.found() == set()


def test_3_a_centre_that_is_put_back_to_its_backup_is_told_again_and_the_accounts_close(places, databases, tmp_path):
    dump = tmp_path / "centre.dump"
    subprocess.run([program("pg_dump"), "-Fc", "-f", dump, "-d", databases[1]], check=True)
    late = record(places.station, PEOPLE[3].nik).packet_id
    _until(lambda: places.station.here.line.outbox.unsent()[0] == 0, places.station.here.line.run_once)
    _until(lambda: places.office.state().relayed == 4, places.office.relay.run_once)
    places.office.cards.print(places.packets[1], by="budi")
    places.office.cards.reprint(places.packets[0], by="budi", reason="tinta luntur")
    places.office.blanks.spoil(5, "basah", by="budi")
    places.say()
    places.age()
    closed = places.sums()
    assert closed == [
        "cards ordered 3 = printed 2 + to be printed 1 + held 0 + withdrawn 0",
        "blanks received 100 = printed 2 + printed again 1 + spoilt 5 + in stock 92",
        "cards ordered 3 = printed 2 + to be printed 1 + held 0 + withdrawn 0",
        "sheets printed 3 = printed 2 + printed again 1",
    ]
    places.centre.close()
    places.centre.pool.close()
    with fresh_database() as dsn:
        subprocess.run([program("pg_restore"), "--clean", "--if-exists", "-d", dsn, dump], check=True)
        places.centre = open_centre(places.folder, connect_pool(dsn))
        places.statements.far, places.up.far = places.centre.statements, remote_of(places.centre)
        assert places.found() == {
            (Found.LOST_ABOVE, "317401-01/1/000004"),
            (Found.SHEET_UNKNOWN_ABOVE, "3174/000003-000004"),
        }
        lost = report_on(places.accounts()[0], compare(*places.accounts()), places.accounts()[1])
        assert not lost.complete
        again = SayAgain(places.office.statements, places.statements, places.office.centre.signing, places.office.clock)
        assert again.run_once() == 2
        assert again.run_once() == 0, "and not again before tomorrow"
        assert _offered_again(places).run_once() == 1
        assert late in places.centre.inbox.receipts([late])
        assert places.found() == set()
        assert places.sums() == closed
        assert [sheet.copy for sheet in places.centre.cards.of(places.packets[0])] == [1, 2]
        _files_close(places, tmp_path)
        _a_lost_ledger_is_seen(places)
        places.centre.close()
        places.centre.pool.close()


def _offered_again(places):
    """What its office once delivered, offered to the centre as once a day."""
    office = places.office
    return OfferAgain(
        office.outbox.kept, office.packets, places.up, office.centre.signing, kind="acceptance", clock=office.clock
    )


def _files_close(places, tmp_path):
    """The same by the signed files that two places exchange, in either direction."""
    (tmp_path / "kantor.neraca").write_bytes(places.office.accounts.signed(places.office.accounts.own()))
    (tmp_path / "pusat.neraca").write_bytes(places.centre.accounts.signed(places.centre.accounts.own("3174")))
    for desk, name in ((places.centre.accounts, "kantor"), (places.office.accounts, "pusat")):
        report = against_account(desk, desk.read((tmp_path / f"{name}.neraca").read_bytes()))
        assert report.complete
        assert report.to_map()["sums"][-1]["adds_up"]


def _a_lost_ledger_is_seen(places):
    with places.office.pool.connection() as tx:
        tx.execute("SET session_replication_role = replica")  # behind the office's back
        tx.execute("DELETE FROM card WHERE copy = 2")
        tx.execute("SET session_replication_role = DEFAULT")
    office, _ = places.accounts()
    assert [line.adds_up for line in card_sums(office)] == [True, False], "a blank left the stock, and no card has it"
    assert places.found() == {(Found.SHEET_UNKNOWN_BELOW, "3174/000004")}
