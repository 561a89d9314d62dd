"""An office witnesses the centre's log over real HTTP, into a real database, and the centre publishes its word."""

from contextlib import closing

import httpx
import pytest
from fastapi import FastAPI

from exchange_examples import CLOCK, OFFICE, ROOT, STATION
from exchange_server import serving_app
from lying_centre import KEY, Shown, history
from patience import PATIENCE_S
from rekam.exchange.cosignatures import CosignatureDesk, InMemoryCosignatureBook, WitnessedLog, witness_key
from rekam.exchange.errors import RequestRefused, SenderForbidden
from rekam.exchange.http_log import HttpLog
from rekam.exchange.log import log_key
from rekam.exchange.log_http import log_router
from rekam.exchange.pg.register import EXCHANGE_TABLES
from rekam.exchange.pg.witness import PgWitnessStore
from rekam.exchange.signed_http import SignedHttp
from rekam.exchange.witness import Cosigner, Witness
from rekam.exchange.witness_http import HttpCosignatures, witness_router
from rekam.storage.testing import fresh_pool
from rekam.trust.log.note import Note

LOG = log_key(KEY.public)
WITNESS = witness_key("3174", OFFICE.key.public)


class World:
    def __init__(self, url, shown):
        self.url, self.shown = url, shown
        self.lines = []

    def line(self, place):
        made = SignedHttp(self.url, place="centre", key=place.key, chain=place.chain, clock=CLOCK)
        self.lines.append(made)
        return HttpCosignatures(made)


@pytest.fixture
def here():
    shown, book = Shown(history(5)), InMemoryCosignatureBook()
    app = FastAPI()
    app.include_router(log_router(WitnessedLog(shown, book)))
    app.include_router(witness_router(CosignatureDesk(book, shown, LOG), book, place="centre", root=ROOT))
    with serving_app(app) as url:
        world = World(url, shown)
        yield world
        for line in world.lines:
            line.close()


def test_an_office_fetches_proves_keeps_signs_and_the_centre_publishes_it(here):
    with fresh_pool(EXCHANGE_TABLES) as pool, closing(HttpLog(here.url, place="centre")) as log:
        store, signer = PgWitnessStore(pool), Cosigner("rekam/office/3174", OFFICE.key, lambda: 1_500_000_000)
        witness = Witness(store, log, LOG, signer=signer, taker=here.line(OFFICE))
        for size in (5, 300, 301):
            here.shown.log = history(size)
            done = witness.run_once()
            assert (done.size, done.cosigned, done.delivered, done.problem) == (size, True, True, None)
            published = log.checkpoint()
            assert published.verify(LOG) is None
            assert published.verify(WITNESS) == 1_500_000_000
        (told,) = httpx.get(here.url + "/log/witnesses", timeout=PATIENCE_S).json()
        assert (told["office"], told["size"]) == ("3174", 301)
        assert Note.parse(told["note"]).verify(WITNESS) == 1_500_000_000
        assert (store.state().checkpoints, store.state().delivered) == (3, 301)


def test_who_is_no_office_and_what_is_no_cosignature_is_refused_in_words(here):
    note = history(5).checkpoint()
    with pytest.raises(SenderForbidden):
        here.line(STATION).take(note.cosigned("rekam/office/3174", STATION.key, 1))
    with pytest.raises(RequestRefused, match="CosignatureRefused"):
        here.line(OFFICE).take(note)
    with pytest.raises(RequestRefused, match="CheckpointNotOurs"):
        here.line(OFFICE).take(history(7, story="x").checkpoint().cosigned("rekam/office/3174", OFFICE.key, 1))
    assert httpx.post(here.url + "/log/cosignature", content=b"unsigned", timeout=PATIENCE_S).status_code == 401
    assert httpx.get(here.url + "/log/witnesses", timeout=PATIENCE_S).json() == []


def test_an_office_hears_its_own_newest_word_again_and_nobody_elses(here):
    own = here.line(OFFICE)
    assert own.newest() is None
    note = history(5).checkpoint().cosigned("rekam/office/3174", OFFICE.key, 1)
    own.take(note)
    assert own.newest() == note
    with pytest.raises(SenderForbidden):
        here.line(STATION).newest()
    assert httpx.get(here.url + "/log/cosignature", timeout=PATIENCE_S).status_code == 401
