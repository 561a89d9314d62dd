"""Two officials stop somebody's keys at a station, against its will: by line, stick and text, on to the centre, once."""

from contextlib import contextmanager
from datetime import date

import psycopg
import pytest

from day_word_examples import day_word, signed
from exchange_server import serving_app
from office_examples import (
    OFFICE,
    OTHER_OFFICE,
    ROOT,
    STATION,
    STATION_STAFF,
    emptied,
    packet,
    staffed_world,
)
from rekam.apps.ceremony import Staff
from rekam.enrolment.identifiers import StationId
from rekam.exchange.courier.hearing import Ears
from rekam.exchange.errors import SenderForbidden, SenderRevoked
from rekam.exchange.fence import FenceUnclear
from rekam.exchange.key_end import KeyEnd, sign_key_end
from rekam.exchange.key_ended import KEY_ENDED, KeyEnded, every_key_of
from rekam.exchange.key_request import KeyRequest, KeyRequestUnproved, sign_key_request
from rekam.exchange.key_requests import HttpKeyRequests
from rekam.exchange.key_stop import KeyStop
from rekam.exchange.signed_http import SignedHttp
from rekam.office.app import create_office_app
from rekam.office.courier import office_courier
from rekam.office.key_stops import (
    CutNotEarlier,
    KeyStopClosed,
    KeyStopNeedsReason,
    NotOnThatStaff,
    SecondOfficialNeeded,
    StopKnown,
)
from rekam.trust.clock import SystemClock
from rekam.trust.keys import SigningKey
from rekam.trust.pin import Cost
from rekam.web.staff import InMemoryStaffStore, add_member
from rekam.web.testing import PageClient

NAME, PASSWORD = "317401-01", "empat kata tanpa makna"
HOLDERS = {subject: OFFICE.staff(Staff(subject, name, role, "204816")) for subject, name, role in STATION_STAFF}
TABLES = "key_stop, key_stop_word, key_end, key_request, day_word, exchange.statement_outbox, exchange.fence, exchange.packet"


@pytest.fixture(scope="module")
def _world(tmp_path_factory):
    with staffed_world(tmp_path_factory.mktemp("stops")) as made:
        yield made


@pytest.fixture
def office(_world):
    """One database for the file; each test begins with its tables empty."""
    return emptied(_world.office, TABLES)


@pytest.fixture
def stops(office):
    return office.operator_keys.stops


def hold(office, *packets):
    for one in packets:
        office.inbox.append(one.id, 0, one.data)
        office.inbox.complete(one.id, STATION.chain)


def stopped(stops, subject="op-1"):
    return stops.sign(stops.ask(NAME, subject, "budi", "Diberhentikan kemarin").number, "sri")


def said(office):
    """What waits for the centre."""
    return [one.verified(ROOT)[0] for one in office.statements.waiting(9)]


def test_a_second_official_signs_and_centre_and_station_are_told_after_which_recording(office, stops):
    first, second = packet(1), packet(2)
    hold(office, first, second)
    asked = stops.ask(NAME, "op-1", "budi", "  Diberhentikan  kemarin ")
    assert (asked.after, asked.head, asked.reason, asked.open) == (2, second.id, "Diberhentikan kemarin", True)
    assert (said(office), stops.words(NAME, 1), stops.waiting()) == ([], [], 1)
    hold(office, packet(3))  # the cut stays where the first official drew it
    done = stops.sign(asked.number, "sri")
    assert (done.official, done.last, stops.waiting()) == ("sri", None, 0)
    (statement,) = said(office)
    ended = KeyEnded.from_body(statement.body)
    assert (statement.kind, ended.key, ended.why) == (KEY_ENDED, every_key_of("op-1"), "stopped")
    assert (ended.station, ended.epoch, ended.name, ended.after, ended.head) == (NAME, 1, "Operator Satu", 2, second.id)
    (word,) = stops.words(NAME, 1)
    stop = KeyStop.read(word, OFFICE.holder.key.public)
    assert (stop.station, stop.epoch, stop.subject, stop.after, stop.head.hex()) == (NAME, 1, "op-1", 2, second.id)
    assert (stops.words(NAME, 2), stops.words("317401-02", 1)) == ([], [])


def test_one_official_alone_stops_nobody_and_the_database_sees_to_it(office, stops):
    asked = stops.ask(NAME, "op-1", "budi", "Diberhentikan")
    with pytest.raises(SecondOfficialNeeded):
        stops.sign(asked.number, "budi")
    with pytest.raises(psycopg.errors.RestrictViolation), office.pool.connection() as tx:
        tx.execute("INSERT INTO key_stop_word (number, official, word) VALUES (%s, 'budi', '')", [asked.number])
    assert (said(office), stops.words(NAME, 1)) == ([], [])
    stops.sign(asked.number, "sri")
    for change in ("UPDATE key_stop SET after = 9, head = repeat('a', 64)", "DELETE FROM key_stop"):
        with pytest.raises(psycopg.errors.RestrictViolation), office.pool.connection() as tx:
            tx.execute(change)


def test_what_was_taken_back_changed_nothing_and_can_be_asked_again(office, stops):
    asked = stops.ask(NAME, "op-1", "budi", "Keliru orang")
    with pytest.raises(StopKnown):
        stops.ask(NAME, "op-1", "sri", "lagi")
    stops.take_back(asked.number, "budi")
    with pytest.raises(KeyStopClosed):
        stops.sign(asked.number, "sri")
    done = stopped(stops)
    with pytest.raises(KeyStopClosed):
        stops.take_back(done.number, "budi")
    assert len(said(office)) == 1


def test_the_cut_may_lie_earlier_but_only_where_this_office_knows_the_recording(office, stops):
    first = packet(1)
    hold(office, first, packet(2), packet(3), packet(3, b"another under its number"))
    for unclear in (3, 9):
        with pytest.raises(FenceUnclear):
            stops.ask(NAME, "op-1", "budi", "Diragukan", unclear)
    asked = stops.ask(NAME, "op-1", "budi", "Diragukan", 1)
    assert (asked.after, asked.head) == (1, first.id)
    whole = stops.ask(NAME, "spv-1", "budi", "Tidak ada yang dipercaya", 0)
    assert (whole.after, whole.head) == (0, "")


def test_two_officials_draw_the_cut_earlier_and_nobody_draws_it_later(office, stops):
    first, second = packet(1), packet(2)
    hold(office, first, second, packet(3))
    done = stopped(stops)
    with pytest.raises(NotOnThatStaff):
        stops.ask(NAME, "op-1", "budi", "Lebih awal", 1)
    for later in (3, 9):
        with pytest.raises(CutNotEarlier, match="up to number 3 already"):
            stops.ask_earlier(done.number, "budi", "Ternyata lebih awal", later)
    with pytest.raises(KeyStopNeedsReason):
        stops.ask_earlier(done.number, "budi", " ", 2)
    asked = stops.ask_earlier(done.number, "budi", "Laptopnya disalin", 2)
    assert (asked.after, asked.head, asked.epoch, stops.cut_before(asked)) == (2, second.id, 1, 3)
    with pytest.raises(KeyStopClosed):
        stops.ask_earlier(asked.number, "budi", "Dua kali", 1)
    with pytest.raises(StopKnown):
        stops.ask_earlier(done.number, "sri", "Serentak", 1)
    assert (stops.waiting(), len(said(office))) == (1, 1)
    with pytest.raises(SecondOfficialNeeded):
        stops.sign(asked.number, "budi")
    stops.sign(asked.number, "sri")
    again = stops.sign(stops.ask_earlier(done.number, "sri", "Masih lebih awal", 1).number, "budi")
    assert (again.head, stops.cut_before(again)) == (first.id, 2)
    with pytest.raises(CutNotEarlier):
        stops.ask_earlier(done.number, "sri", "Kembali", 2)
    assert [one.body["after"] for one in said(office)] == [3, 2, 1]
    assert {KeyStop.read(word, OFFICE.holder.key.public).after for word in stops.words(NAME, 1)} == {1, 2, 3}


def test_behind_a_fence_the_cut_moves_only_before_it(office, stops):
    hold(office, packet(1), packet(2), packet(3))
    done = stopped(stops)
    with office.pool.connection() as tx:
        office.withdrawals.withdraw(tx, NAME, 1, reason="dicuri", after=2)
    with pytest.raises(CutNotEarlier, match="up to number 2 already"):
        stops.ask_earlier(done.number, "budi", "Lebih awal", 2)
    assert stops.ask_earlier(done.number, "budi", "Lebih awal", 1).after == 1


def test_a_day_closed_by_who_was_stopped_is_shown_until_another_supervisor_closes_it(office, stops, desk):
    hold(office, packet(1), packet(2))
    stops.sign(stops.ask(NAME, "spv-1", "budi", "Diberhentikan", 1).number, "sri")

    def close(n, sequence, day="2026-11-20", what="closed", by="spv-1"):
        who = {"station": NAME, "by": by, "name": f"Nama {by}"}
        word = day_word(n, day=day, what=what, sequence=sequence, **who)
        office.days.put(word, signed(word))

    close(1, 1)
    assert office.days.closed_after_stop() == {}
    close(2, 2, day="2026-11-21")
    assert office.days.closed_after_stop() == {(NAME, date(2026, 11, 21)): "Nama spv-1"}
    with desk("budi") as client:
        assert "Ditutup yang dihentikan" in client.get("/days").text
        assert "Ditutup oleh supervisor yang sudah dihentikan: 317401-01 21 November 2026" in client.get("/system").text
    close(3, 2, day="2026-11-21", what="reopened", by="spv-2")
    close(4, 2, day="2026-11-21", by="spv-2")
    assert office.days.closed_after_stop() == {}
    with desk("budi") as client:
        assert "Ditutup yang dihentikan" not in client.get("/days").text


def test_nobody_is_stopped_without_a_reason_nor_who_does_not_work_there_nor_behind_a_fence(office, stops):
    with pytest.raises(KeyStopNeedsReason):
        stops.ask(NAME, "op-1", "budi", "  ")
    for station, subject in ((NAME, "op-9"), ("317401-09", "op-1")):
        with pytest.raises(NotOnThatStaff):
            stops.ask(station, subject, "budi", "Diberhentikan")
    with office.pool.connection() as tx:
        office.withdrawals.withdraw(tx, NAME, 1, reason="dicuri")
    with pytest.raises(SenderRevoked):
        stops.ask(NAME, "op-1", "budi", "Diberhentikan")


def test_who_was_stopped_asks_for_nothing_more_and_is_certified_no_more(office, stops):
    def request(why, subject, by, key=1):
        key = SigningKey(bytes([key]) * 32)
        ends = b"" if why == "new" else HOLDERS[subject].key.public.key_id
        wish = KeyRequest(NAME, 1, subject, "Operator Satu", "operator", why, key.public, ends)
        holder = HOLDERS[by]
        return sign_key_request(wish, key, holder.key, holder.chain[0])

    waiting = office.operator_keys.take(request("forgotten", "op-1", "spv-1"), "text")
    stopped(stops)
    closed = office.operator_keys.book.find(waiting.request)
    assert (closed.closed, closed.reason) == ("refused", "Diberhentikan kemarin")
    office.operator_keys.take(request("new", f"{NAME}-ABCD", "spv-1"), "text")
    stopped(stops, "spv-1")
    for data in (request("forgotten", "op-1", "spv-1", 2), request("new", f"{NAME}-EFGH", "spv-1")):
        with pytest.raises(KeyRequestUnproved):
            office.operator_keys.take(data, "text")
    assert stops.people() == {NAME: []}
    wanted = [(subject, SigningKey(bytes(32)).public) for subject, _, _ in STATION_STAFF]
    with office.pool.connection() as tx:
        assert office.installations._issuing.staff(tx, NAME, wanted) == {}


def test_the_office_sees_when_the_station_closed_the_name_and_the_earlier_cut_goes_to_the_centre_beside_it(
    office, stops
):
    hold(office, packet(1))
    done = stopped(stops)
    heard = KeyEnd(NAME, 1, HOLDERS["op-1"].chain[0], "left", 4, bytes(range(32)))
    office.operator_keys.ended(sign_key_end(heard, STATION.key, STATION.chain[0]), NAME)
    assert stops.find(done.number).last == 4
    assert sorted((one.body["why"], one.body["after"]) for one in said(office)) == [("left", 4), ("stopped", 1)]


@contextmanager
def over_http(app, holder):
    with serving_app(app) as address:
        http = SignedHttp(address, place="3174", key=holder.key, chain=holder.chain, clock=SystemClock())
        try:
            yield HttpKeyRequests(http)
        finally:
            http.close()


def test_a_station_hears_of_its_own_people_alone_over_http_and_on_its_answer_from_a_stick(office, stops):
    done = stopped(stops)
    app = create_office_app(office, InMemoryStaffStore(SystemClock()))
    with over_http(app, STATION) as line:
        assert line.stops() == [done.word]
    with over_http(app, OFFICE.station(StationId("317401-02"), "Tebet 02")) as line:
        assert line.stops() == []
    with (
        over_http(app, OTHER_OFFICE.station(StationId("327301-01"), "Bandung")) as line,
        pytest.raises(SenderForbidden),
    ):
        line.stops()
    ears = office_courier(office).destination.ears
    assert isinstance(ears, Ears)
    assert list(ears.key_stops(NAME, 1)) == [done.word]


@pytest.fixture
def desk(office):
    staff = InMemoryStaffStore(SystemClock())
    for name in ("budi", "sri"):
        add_member(staff, name, frozenset({"petugas dinas"}), PASSWORD, cost=Cost(64, 1, 1))
    app = create_office_app(office, staff)

    @contextmanager
    def signed_in(name):
        with PageClient(app) as client:
            client.post("/sign-in", {"name": name, "password": PASSWORD})
            yield client

    return signed_in


def test_the_pages_lead_two_officials_through_it_and_give_the_word_for_a_station_without_a_line(office, stops, desk):
    hold(office, packet(1))
    with desk("budi") as client:
        assert "Operator Satu" in client.get("/key-stops").text
        wrong = client.post("/key-stops", {"who": f"{NAME} op-1", "after": "banyak", "reason": "x"})
        assert (wrong.status_code, "angka saja" in wrong.text) == (422, True)
        assert client.post("/key-stops", {"who": "", "reason": "x"}).status_code == 422
        assert "Tulis alasannya" in client.post("/key-stops", {"who": f"{NAME} op-1", "reason": " "}).text
        asked = client.post("/key-stops", {"who": f"{NAME} op-1", "reason": "Diberhentikan"})
        page = asked.headers["location"]
        assert "Permintaan Anda tercatat" in client.get(page).text
        assert client.get(f"{page}/word.txt").status_code == 404
        assert client.post(f"{page}/sign", {}).status_code == 422
    with desk("sri") as client:
        assert "1 penghentian kunci" in client.get("/system").text
        assert "Diberhentikan" in client.get(page).text
        assert client.post(f"{page}/sign", {}).headers["location"] == page
        assert "stasiun belum mendengarnya" in client.get(page).text
        assert client.get(f"{page}/word.txt").text.startswith("REKAM-HENTI:")
    (done,) = stops.listed()
    assert (done.asked_by, done.official) == ("budi", "sri")


def test_on_the_page_of_a_stop_the_cut_is_drawn_earlier(office, stops, desk):
    hold(office, packet(1), packet(2))
    done = stopped(stops)
    with desk("budi") as client:
        page = f"/key-stops/{done.number}"
        assert "Ternyata diragukan sejak lebih awal?" in client.get(page).text
        for after, told in (("dua", "angka saja"), ("2", "sudah dipercaya hanya sampai nomor 2"), ("9", "lebih kecil")):
            wrong = client.post(f"{page}/earlier", {"after": after, "reason": "Disalin"})
            assert (wrong.status_code, told in wrong.text, "Disalin" in wrong.text) == (422, True, True)
        asked = client.post(f"{page}/earlier", {"after": "1", "reason": "Disalin"}).headers["location"]
        assert "Sampai itu batas sebelumnya berlaku" in client.get(asked).text
    with desk("sri") as client:
        shown = client.get(asked).text
        assert "Majukan batas bagi Operator Satu" in shown
        assert "tidak seorang pun dapat masuk" not in shown
        assert client.post(f"{asked}/sign", {}).headers["location"] == asked
    assert [one.body["after"] for one in said(office)] == [2, 1]
