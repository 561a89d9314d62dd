"""What every store of words on days must do, and who may bring and ask for them over HTTP."""

from dataclasses import replace
from datetime import date

import httpx
import psycopg
import pytest
from fastapi import FastAPI

from day_word_examples import BY, DAYS, day_word, day_words, signed
from exchange_examples import CLOCK, OFFICE, OTHER_STATION, RANDOM, ROOT, STATION
from exchange_server import serving_app
from patience import PATIENCE_S
from rekam.exchange.admission import stations_of
from rekam.exchange.day_word import NO_WORD, DayWordUnproved, digest_of
from rekam.exchange.day_words import DayWordDesk, HttpDayWords, InMemoryDayWords, bring_day_words, day_words_router
from rekam.exchange.errors import RequestRefused, SenderForbidden
from rekam.exchange.signed_http import SignedHttp
from rekam.office.day_words import PgDayWords
from rekam.office.office import TABLES
from rekam.storage.testing import fresh_pool

OURS = (STATION.certificate.subject, 1)
THREE = day_words(3)


@pytest.fixture(params=["memory", "postgres"])
def store(request):
    if request.param == "memory":
        yield InMemoryDayWords()
        return
    with fresh_pool(*TABLES) as pool:
        yield PgDayWords(pool)


@pytest.fixture
def desk(store):
    return DayWordDesk(store, ROOT)


def take(desk, words, station=STATION):
    for _word, data in words:
        desk.take(data, station.certificate.subject)


def test_words_are_kept_in_their_order_and_known_by_number_and_digest(desk, store):
    assert store.last(*OURS) == (0, NO_WORD)
    assert store.find(*OURS, 1) is None
    take(desk, THREE)
    assert store.last(*OURS) == (3, digest_of(THREE[2][1]))
    assert [store.find(*OURS, n) for n in (1, 2, 3, 4)] == [*(data for _, data in THREE), None]
    take(desk, THREE)
    assert store.last(*OURS) == (3, digest_of(THREE[2][1]))


def test_what_comes_by_line_and_by_stick_at_once_is_kept_once(store):
    store.put(*THREE[0])
    store.put(*THREE[0])
    assert store.last(*OURS) == (1, digest_of(THREE[0][1]))


def test_each_installation_of_each_station_has_words_of_its_own(desk, store):
    take(desk, THREE)
    take(desk, day_words(1, epoch=2))
    take(desk, day_words(2, station=OTHER_STATION.certificate.subject), OTHER_STATION)
    assert [store.last(*one)[0] for one in (OURS, (OURS[0], 2), ("317402-01", 1), ("317402-01", 2))] == [3, 1, 2, 0]


@pytest.mark.parametrize(
    "word",
    [
        day_word(3, digest_of(THREE[0][1])),
        day_word(2, NO_WORD),
        day_word(1, NO_WORD, what="reopened", reason="another story"),
        day_word(2, digest_of(THREE[0][1]), station="317402-01"),
    ],
    ids=["a gap", "another predecessor", "another word under a taken number", "another station's"],
)
def test_a_word_that_does_not_follow_is_refused_and_changes_nothing(desk, store, word):
    take(desk, THREE[:1])
    with pytest.raises(DayWordUnproved):
        desk.take(signed(word), OURS[0])
    assert store.last(*OURS) == (1, digest_of(THREE[0][1]))


def test_no_row_of_an_office_changes_once_it_is_there():
    with fresh_pool(*TABLES) as pool:
        take(DayWordDesk(PgDayWords(pool), ROOT), THREE)
        (newest, *_) = PgDayWords(pool).newest()
        assert (newest.day, newest.closed, newest.saved, newest.held, newest.by) == (
            date.fromisoformat(DAYS[2]),
            True,
            2,
            0,
            "Ratna",
        )
        for tampering in ("DELETE FROM day_word", "UPDATE day_word SET saved = 3"):
            with pytest.raises(psycopg.Error), pool.connection() as connection:
                connection.execute(tampering)


@pytest.fixture(scope="module")
def server():
    """An office over HTTP: its address, its desk, and `withdrawn`, the places whose keys are believed no more."""
    desk, withdrawn = DayWordDesk(InMemoryDayWords(), ROOT), set()

    def still(request):
        if request.signer.subject in withdrawn:
            raise SenderForbidden(sender=request.signer.subject, place="3174")

    app = FastAPI()
    app.include_router(day_words_router(desk, place="3174", root=ROOT, may_ask=stations_of("3174"), still=still))
    with serving_app(app) as url, httpx.Client(timeout=PATIENCE_S) as client:

        def way(place):
            key, chain = place.key, place.chain
            http = SignedHttp(url, place="3174", key=key, chain=chain, clock=CLOCK, random=RANDOM, client=client)
            return HttpDayWords(http)

        yield way, desk, withdrawn


@pytest.fixture
def line(server):
    """Makes a place's way to the office, which knows nothing yet."""
    way, desk, withdrawn = server
    desk.store.kept.clear()
    withdrawn.clear()
    return way


def known(server) -> int:
    return server[1].store.last(*OURS)[0]


def bring(remote, words, known=lambda _n: None):
    return bring_day_words(lambda n: [data for _, data in words[n:]], lambda: len(words), remote, known)


def test_the_station_brings_what_the_office_lacks_and_hears_how_far_it_knows(line, server):
    told: list[int] = []
    assert bring(line(STATION), THREE[:2], told.append) == 2
    assert bring(line(STATION), THREE, told.append) == 1
    assert bring(line(STATION), THREE, told.append) == 0
    assert told == [0, 1, 2, 2, 3, 3]
    assert known(server) == 3


def test_only_a_station_of_the_office_speaks_and_of_its_own_days_alone(line, server):
    assert line(OTHER_STATION).last() == 0
    with pytest.raises(RequestRefused) as refused:
        line(OTHER_STATION).bring(THREE[0][1])
    assert refused.value.facts["code"] == "DayWordUnproved"
    for asked in (lambda: line(OFFICE).last(), lambda: line(OFFICE).bring(THREE[0][1])):
        with pytest.raises((RequestRefused, SenderForbidden)):
            asked()
    server[2].add(OURS[0])
    for asked in (lambda: line(STATION).last(), lambda: line(STATION).bring(THREE[0][1])):
        with pytest.raises((RequestRefused, SenderForbidden)):
            asked()
    assert known(server) == 0


@pytest.mark.parametrize("data", [b"", bytes(1 << 17), THREE[0][1][:-1]], ids=["nothing", "too long", "cut"])
def test_what_is_no_word_is_refused_in_words(line, server, data):
    with pytest.raises(RequestRefused) as refused:
        line(STATION).bring(data)
    assert "every recording is kept" in str(refused.value)
    assert known(server) == 0


def test_a_word_of_somebody_who_is_no_supervisor_is_refused(desk):
    with pytest.raises(DayWordUnproved):
        desk.take(signed(replace(THREE[0][0], by=f"{BY}-2")), OURS[0])
