"""What a screen answers to "already recorded?": four plain answers, each with its source, its age and what to do."""

import re

import pytest

from rekam.drill.demo import PIN
from rekam.enrolment.check import CheckAdvice, CheckAnswer
from rekam.enrolment.status import Status
from rekam.exchange.announced import InMemoryAnnounced
from rekam.exchange.feed import Batch, Entry, EntryKind, office_feed
from rekam.exchange.filter_shelf import FilterShelf
from rekam.station.already_recorded import NATIONAL_FILTER, PROVINCE_FILTER, AlreadyRecorded
from rekam.station.feed_sink import StationFeedSink, effects
from rekam.station.pages.answer import answer_of
from rekam.station.station import StationLocked
from rekam.trust import cbor
from rekam.trust.at_rest import keyed_hash
from rekam.trust.keys import SigningKey
from rekam.web.testing import PageClient
from station_counter import OPERATOR


@pytest.fixture
def screen(counter):
    with PageClient(counter.app()) as client:
        assert client.post("/sign-in", {"operator": OPERATOR, "pin": PIN}).status_code == 303
        yield client


def told(screen, nik):
    way = screen.post("/check", {"text": nik})
    assert nik not in way.headers["location"]
    return " ".join(re.sub(r"<[^>]+>", " ", screen.get(way.headers["location"]).text).split())


def perhaps(counter):
    people = counter.station.here.residents.search("3174", limit=60)
    return next(one for one in people if counter.station.ask(one.nik).answer is CheckAnswer.PERHAPS_RECORDED)


def test_nothing_is_told_to_a_screen_at_which_nobody_is_signed_in(counter):
    with PageClient(counter.app()) as client:
        assert client.get("/check").headers["location"].startswith("/sign-in")
        assert client.post("/check", {"text": "3174015703900001"}).headers["location"].startswith("/sign-in")
    with pytest.raises(StationLocked):
        counter.station.ask("3174015703900001")


def test_somebody_recorded_here_is_told_with_the_day_and_the_way_to_the_recording(counter, screen):
    recording = counter.save(counter.adults()[0].nik)
    page = told(screen, recording.nik)
    assert "Sudah direkam di sini pada 21 November 2026" in page
    assert f"Rekaman {recording.number} di stasiun ini" in page
    assert "Jangan rekam lagi" in page


def test_somebody_of_whom_the_centre_told_is_told_with_the_day_of_that_word(counter, screen):
    here, nik = counter.station.here, counter.adults()[0].nik
    body = {
        "packet_id": "ab" * 32,
        "number": "317402-01/1/000004",
        "status": "PRINT_READY_RECORD",
        "reason": "",
        "at": "2026-11-18T02:00:00+00:00",
        "check": keyed_hash(here.identity.check_key, "filter", nik),
    }
    feed = office_feed(here.identity.office)
    entry = Entry(1, EntryKind.RESULT, cbor.encode(body))
    StationFeedSink(here.store, effects(SigningKey.generate().public)).apply(feed, Batch(feed, 0, (entry,)), b"")
    page = told(screen, nik)
    assert "Sudah direkam di tempat lain menurut kabar pusat 18 November 2026" in page
    assert "Kabar pusat tentang rekaman 317402-01/1/000004 · 3 hari yang lalu" in page


def test_the_filter_says_very_probably_with_its_date_and_what_to_ask(counter, screen):
    page = told(screen, perhaps(counter).nik)
    assert "Kemungkinan besar sudah direkam (saringan 21 November 2026)" in page
    assert "saringan nasional · hari ini" in page
    assert "Tanyakan kapan dan di mana" in page


def test_whom_nothing_knows_is_not_known_up_to_the_day_of_the_filter(counter, screen):
    page = told(screen, counter.adults()[0].nik)
    assert "Tidak diketahui pernah direkam (sampai 21 November 2026)" in page
    assert "Rekam seperti biasa" in page


def test_a_station_of_one_province_says_so_of_somebody_from_another(counter, operator):
    here = counter.station.here
    own = FilterShelf(
        InMemoryAnnounced(), here.parts, here.identity.centre_certificate.signing, "3174", scope="province"
    )
    check = AlreadyRecorded(here.store, here.recordings, own)
    advice = check.ask("3273010101900001")
    assert advice == CheckAdvice(CheckAnswer.NOT_CHECKED, PROVINCE_FILTER)
    assert answer_of(advice, counter.station).words.endswith(
        "hanya menyimpan saringan Provinsi Daerah Khusus Ibukota Jakarta"
    )
    nearer = answer_of(check.ask("3174010101900001"), counter.station)
    assert nearer.words == "Tidak diketahui: belum direkam di stasiun ini, dan saringan nasional belum tiba"


def test_a_damaged_filter_is_told_as_not_known(counter, operator):
    answer = answer_of(CheckAdvice(CheckAnswer.NOT_CHECKED, NATIONAL_FILTER), counter.station)
    assert answer.words == "Tidak diketahui: saringan nasional rusak dan sedang diambil lagi"


def test_a_number_that_is_no_nik_is_refused_with_its_reason_and_stays_to_be_corrected(screen):
    page = screen.post("/check", {"text": "12345"})
    assert page.status_code == 422
    assert 'value="12345"' in page.text


def test_a_scanned_code_with_a_nik_is_asked_as_that_nik_and_leads_on(screen, counter):
    nik = counter.adults()[0].nik
    page = screen.get(screen.post("/check", {"text": f"https://example.org/?nik={nik}&x=1"}).headers["location"]).text
    assert f'value="{nik}"' in page
    assert "example.org" not in page
    assert "Rekam seperti biasa" in page
    refused = screen.post("/check", {"text": "https://example.org/" + "a" * 4000})
    assert refused.status_code == 422
    assert "Yang dipindai tidak memuat NIK" in refused.text


def test_whose_recording_failed_at_the_centre_is_told_to_be_recorded_again_and_the_reason_is_written(counter, screen):
    recording = counter.save(counter.adults()[0].nik)
    before = screen.post("/", {"text": recording.nik}, follow=True).text
    assert "Jangan rekam lagi" in before
    assert re.search(r'href="/recordings/\w+" class="button button-primary" data-next', before)
    with counter.station.here.store.tx() as tx:
        tx.execute(
            "UPDATE recording SET status = ? WHERE packet_id = ?",
            (Status.ENROLL_FAILURE_AT_CENTRAL, recording.packet_id),
        )
    page = screen.post("/", {"text": recording.nik}, follow=True).text
    assert "tetapi harus direkam ulang" in page
    assert "Jangan rekam lagi" not in page
    assert re.search(r'<button type="submit" class="button button-primary" data-next>Mulai rekam', page)
    assert "Harus direkam ulang" in page
    begun = screen.post("/sittings", {"nik": recording.nik}).headers["location"]
    assert f'value="Rekaman {recording.number}: Biometrik tidak terbaca' in screen.get(f"{begun}/warning").text
