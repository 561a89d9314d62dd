from dataclasses import replace
from datetime import date, timedelta

import pytest

from rekam.drill.demo import PIN, SUPERVISOR_PIN
from rekam.enrolment.sample import ExceptionReason, Slot
from rekam.exchange.day_word import NO_WORD, DayWordUnproved, digest_of, read_day_word, sign_day_word
from rekam.exchange.day_words import DayWordDesk, InMemoryDayWords, bring_day_words
from rekam.station.day_end.counts import span_of
from rekam.station.day_end.day_end import DayAlreadyClosed, DayClosed, DayNotClosed, DayNotYet, ReopenNeedsReason
from rekam.station.day_end.office_says import ask_office
from rekam.web.i18n import error_text
from rekam.web.testing import PageClient
from station_counter import OPERATOR, STATION, SUPERVISOR, TODAY

DAY = date(2026, 11, 21)


@pytest.fixture
def here(counter, operator):
    return counter.station.here


@pytest.fixture
def supervisor(counter, operator):
    return counter.supervisor()


@pytest.fixture
def client(counter, operator):
    with PageClient(counter.app()) as client:
        client.post("/sign-in", {"operator": OPERATOR, "pin": PIN})
        yield client


def excepted(counter, operator, nik):
    """A recording without its right index finger."""
    finger = Slot.parse("finger-2")
    sitting_id = counter.filled(nik, operator, leave=(finger,))
    counter.station.sittings.except_slot(sitting_id, finger, ExceptionReason.WORN, SUPERVISOR, SUPERVISOR_PIN)
    return counter.station.sittings.save(sitting_id, operator, supervisor=counter.supervisor(), consent=True)


class Office:
    """The office's desk in this process, and its line."""

    def __init__(self, root):
        self.desk = DayWordDesk(InMemoryDayWords(), root)

    def last(self):
        return self.desk.store.last(STATION, 1)[0]

    def bring(self, data):
        self.desk.take(data, STATION)


def test_every_sitting_of_a_day_is_counted_once(counter, operator, here):
    people = counter.adults(4)
    counter.save(people[0].nik)
    excepted(counter, operator, people[1].nik)
    counter.station.sittings.abandon(counter.station.sittings.open(people[2].nik, operator).sitting_id, operator, "KK")
    counter.station.sittings.open(people[3].nik, operator)
    counts = here.day_end.counts(DAY)
    assert (counts.begun, counts.saved, counts.abandoned, counts.open_after, counts.excepted) == (4, 2, 1, 1, 1)
    assert (counts.first, counts.last, counts.unsent) == (1, 2, 2)
    assert counts.adds_up
    counter.clock.advance(86400)
    following = here.day_end.counts(DAY + timedelta(days=1))
    assert (following.open_before, following.begun, following.open_after) == (1, 0, 1)
    assert following.adds_up
    assert here.day_end.counts(DAY) == counts


def test_a_sitting_begun_on_one_day_and_saved_on_the_next_adds_up_on_both(counter, operator, here):
    sitting_id = counter.filled(counter.adults()[0].nik, operator)
    counter.clock.advance(86400)
    counter.station.sittings.save(sitting_id, counter.sign_in(), consent=True)
    first, second = here.day_end.counts(DAY), here.day_end.counts(DAY + timedelta(days=1))
    assert (first.begun, first.saved, first.open_after, first.adds_up) == (1, 0, 1, True)
    assert (second.open_before, second.begun, second.saved, second.adds_up) == (1, 0, 1, True)


def test_a_closed_day_is_signed_and_takes_no_more_recordings_until_a_supervisor_reopens_it(
    counter, operator, here, supervisor
):
    people = counter.adults(3)
    recording, half_done = counter.save(people[0].nik), counter.filled(people[1].nik, operator)
    closed = counter.station.close_day(DAY, supervisor)
    assert (closed.word.counts["saved"], closed.word.by, closed.word.n) == (1, SUPERVISOR, 1)
    assert (closed.word.sequence, closed.word.packet.hex()) == (1, recording.packet_id)
    assert read_day_word(closed.data, here.identity.root) == closed.word
    with pytest.raises(DayClosed):
        counter.station.sittings.save(half_done, operator, consent=True)
    with pytest.raises(DayClosed) as told:
        counter.station.sittings.open(people[2].nik, operator)
    assert error_text(told.value).startswith("Hari 21 November 2026 sudah ditutup oleh")
    with pytest.raises(DayAlreadyClosed):
        counter.station.close_day(DAY, supervisor)
    assert counter.station.sittings.open(people[1].nik, operator).sitting_id == half_done
    with pytest.raises(ReopenNeedsReason):
        here.day_end.reopen(DAY, supervisor, "  ")
    reopened = here.day_end.reopen(DAY, supervisor, "Warga datang dari jauh")
    assert (reopened.word.previous, reopened.word.reason) == (digest_of(closed.data), "Warga datang dari jauh")
    counter.station.sittings.save(half_done, operator, consent=True)
    assert counter.station.close_day(DAY, supervisor).word.counts["saved"] == 2


def test_what_was_said_of_a_day_stays_whatever_is_tried(counter, here, supervisor):
    counter.station.close_day(DAY, supervisor)
    for tampering in ("DELETE FROM day_word", "UPDATE day_word SET by = 'x'", "DELETE FROM tally"):
        if tampering.endswith("tally"):
            counter.clock.advance(86400)
            counter.save(counter.adults()[0].nik)
        with pytest.raises(Exception, match="stays"), here.store.tx() as tx:
            tx.execute(tampering)
    with pytest.raises(Exception, match="closed once"), here.store.tx() as tx:
        tx.execute("INSERT INTO day_word SELECT n + 1, day, what, at, by, data, randomblob(32) FROM day_word")


def test_a_day_that_was_not_closed_is_offered_the_next_morning(counter, here, supervisor):
    counter.save(counter.adults()[0].nik)
    assert here.day_end.left_open() == []
    counter.clock.advance(86400)
    assert here.day_end.left_open() == [DAY]
    with pytest.raises(DayNotYet):
        counter.station.close_day(DAY + timedelta(days=2), supervisor)
    with pytest.raises(DayNotClosed):
        here.day_end.reopen(DAY, supervisor, "sebab")
    counter.station.close_day(DAY, supervisor)
    assert here.day_end.left_open() == []
    here.day_end.require_open()


def test_the_day_is_the_one_of_the_stations_zone(here):
    assert span_of(DAY, here.day_end.zone).start == "2026-11-20T17:00:00+00:00"
    assert here.day_end.today() == TODAY.astimezone(here.day_end.zone).date()


def test_the_office_takes_the_words_in_their_order_and_again_after_it_was_set_back(counter, here, supervisor):
    office = Office(here.identity.root)
    assert bring_day_words(here.day_end.after, here.day_end.newest, office) == 0
    counter.station.close_day(DAY, supervisor)
    here.day_end.reopen(DAY, supervisor, "sebab")
    assert bring_day_words(here.day_end.after, here.day_end.newest, office) == 2
    assert bring_day_words(here.day_end.after, here.day_end.newest, office) == 0
    assert [word.what for word, _ in office.desk.store.kept] == ["closed", "reopened"]
    set_back = Office(here.identity.root)
    with pytest.raises(DayWordUnproved):
        set_back.bring(here.day_end.after(1)[0])
    assert bring_day_words(here.day_end.after, here.day_end.newest, set_back) == 2


def test_only_a_supervisor_of_the_stations_office_speaks_of_its_days(counter, operator, here, supervisor):
    spoken, root = counter.station.close_day(DAY, supervisor), here.identity.root
    by_operator = replace(spoken.word, by=operator.operator.subject)
    forged = sign_day_word(by_operator, operator.signing, operator.chain)
    other_station = sign_day_word(replace(spoken.word, station="327301-01"), supervisor.signing, supervisor.chain)
    borrowed = sign_day_word(spoken.word, operator.signing, supervisor.chain)
    odd = sign_day_word(replace(spoken.word, counts={"saved": -1}), supervisor.signing, supervisor.chain)
    for data in (forged, other_station, borrowed, odd, b"", spoken.data[:-1], bytes(1 << 17)):
        with pytest.raises(DayWordUnproved):
            read_day_word(data, root)
    with pytest.raises(DayWordUnproved):
        Office(root).desk.take(spoken.data, "317401-02")
    assert spoken.word.previous == NO_WORD


def test_the_office_is_asked_what_it_holds_of_the_day(counter, here):
    first, second = (counter.save(person.nik) for person in counter.adults(2))
    with here.store.tx() as tx:
        tx.execute("UPDATE recording SET custody_at = ? WHERE packet_id = ?", (TODAY.isoformat(), first.packet_id))

    class Empty:
        def fetch(self):
            account = here.accounts.own()
            return here.accounts.signed(replace(account, chains=()))

    says = ask_office(here.store, here.accounts, Empty(), span_of(DAY, here.day_end.zone))
    assert (says.asked, says.holds, says.on_the_way, says.lost) == (2, 0, (2,), (1,))
    assert second.number.endswith("2")


def test_the_page_closes_with_the_supervisors_pin_prints_and_reopens(client, counter, operator, here):
    excepted(counter, operator, counter.adults()[0].nik)
    assert "Telunjuk" in client.get("/day-end").text.replace("telunjuk", "Telunjuk")
    assert client.post(f"/day-end/{DAY}/paper").status_code == 409
    wrong = client.post(f"/day-end/{DAY}/close", {"supervisor": SUPERVISOR, "pin": "000000"})
    assert wrong.status_code == 422
    assert client.post(f"/day-end/{DAY}/close", {"supervisor": OPERATOR, "pin": PIN}).status_code == 422
    assert not here.day_end.is_closed(DAY)
    approved = client.post(f"/day-end/{DAY}/close", {"supervisor": SUPERVISOR, "pin": SUPERVISOR_PIN}, follow=True)
    assert "Hari ini sudah ditutup" in approved.text
    assert "Hari ini sudah ditutup, jadi tidak ada yang direkam" in client.get("/").text
    paper = client.post(f"/day-end/{DAY}/paper")
    assert (paper.status_code, paper.content[:5]) == (200, b"%PDF-")
    assert paper.content == client.post(f"/day-end/{DAY}/paper").content
    form = {"supervisor": SUPERVISOR, "pin": SUPERVISOR_PIN, "reason": "Warga datang"}
    assert "Hari dibuka lagi" in client.post(f"/day-end/{DAY}/reopen", form, follow=True).text
    assert "sudah ditutup" not in client.get("/").text
