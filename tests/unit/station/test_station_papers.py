import io
import re

import pytest
from pypdf import PdfReader

from rekam.station.papers import Papers, SuketNeedsCentre, SuketSwitchedOff
from rekam.station.recordings import UnknownRecording
from rekam.trust import cbor


def text_of(pdf):
    return " ".join("\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def with_policy(counter, policy):
    """The station as an office with another policy would have provisioned it."""
    store = counter.station.here.store
    store.put_setting("identity", cbor.encode({**store.identity().to_map(), "suket_policy": policy}))


@pytest.fixture
def recording(counter, operator):
    return counter.save(counter.adults()[0].nik)


@pytest.fixture
def papers(counter, recording) -> Papers:
    return counter.station.here.papers


def test_a_proof_names_the_resident_and_the_packet_and_every_copy_is_noted(counter, recording, papers):
    first, second = papers.proof(recording.packet_id, "op-1"), papers.proof(recording.packet_id, "op-2")
    assert recording.number in text_of(first)
    assert recording.name in text_of(second)
    rows = counter.station.here.store.rows("SELECT kind, copy, number, operator FROM paper ORDER BY copy")
    assert rows == [("proof", 1, recording.number, "op-1"), ("proof", 2, recording.number, "op-2")]


def test_a_letter_is_issued_offline_from_the_stations_own_block_of_numbers(counter, recording, papers):
    with_policy(counter, "offline")
    assert "470/0001/317401-01/2026" in text_of(papers.suket(recording.packet_id, "op-1"))


def test_a_reprint_keeps_the_letters_number_and_the_next_resident_gets_the_next(counter, recording, papers):
    with_policy(counter, "offline")
    other = counter.save(counter.adults(3)[2].nik)
    numbers = []
    for packet_id in (recording.packet_id, recording.packet_id, other.packet_id, recording.packet_id):
        numbers += re.findall(r"470/\d{4}", text_of(papers.suket(packet_id, "op-1")))[:1]
    assert numbers == ["470/0001", "470/0001", "470/0002", "470/0001"]
    assert papers.copies(recording.packet_id, "suket") == 3


def test_a_new_year_begins_a_new_block(counter, recording, papers):
    with_policy(counter, "offline")
    papers.suket(recording.packet_id, "op-1")
    counter.clock.advance(60 * 24 * 3600)
    other = counter.save(counter.adults(3)[2].nik)
    assert "470/0001/317401-01/2027" in text_of(papers.suket(other.packet_id, "op-1"))


def test_an_office_that_waits_for_the_centre_issues_no_letter_before(counter, recording, papers):
    with_policy(counter, "after_received")
    assert isinstance(papers.suket_refusal(recording), SuketNeedsCentre)
    with pytest.raises(SuketNeedsCentre, match=recording.number):
        papers.suket(recording.packet_id, "op-1")
    with counter.station.here.store.tx() as tx:
        tx.execute("UPDATE recording SET accepted_at = '2026-11-21T03:00:00+00:00'")
    assert papers.suket(recording.packet_id, "op-1").startswith(b"%PDF")


def test_a_letter_that_is_switched_off_uses_no_number(counter, recording, papers):
    with_policy(counter, "off")
    with pytest.raises(SuketSwitchedOff):
        papers.suket(recording.packet_id, "op-1")
    assert counter.station.here.store.rows("SELECT * FROM suket_number") == []
    assert counter.station.here.store.rows("SELECT * FROM paper") == []


def test_no_paper_is_printed_of_what_was_never_recorded(papers):
    with pytest.raises(UnknownRecording):
        papers.proof("0" * 64, "op-1")
