"""The portal's own copy: filled by the feed, answering without the centre, knowing its age, holding no one's name."""

import time
from datetime import date, timedelta

import psycopg
import pytest

from office_examples import CENTRE, OFFICE, ROOT
from patience import PATIENCE_S
from rekam.documents.withdrawals import Withdrawals
from rekam.enrolment.nik import Nik
from rekam.enrolment.status import Status
from rekam.exchange.errors import FeedUnreadable, RemoteUnreachable
from rekam.exchange.feed import PORTAL_FEED
from rekam.exchange.in_memory import InMemoryFeed
from rekam.exchange.remote import LocalRemote
from rekam.exchange.rounds import Pauses
from rekam.portal.app import create_portal_app
from rekam.portal.following import Following
from rekam.portal.portal import TABLES, Portal
from rekam.storage.testing import fresh_pool
from rekam.trust import cbor
from rekam.trust.at_rest import keyed_hash
from rekam.trust.certificates import ChainBroken
from rekam.trust.clock import SteppedClock
from rekam.web.testing import PageClient

KEY = bytes(range(32))
NIK, BORN = Nik("3174015503900001"), date(1990, 3, 15)


class Line:
    """The way to the centre, which can be down."""

    def __init__(self, feed):
        self.remote, self.down = LocalRemote(feed=feed), False

    def feed_after(self, feed, n):
        if self.down:
            raise RemoteUnreachable(place="centre", reason="down")
        return self.remote.feed_after(feed, n)


class World:
    def __init__(self, pool):
        self.pool, self.clock = pool, SteppedClock()
        self.feed = InMemoryFeed(CENTRE.key, self.clock)
        self.line = Line(self.feed)
        self.portal = Portal(pool, KEY, centre_chain=CENTRE.chain, root=ROOT, clock=self.clock, remote=self.line)

    def tell(self, status, at="2017-03-19T04:00:00+00:00", nik=NIK, born=BORN):
        # exactly as the centre's unsealing stage names a resident
        key = keyed_hash(KEY, "portal-status", f"{nik}/{born.isoformat()}")
        self.feed.append(PORTAL_FEED, "status", cbor.encode({"key": key.hex(), "status": status, "at": at}))

    def notice(self, number=1):
        said = {"text_id": "Pemeliharaan.", "text_en": "Maintenance.", "todo_id": "", "todo_en": ""}
        body = {"number": number, "at": "2017-03-17T04:00:00+00:00", **said}
        self.feed.append(PORTAL_FEED, "notice", cbor.encode(body))


@pytest.fixture
def here():
    with fresh_pool(*TABLES) as pool:
        yield World(pool)


def test_a_resident_sees_the_newest_status_by_nik_and_birth_date(here):
    here.tell("RECEIVED_AT_CENTRAL")
    here.tell("PRINT_READY_RECORD")
    assert here.portal.following.run_once() == 2
    answer = here.portal.copy.answer(NIK, BORN)
    assert answer.status is Status.PRINT_READY_RECORD
    assert answer.at.isoformat().startswith("2017-03-19")


def test_a_wrong_birth_date_and_an_unknown_nik_answer_alike(here):
    here.tell("PRINT_READY_RECORD")
    here.portal.following.run_once()
    assert here.portal.copy.answer(NIK, date(1990, 3, 16)).status is None
    assert here.portal.copy.answer(Nik("3174015503900002"), BORN).status is None


def test_it_answers_from_its_copy_while_the_centre_is_down_and_says_how_old_that_is(here):
    here.tell("DUPLICATE_RECORD")
    here.portal.following.run_once()
    here.line.down = True
    with here.pool.connection() as connection:
        connection.execute("UPDATE contact SET answered_at = now() - interval '3 hours'")
    assert here.portal.following.run_once() == 0
    assert isinstance(here.portal.following.problem, RemoteUnreachable)
    answer = here.portal.copy.answer(NIK, BORN)
    assert answer.status is Status.DUPLICATE_RECORD
    assert timedelta(hours=3) <= answer.copy.age < timedelta(hours=3, minutes=1)
    here.line.down = False
    here.portal.following.run_once()
    assert (here.portal.following.problem, here.portal.copy.age().age < timedelta(minutes=1)) == (None, True)


def test_before_it_ever_heard_of_the_centre_it_says_so(here):
    answer = here.portal.copy.answer(NIK, BORN)
    assert (answer.status, answer.copy.age) == (None, None)


def test_a_batch_that_fails_in_the_middle_leaves_cursor_and_copy_as_they_were(here):
    here.tell("PRINT_READY_RECORD")
    here.feed.append(PORTAL_FEED, "status", cbor.encode({"key": "zz", "status": "DUPLICATE_RECORD", "at": ""}))
    here.portal.following.run_once()
    assert isinstance(here.portal.following.problem, FeedUnreadable)
    assert (here.portal.copy.counts(), here.portal.sink.cursor(PORTAL_FEED)) == ((0, 0), 0)


def test_a_status_that_only_a_newer_centre_knows_stops_nobody(here):
    here.feed.append(PORTAL_FEED, "status", cbor.encode({"key": "00" * 32, "status": "NEWER", "at": "2026-11-21"}))
    here.tell("PRINT_READY_RECORD")
    assert here.portal.following.run_once() == 2
    assert here.portal.copy.answer(NIK, BORN).status is Status.PRINT_READY_RECORD


def test_a_restart_goes_on_where_the_copy_stopped(here):
    here.tell("RECEIVED_AT_CENTRAL")
    here.notice()
    here.portal.following.run_once()
    here.tell("PRINT_READY_RECORD")
    again = Portal(here.pool, KEY, centre_chain=CENTRE.chain, root=ROOT, clock=here.clock, remote=here.line)
    assert again.following.run_once() == 1
    assert again.copy.answer(NIK, BORN).status is Status.PRINT_READY_RECORD
    assert [notice.text_id for notice in again.copy.notices()] == ["Pemeliharaan."]


def test_the_copy_holds_nothing_that_names_a_resident(here):
    here.tell("PRINT_READY_RECORD")
    here.portal.following.run_once()
    with here.pool.connection() as connection:
        rows = connection.execute("SELECT row_to_json(r)::text FROM resident_status r").fetchall()
        batches = connection.execute("SELECT data FROM exchange.feed_batch").fetchall()
    assert NIK not in rows[0][0]
    assert NIK.encode() not in bytes(batches[0][0])


def test_a_status_never_goes_back_whoever_writes(here):
    here.tell("RECEIVED_AT_CENTRAL")
    here.tell("PRINT_READY_RECORD")
    here.portal.following.run_once()
    for change in ("UPDATE resident_status SET entry = 1", "DELETE FROM resident_status"):
        with pytest.raises(psycopg.errors.RestrictViolation), here.pool.connection() as connection:
            connection.execute(change)


def test_the_loop_outlives_a_centre_that_is_away(here):
    here.line.down = True
    following = Following(here.portal.follower, here.portal.copy.note_answer, pauses=Pauses(0.01, 0.01, 0.01))
    following.start()
    try:
        while following.problem is None:
            time.sleep(0.005)
        here.tell("PRINT_READY_RECORD")
        here.line.down = False
        deadline = time.monotonic() + PATIENCE_S
        while here.portal.copy.counts()[0] == 0 and time.monotonic() < deadline:
            time.sleep(0.01)
    finally:
        following.stop()
    assert here.portal.copy.counts() == (1, 0)


def test_a_portal_refuses_to_open_under_a_certificate_that_is_not_the_centres(here):
    with pytest.raises(ChainBroken):
        Portal(here.pool, KEY, centre_chain=OFFICE.holder.chain, root=ROOT, clock=here.clock)


def test_withdrawn_keys_are_published_for_verifiers_and_the_first_word_of_each_stands(here):
    body = {"station": "317401-01", "epoch": 1, "after": 50, "at_ms": 1_490_400_000_000, "log_size": 1000}
    for said in (body, body | {"log_size": 2000}, body | {"epoch": 2}):
        here.feed.append(PORTAL_FEED, "revoked", cbor.encode(said))
    here.portal.following.run_once()
    assert here.portal.copy.withdrawn() == [body, body | {"epoch": 2}]
    with PageClient(create_portal_app(here.portal)) as client:
        assert Withdrawals.from_maps(client.get("/keys.json").json()["withdrawn"]).of("317401-01", 1).after == 50
        assert "317401-01/1/000050" in client.get("/keys").text
    for change in ("UPDATE withdrawn_key SET log_size = 0", "DELETE FROM withdrawn_key"):
        with pytest.raises(psycopg.errors.RestrictViolation), here.pool.connection() as tx:
            tx.execute(change)


def test_a_withdrawal_that_cannot_be_read_stops_the_copy_and_is_not_passed_over(here):
    here.feed.append(PORTAL_FEED, "revoked", cbor.encode({"station": "317401-01"}))
    here.portal.following.run_once()
    assert isinstance(here.portal.following.problem, FeedUnreadable)
