from datetime import date

import pytest

from rekam.enrolment.check import CheckAnswer
from rekam.enrolment.nik import InvalidNik
from rekam.exchange.announced import InMemoryAnnounced
from rekam.exchange.feed import Batch, Entry, EntryKind, office_feed
from rekam.exchange.filter_shelf import FilterShelf
from rekam.station.already_recorded import AlreadyRecorded
from rekam.station.feed_sink import StationFeedSink, effects
from rekam.trust import cbor
from rekam.trust.at_rest import keyed_hash
from rekam.trust.keys import SigningKey


def ask_without_filter(counter, nik):
    here = counter.station.here
    nothing = FilterShelf(InMemoryAnnounced(), here.parts, here.identity.centre_certificate.signing, "3174")
    return AlreadyRecorded(here.store, here.recordings, nothing).ask(nik)


def recorded_people(counter):
    people = counter.station.here.residents.search("3174", limit=60)
    return [one for one in people if counter.station.ask(one.nik).answer is CheckAnswer.PERHAPS_RECORDED]


def test_the_filter_answers_offline_and_names_its_date(counter, operator):
    perhaps = recorded_people(counter)
    assert len(perhaps) >= 3
    advice = counter.station.ask(perhaps[0].nik)
    assert (advice.source, advice.as_of) == ("saringan nasional", date(2026, 11, 21).isoformat())
    assert advice.answer.warns
    new = counter.station.ask(counter.adults()[0].nik)
    assert (new.answer, new.as_of) == (CheckAnswer.NOT_RECORDED, "2026-11-21")


def test_a_nik_with_spaces_is_the_same_nik_and_an_impossible_one_is_refused(counter, operator):
    nik = recorded_people(counter)[0].nik
    assert counter.station.ask(f"{nik[:6]} {nik[6:12]} {nik[12:]}") == counter.station.ask(nik)
    with pytest.raises(InvalidNik):
        counter.station.ask("12345")


def test_an_own_recording_answers_before_everything_else(counter, operator):
    nik = recorded_people(counter)[0].nik
    sitting_id = counter.filled(nik, operator)
    counter.station.sittings.go_on(sitting_id, "Rekaman lama ditolak pusat")
    recording = counter.station.sittings.save(sitting_id, operator, consent=True)
    advice = counter.station.ask(nik)
    assert (advice.answer, advice.source, advice.as_of) == (
        CheckAnswer.RECORDED_HERE,
        recording.number,
        recording.saved_at,
    )


def test_a_result_from_another_station_answers_recorded_elsewhere(counter, operator):
    here, nik = counter.station.here, counter.adults()[0].nik
    body = {
        "packet_id": "ab" * 32,
        "number": "317402-01/1/000004",
        "status": "PRINT_READY_RECORD",
        "reason": "",
        "at": "2026-11-20T08:00:00+00:00",
        "check": keyed_hash(here.identity.check_key, "filter", nik),
    }
    feed = office_feed(here.identity.office)
    entry = Entry(1, EntryKind.RESULT, cbor.encode(body))
    StationFeedSink(here.store, effects(SigningKey.generate().public)).apply(feed, Batch(feed, 0, (entry,)), b"")
    advice = counter.station.ask(nik)
    assert (advice.answer, advice.source) == (CheckAnswer.RECORDED_ELSEWHERE, "317402-01/1/000004")


def test_a_damaged_filter_gives_no_answer_and_never_a_no(counter, operator):
    nik = recorded_people(counter)[0].nik
    here = counter.station.here
    (_, shard, *_) = here.filter.wanted()
    path = here.parts.path(shard.id)
    counter.restart()
    path.write_bytes(bytes(shard.size))
    counter.sign_in()
    assert counter.station.ask(nik).answer is CheckAnswer.NOT_CHECKED


def test_without_a_filter_own_records_answer_alone_and_claim_no_more(counter, operator):
    nik = counter.adults()[0].nik
    advice = ask_without_filter(counter, nik)
    assert (advice.answer, advice.source) == (CheckAnswer.NOT_CHECKED, "catatan stasiun")
    counter.save(nik)
    assert ask_without_filter(counter, nik).answer is CheckAnswer.RECORDED_HERE


def test_going_on_with_somebody_who_may_be_recorded_needs_a_reason(counter, operator):
    adults = [one for one in recorded_people(counter) if one.birth_date.year < 2005]
    nik = adults[0].nik if adults else recorded_people(counter)[0].nik
    assert counter.station.sittings.open(nik, operator).needs_reason
