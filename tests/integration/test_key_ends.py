"""Somebody's key ends at a station: its word reaches the office by line and stick, and goes on to the centre, once."""

from contextlib import contextmanager
from dataclasses import replace

import pytest

from exchange_server import serving_app
from office_examples import CENTRE, OFFICE, ROOT, STATION, emptied, world
from rekam.apps.ceremony import Staff
from rekam.enrolment.identifiers import StationId
from rekam.exchange.courier.hearing import Ears
from rekam.exchange.errors import RequestRefused, SenderRevoked
from rekam.exchange.key_end import KeyEnd, KeyEndUnproved, read_key_end, sign_key_end
from rekam.exchange.key_ended import KEY_ENDED, KeyEnded
from rekam.exchange.key_requests import HttpKeyRequests
from rekam.exchange.signed_http import SignedHttp
from rekam.office.app import create_office_app
from rekam.office.courier import office_courier
from rekam.trust import cbor
from rekam.trust.clock import SystemClock
from rekam.trust.cose import peek1
from rekam.web.staff import InMemoryStaffStore

NAME, PIN = "317401-01", "204816"
WHO = OFFICE.staff(Staff("op-1", "Operator Satu", "operator", PIN))
CHAIN = OFFICE.holder.chain


def word(**changes) -> bytes:
    end = KeyEnd(NAME, 1, WHO.chain[0], "replaced", 2, bytes(range(32)))
    return sign_key_end(replace(end, **changes), STATION.key, STATION.chain[0])


@pytest.fixture(scope="module")
def _world(tmp_path_factory):
    with world(tmp_path_factory.mktemp("ends"), connections=1) as made:
        yield made


@pytest.fixture
def office(_world):
    """One database for the file; each test begins with its tables empty."""
    return emptied(_world.office, "key_end, exchange.statement_outbox, exchange.fence")


def said(office):
    """What waits for the centre."""
    return [one.verified(ROOT)[0] for one in office.statements.waiting(9)]


def test_a_word_becomes_one_statement_however_often_it_comes(office):
    for _ in range(2):
        office.operator_keys.ended(word(), NAME)
    office.operator_keys.ended(word(after=9), NAME)  # the disk was set back: the first word stands
    (statement,) = said(office)
    assert (statement.kind, statement.office) == (KEY_ENDED, "3174")
    ended = KeyEnded.from_body(statement.body)
    assert (ended.station, ended.epoch, ended.key) == (NAME, 1, WHO.key.public.key_id.hex())
    assert (ended.subject, ended.name, ended.role, ended.why) == ("op-1", "Operator Satu", "operator", "replaced")
    assert (ended.after, ended.head) == (2, bytes(range(32)).hex())
    assert office.operator_keys.ends.after(ended.key) == 2


def test_over_http_only_the_station_itself_tells_and_what_is_not_proved_is_refused(office):
    with over_http(office, STATION) as line:
        line.ended(word())
        with pytest.raises(RequestRefused, match="not proved"):
            line.ended(word()[:-1])
    with over_http(office, OFFICE.station(StationId("317401-02"), "Tebet 02")) as line, pytest.raises(RequestRefused):
        line.ended(word())
    assert len(said(office)) == 1


@contextmanager
def over_http(office, holder):
    app = create_office_app(office, InMemoryStaffStore(SystemClock()))
    with serving_app(app) as address:
        http = SignedHttp(address, place="3174", key=holder.key, chain=holder.chain, clock=SystemClock())
        yield HttpKeyRequests(http)
        http.close()


def test_nothing_is_believed_that_the_station_did_not_sign_or_that_is_not_about_its_own_people(office):
    other = OFFICE.station(StationId("317401-02"), "Tebet 02")
    forged = [
        sign_key_end(read_key_end(word(), CHAIN, ROOT).end, other.key, other.chain[0]),
        sign_key_end(read_key_end(word(), CHAIN, ROOT).end, WHO.key, WHO.chain[0]),
        word(epoch=2),
        word(ended=STATION.chain[0]),
        word(ended=CENTRE.chain[0]),
        word(after=0),
        word(head=b""),
        b"",
        bytes(5000),
    ]
    for data in forged:
        with pytest.raises(KeyEndUnproved):
            office.operator_keys.ended(data, NAME)
    assert said(office) == []


def test_a_station_whose_own_key_was_withdrawn_ends_nobodys(office):
    with office.pool.connection() as tx:
        office.withdrawals.withdraw(tx, NAME, 1, reason="dicuri")
    with pytest.raises(SenderRevoked):
        office.operator_keys.ended(word(), NAME)


def test_a_word_is_small_holds_no_more_than_its_fields_and_is_the_same_bytes_again():
    fields = cbor.decode(peek1(word(), kind="rekam/key-end").payload)
    assert set(fields) == {"version", "station", "epoch", "ended", "why", "after", "head", "by"}
    assert word() == word()
    assert len(word()) < 1024


def test_an_office_hears_it_from_a_stick_as_well(office):
    ears = office_courier(office).destination.ears
    assert isinstance(ears, Ears)
    ears.key_ends(word(), NAME)
    assert len(said(office)) == 1
