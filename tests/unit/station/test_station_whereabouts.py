from dataclasses import replace
from datetime import timedelta

import pytest

from rekam.drill.demo import PIN
from rekam.enrolment.status import Status
from rekam.exchange.feed import Batch, Entry, EntryKind, office_feed
from rekam.station.day.ticket import Priority, Service
from rekam.station.feed_sink import StationFeedSink, effects
from rekam.station.pages.where import News, news
from rekam.station.recordings import wanted
from rekam.station.sending_rate import measured_rate
from rekam.station.whereabouts import Stop, whereabouts
from rekam.trust import cbor
from rekam.trust.keys import SigningKey
from rekam.web.testing import PageClient
from station_counter import OPERATOR, TODAY

LATER = TODAY + timedelta(days=3)


@pytest.fixture
def recording(counter, operator):
    return counter.save(counter.adults()[0].nik)


@pytest.fixture
def client(counter, operator):
    with PageClient(counter.app()) as client:
        client.post("/sign-in", {"operator": OPERATOR, "pin": PIN})
        yield client


def hear(counter, at, *entries):
    """The centre's word, signed at `at`."""
    feed = office_feed(counter.station.here.identity.office)
    sink = StationFeedSink(counter.station.here.store, effects(SigningKey.generate().public))
    first = sink.cursor(feed) + 1
    numbered = tuple(Entry(first + n, kind, cbor.encode(body)) for n, (kind, body) in enumerate(entries))
    sink.apply(feed, Batch(feed, round(at.timestamp() * 1000), numbered), b"")


def progress(recording, status, reason=""):
    body = {"packet_id": recording.packet_id, "number": recording.number, "status": status, "reason": reason}
    return EntryKind.PROGRESS, {**body, "at": TODAY.isoformat()}


def confirmed(counter, recording, at=TODAY):
    with counter.station.here.store.tx() as tx:
        tx.execute(
            "UPDATE recording SET custody_at = ?, status = ? WHERE packet_id = ?",
            (at.isoformat(timespec="seconds"), Status.SENT_FOR_ENROLLMENT, recording.packet_id),
        )
        tx.execute("DELETE FROM outbox WHERE packet_id = ?", (recording.packet_id,))
    return counter.station.here.recordings.find(recording.packet_id)


def test_a_recording_goes_from_the_station_over_office_and_centre_to_the_card(counter, recording):
    find, at_station = counter.station.here.recordings.find, whereabouts(recording)
    assert (at_station.stop, at_station.known_here, at_station.stopped) == (Stop.STATION, True, False)
    assert whereabouts(confirmed(counter, recording)).stop is Stop.OFFICE
    hear(counter, TODAY, progress(recording, "RECEIVED_AT_CENTRAL"))
    assert "sedang dibandingkan" in whereabouts(find(recording.packet_id)).words
    hear(counter, TODAY, progress(recording, "PRINT_READY_RECORD"))
    at_card = whereabouts(find(recording.packet_id))
    assert (at_card.stop, at_card.known_here) == (Stop.CARD, False)
    assert "menunggu blangko" in at_card.words


def test_a_resident_hears_when_the_card_was_printed_and_where_to_fetch_it(client, counter, recording):
    confirmed(counter, recording)
    hear(counter, TODAY, progress(recording, "PRINT_READY_RECORD"))
    sheet = {"packet_id": recording.packet_id, "number": recording.number, "issued_on": "2026-11-21"}
    hear(counter, TODAY, (EntryKind.CARD, sheet | {"copy": 1, "at": "2026-11-21T18:30:00+00:00"}))
    page = client.get(f"/recordings/{recording.packet_id}").text
    assert "Kartu dicetak 22 November 2026. Penduduk mengambilnya di Sudin" in page, "the day of the station's zone"
    find = counter.station.here.recordings.find
    assert whereabouts(find(recording.packet_id)).stop is Stop.CARD
    hear(counter, TODAY, (EntryKind.CARD, sheet | {"copy": 2, "at": "2026-11-25T02:00:00+00:00"}))
    assert find(recording.packet_id).status_at == "2026-11-25T02:00:00+00:00", "the newest sheet counts"
    hear(counter, TODAY, progress(recording, "DUPLICATE_RECORD"))
    hear(counter, TODAY, (EntryKind.CARD, sheet | {"copy": 3, "at": "2026-11-26T02:00:00+00:00"}))
    assert find(recording.packet_id).status is Status.DUPLICATE_RECORD, (
        "a sheet does not take back what was found later"
    )


def test_what_was_refused_stays_at_the_station_and_says_why(counter, recording):
    counter.station.here.line.outbox.failed(recording.packet_id, "SenderRevoked", "Kunci stasiun ini ditarik.")
    found = counter.station.here.recordings.find(recording.packet_id)
    where = whereabouts(found)
    assert (where.stopped, where.stop, where.advice) == (True, Stop.STATION, "Kunci stasiun ini ditarik.")
    assert "rekaman aman" in where.words
    assert counter.station.here.recordings.set_aside(10) == [found]
    assert counter.station.here.recordings.waiting(10) == []


def test_a_duplicate_tells_the_resident_what_to_do(recording):
    double = replace(recording, custody_at="x", accepted_at="x", status=Status.DUPLICATE_RECORD)
    assert whereabouts(double).stopped
    assert "semua KTP" in whereabouts(double).todo
    assert "all identity cards" in whereabouts(double, "en").todo


def test_what_the_centre_said_carries_the_age_of_its_word(counter, recording):
    assert news(counter.station.here).words == "Belum pernah ada kabar dari pusat di stasiun ini."
    hear(counter, TODAY, progress(recording, "RECEIVED_AT_CENTRAL"))
    counter.clock.advance(3 * 86400)
    assert news(counter.station.here).words == "Menurut kabar pusat 3 hari lalu."


def test_an_older_word_that_a_courier_brings_later_makes_no_news_older(counter, recording):
    hear(counter, LATER, progress(recording, "RECEIVED_AT_CENTRAL"))
    hear(counter, TODAY, progress(recording, "RECEIVED_AT_CENTRAL"))
    assert news(counter.station.here).heard == LATER


def test_a_clock_behind_the_centre_makes_no_age_negative():
    assert News(TODAY, LATER).words == "Menurut kabar pusat baru saja."


def test_a_recording_is_found_by_nik_name_and_number_however_they_are_typed(counter, recording):
    search = counter.station.here.recordings.search
    nik, name = recording.nik, recording.name
    spaced = f"{nik[:6]} {nik[6:12]}.{nik[12:]}"
    for typed in (nik, spaced, nik[:8], name.lower(), name.split()[-1], "317401-01/1/1", "317401-01/1/000001", "0001"):
        assert [found.packet_id for found in search(typed)] == [recording.packet_id], typed
    for typed in ("9999", "317401-01/1/2", "O'Brien%", "3" * 16, "317401-02/1/1"):
        assert search(typed) == [], typed


def test_a_recording_is_found_by_its_number_of_this_days_queue(counter, operator):
    queue, search, person = counter.station.here.queue, counter.station.here.recordings.search, counter.adults()[0]
    assert search("A-001") == []
    queue.open_day(operator.operator.subject)
    ticket = queue.take(Service.RECORDING, Priority.NONE, once="form").id
    queue.call_next(operator.operator.subject, seen=queue.line().version)
    sitting_id = counter.filled(person.nik, operator)
    queue.bind(sitting_id, operator.operator.subject)
    recording = counter.station.sittings.save(sitting_id, operator, consent=True)
    for typed in (str(ticket), str(ticket).lower(), "A 1", "a1"):
        assert [found.packet_id for found in search(typed)] == [recording.packet_id], typed
    assert search("A-002") == []
    assert search("B-001") == []
    counter.clock.advance(86400)
    queue.open_day(operator.operator.subject)
    assert search(str(ticket)) == [], "of the day in force alone: tomorrow's A-001 is somebody else"


@pytest.mark.parametrize("typed", ["3174012010900001", "317401", "317401-01/1/1", "0001", "A-012", "Siti Rahmawati"])
def test_every_search_goes_by_an_index(counter, operator, typed):
    clause, parameters = wanted(typed)
    plan = counter.station.here.store.rows(f"EXPLAIN QUERY PLAN SELECT * FROM recording {clause}", parameters)
    steps = [step for *_, step in plan if "recording" in step or "ticket" in step or "service_day" in step]
    assert steps, plan
    assert [
        step for step in steps if "INDEX" not in step and "PRIMARY KEY" not in step and "service_day" not in step
    ] == []


def test_a_rate_is_told_only_when_it_was_measured(counter, operator):
    here = counter.station.here
    recordings = [counter.save(person.nik) for person in counter.adults(3)]
    for recording in recordings[:2]:
        confirmed(counter, recording, TODAY - timedelta(seconds=60))
    assert measured_rate(here.store, TODAY) is None
    confirmed(counter, recordings[2], TODAY - timedelta(seconds=30))
    rate = measured_rate(here.store, TODAY)
    assert (rate.packets, rate.span, rate.per_minute()) == (3, timedelta(seconds=60), 3.0)
    assert rate.time_for(2 * rate.size) == timedelta(minutes=2)
    assert measured_rate(here.store, TODAY + timedelta(minutes=10)) is None


def test_a_number_typed_on_the_start_page_leads_to_its_recording(client, recording):
    answer = client.post("/", {"text": "317401-01/1/1"})
    assert answer.headers["location"] == f"/recordings/{recording.packet_id}"
    page = client.get(answer.headers["location"]).text
    assert "sekarang di sini" in page
    assert "Diketahui di stasiun ini." in page


def test_the_outbox_shows_what_waits_and_promises_nothing_without_a_line(client, counter, recording):
    counter.clock.advance(600)
    page = client.get("/outbox").text
    assert "tertua 10 menit" in page
    assert recording.name in page
    assert "selesai kira-kira" not in client.get("/outbox/progress").text
    counter.station.here.line.outbox.failed(recording.packet_id, "SenderRevoked", "Kunci stasiun ini ditarik.")
    assert "Kunci stasiun ini ditarik." in client.get("/outbox").text
    assert client.post("/outbox/send").headers["location"] == "/outbox"
    assert counter.station.here.recordings.set_aside(10) == []
