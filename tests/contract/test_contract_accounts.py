"""What every store of accounts must do, and who may bring and fetch an account over HTTP."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

import httpx
import pytest
from fastapi import FastAPI

from account_examples import office, station
from exchange_examples import CLOCK, OFFICE, OTHER_OFFICE, OTHER_STATION, PORTAL, RANDOM, ROOT, STATION, packets
from exchange_examples import inbox as make_inbox
from exchange_server import serving_app
from patience import PATIENCE_S
from rekam.exchange.account import Entry, Holding
from rekam.exchange.account_desk import Accountant, AccountDesk, InMemoryAccounts, Row
from rekam.exchange.account_file import write_account
from rekam.exchange.account_http import HttpAccounts, accounts_router
from rekam.exchange.admission import stations_of
from rekam.exchange.errors import RequestRefused, SenderForbidden
from rekam.exchange.pg.accounts import PgAccounts
from rekam.exchange.pg.register import EXCHANGE_TABLES, PgRegister
from rekam.exchange.signed_http import SignedHttp
from rekam.storage.blobs import BlobStore
from rekam.storage.disk import RealDisk
from rekam.storage.testing import fresh_pool


@contextmanager
def _store(kind):
    if kind == "memory":
        yield InMemoryAccounts(lambda: datetime(2026, 11, 21, tzinfo=UTC))
        return
    with fresh_pool(EXCHANGE_TABLES) as pool:
        yield PgAccounts(pool)


@pytest.fixture(params=["memory", "postgres"])
def store(request):
    with _store(request.param) as made:
        yield made


def put(store, account, *, live=True):
    return store.put(account, write_account(account, STATION.key, STATION.chain), live=live)


def held(store):
    return [(len(data) > 0, live) for data, _at, live in store.newest()]


def test_the_newest_account_of_each_place_is_kept(store):
    old, young = station(at_ms=1), station(at_ms=2)
    assert put(store, old)
    assert put(store, young)
    assert [data for data, _, _ in store.newest()] == [write_account(young, STATION.key, STATION.chain)]
    other = replace(office(), place="3273")
    assert put(store, other)
    assert len(store.newest()) == 2


def test_what_another_brings_replaces_nothing_newer(store):
    assert put(store, station(at_ms=5), live=False)
    assert not put(store, station(at_ms=5), live=False)
    assert not put(store, station(at_ms=4), live=False)
    assert put(store, station(at_ms=6), live=False)


def test_what_a_place_brings_itself_counts_although_its_clock_went_back(store):
    assert put(store, station(at_ms=5))
    assert put(store, station(at_ms=4))
    assert held(store) == [(True, True)]


def test_what_had_arrived_before_a_place_brought_its_account_it_must_know(tmp_path):
    with fresh_pool(EXCHANGE_TABLES) as pool:
        box, store = make_inbox(tmp_path, PgRegister(pool)), PgAccounts(pool)
        first, second = packets(2)
        for sent, bring in ((first, True), (second, False)):
            box.append(sent.id, 0, sent.data)
            box.complete(sent.id, sent.chain)
            if bring:
                put(store, station())
        assert dict(store.knows("317401-01")) == {("317401-01", 1): 1}
        put(store, station(at_ms=2000), live=False)
        assert dict(store.knows("317401-01")) == {}


class Rows:
    """`Ledger` of one packet, whose bytes are not on the disk."""

    def chains(self, scope):
        return {("317401-01", 1): 1} if "317401-01".startswith(scope) else {}

    def rows(self, _key):
        return [Row(Entry(1, "ab" * 32, Holding.WAITING), kept=True)]

    def heads(self):
        return {}

    def signed_ms(self):
        return {}


@pytest.fixture
def desk(tmp_path):
    blobs = BlobStore(tmp_path / "packets", RealDisk())
    by = Accountant("3174", "office", OFFICE.key, OFFICE.chain, ROOT, CLOCK)
    return AccountDesk(by, Rows(), blobs, InMemoryAccounts(lambda: datetime(2026, 11, 21, tzinfo=UTC)))


@pytest.fixture
def line(desk):
    """`line(place)`: the way of `place` to the office, over HTTP."""
    app = FastAPI()
    app.include_router(accounts_router(desk, root=ROOT, may_ask=stations_of("3174")))
    with serving_app(app) as url, httpx.Client(timeout=PATIENCE_S) as client:

        def way(place) -> HttpAccounts:
            http = SignedHttp(
                url, place="3174", key=place.key, chain=place.chain, clock=CLOCK, random=RANDOM, client=client
            )
            return HttpAccounts(http)

        yield way


def test_a_station_brings_its_account_and_fetches_that_of_its_own_packets(desk, line):
    remote = line(STATION)
    remote.bring(write_account(station(), STATION.key, STATION.chain))
    assert [each.account.place for each in desk.received()] == ["317401-01"]
    fetched = desk.read(remote.fetch())
    assert (fetched.place, len(fetched.chains), list(fetched.chains[0].absent)) == ("3174", 1, [1])
    assert desk.read(line(OTHER_STATION).fetch()).chains == (), "another station is told nothing of it"


def test_nobody_brings_the_account_of_another(desk, line):
    theirs = write_account(station(), STATION.key, STATION.chain)
    with pytest.raises(SenderForbidden):
        line(OTHER_STATION).bring(theirs)
    assert list(desk.received()) == []


@pytest.mark.parametrize("place", [OTHER_OFFICE, PORTAL], ids=["another office", "the portal"])
def test_strangers_are_told_nothing(line, place):
    with pytest.raises(SenderForbidden):
        line(place).fetch()


def test_an_account_that_was_tampered_with_on_the_way_is_refused_and_nothing_is_kept(desk, line):
    spoilt = bytearray(write_account(station(), STATION.key, STATION.chain))
    spoilt[-1] ^= 1
    with pytest.raises(RequestRefused, match="AccountUnproved"):
        line(STATION).bring(bytes(spoilt))
    assert list(desk.received()) == []
