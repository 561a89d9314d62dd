"""Numbers of letters between a station and its office: each given once, reported once, never another's (never 5)."""

from contextlib import contextmanager

import psycopg
import pytest

from exchange_server import serving_app
from office_examples import OTHER_OFFICE, STATION, world
from rekam.enrolment.errors import RekamError
from rekam.enrolment.identifiers import StationId
from rekam.exchange.errors import SenderForbidden
from rekam.exchange.letters import BLOCK, Block, Grant, Report, Used
from rekam.exchange.letters_http import HttpLetters
from rekam.exchange.signed_http import SignedHttp
from rekam.office.app import create_office_app
from rekam.trust.clock import SystemClock
from rekam.web.staff import InMemoryStaffStore

NOW = "2017-03-20T02:00:00+00:00"
YEAR = 2017
ONE, OTHER = "317401-01", "317401-02"
EMPTY = Report(0, ())


@pytest.fixture
def here(tmp_path):
    with world(tmp_path) as made:
        yield made


@pytest.fixture
def office(here):
    return here.office


def ask(office, station=ONE, epoch=1, report=EMPTY):
    data = report.to_bytes()
    word = office.answer_letters(station, epoch, data)
    return Grant.read(word, office.certificate.signing, station, epoch, data)


def used(*numbers, packet="317401-01/1/000001", void=""):
    at = NOW if void else ""
    return Report(0, tuple(Used(YEAR, number, packet, NOW, "op-1", void, at) for number in numbers))


def test_every_station_gets_two_blocks_of_its_own_and_a_lost_answer_costs_none(office):
    first = ask(office)
    assert first.blocks == (Block(YEAR, 1, BLOCK), Block(YEAR, BLOCK + 1, 2 * BLOCK))
    assert ask(office) == first
    assert ask(office, OTHER).blocks == (
        Block(YEAR, 2 * BLOCK + 1, 3 * BLOCK),
        Block(YEAR, 3 * BLOCK + 1, 4 * BLOCK),
    )
    assert office.letters.register().given == 4 * BLOCK


def test_when_a_block_is_used_up_the_next_one_comes_and_the_register_adds_up(office):
    ask(office)
    assert len(ask(office, report=used(*range(1, BLOCK))).blocks) == 2
    assert len(ask(office, report=used(BLOCK)).blocks) == 3
    register = office.letters.register()
    assert (register.given, register.used, register.left) == (3 * BLOCK, BLOCK, 2 * BLOCK)
    assert register.adds_up


def test_a_station_that_was_set_up_anew_gets_new_blocks_and_the_old_ones_are_given_to_nobody(office):
    old = ask(office)
    ask(office, report=used(1))
    new = ask(office, epoch=2, report=used(2))
    assert not set(old.blocks) & set(new.blocks)
    register = office.letters.register()
    first = register.blocks[0]
    assert (first.block.first, first.epoch, first.used) == (1, 1, 2)
    assert register.adds_up


def test_a_disk_that_was_set_back_hears_which_numbers_were_used(office):
    ask(office)
    ask(office, report=used(1, 2))
    assert ask(office).known == ((YEAR, 1), (YEAR, 2))


def test_a_void_letter_is_counted_and_a_report_told_twice_changes_nothing(office):
    ask(office)
    for _ in range(2):
        ask(office, report=used(1, void="salah cetak"))
    register = office.letters.register()
    assert (register.used, register.void) == (1, 1)
    assert [(each.number, each.void) for each in register.newest] == [(1, "salah cetak")]


def test_one_number_for_two_packets_or_outside_its_block_is_an_alarm(office):
    ask(office)
    ask(office, report=used(1))
    ask(office, report=used(1, packet="317401-01/1/000002"))
    ask(office, OTHER, report=used(5, packet="317401-02/1/000001"))
    register = office.letters.register()
    assert register.twice == ((YEAR, 1),)
    assert register.strange == ((YEAR, 5),)
    assert not register.adds_up


def test_what_stations_were_provisioned_with_is_given_to_nobody_else(office):
    given = [(ONE, 1, Block(YEAR, 1, BLOCK)), ("-", 0, Block(YEAR, BLOCK + 1, 5 * BLOCK))]
    for _ in range(2):
        office.letters.open_with(given)
    assert ask(office, OTHER).blocks[0].first == 5 * BLOCK + 1


def test_what_the_register_holds_never_changes(office):
    ask(office, report=used(1, void="salah"))
    for sql in ("UPDATE letter SET by = 'x'", "DELETE FROM letter_block", "UPDATE letter_void SET reason = ''"):
        with pytest.raises(psycopg.errors.RestrictViolation), office.pool.connection() as tx:
            tx.execute(sql)


@contextmanager
def desk(address, holder):
    http = SignedHttp(address, place="3174", key=holder.key, chain=holder.chain, clock=SystemClock())
    yield HttpLetters(http)
    http.close()


def test_over_the_line_a_station_tells_and_asks_for_itself_alone_and_staff_see_it(here, office):
    report = used(1).to_bytes()
    with serving_app(create_office_app(office, InMemoryStaffStore(here.clock))) as address:
        with desk(address, STATION) as own:
            word = own.tell(report)
            with pytest.raises(RekamError):
                own.tell(b"nonsense")
        stranger = OTHER_OFFICE.station(StationId("327301-01"), "Bandung")
        with desk(address, stranger) as foreign, pytest.raises(SenderForbidden):
            foreign.tell(report)
    grant = Grant.read(word, office.certificate.signing, ONE, 1, report)
    assert grant.known == ((YEAR, 1),)
    assert {each.station for each in office.letters.register().blocks} == {ONE}
