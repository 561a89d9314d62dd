import io
import re

import apsw
import pytest
from pypdf import PdfReader

from rekam.station.papers import Papers, ReprintNeedsReason, SuketNeedsCentre, SuketSwitchedOff
from rekam.station.recordings import UnknownRecording
from rekam.trust import cbor
from station_counter import OPERATOR


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
    first, second = papers.proof(recording.packet_id, "op-1"), papers.proof(recording.packet_id, "op-2", "kertas macet")
    assert recording.number in text_of(first)
    assert recording.name in text_of(second)
    rows = counter.station.here.store.rows("SELECT kind, copy, number, operator, reason FROM paper ORDER BY copy")
    assert rows == [
        ("proof", 1, recording.number, "op-1", ""),
        ("proof", 2, recording.number, "op-2", "kertas macet"),
    ]


@pytest.mark.parametrize("kind", ["proof", "suket"])
def test_every_copy_after_the_first_bears_a_mark_with_who_when_and_why(recording, papers, kind):
    first = papers.issue(kind, recording.packet_id, "op-1")
    again = papers.issue(kind, recording.packet_id, "op-2", "hilang")
    third = papers.issue(kind, recording.packet_id, "op-3", "rusak")
    assert "SALINAN" not in text_of(first.pdf)
    assert "SALINAN ke-2" in text_of(again.pdf)
    assert "Dicetak ulang 21 November 2026 pukul 09.00 WIB oleh op-2. Alasan: hilang." in text_of(again.pdf)
    assert "SALINAN ke-3" in text_of(third.pdf)
    named = papers.issue(kind, recording.packet_id, OPERATOR, "rusak")
    assert "oleh Operator Tebet. Alasan: rusak." in text_of(named.pdf)
    assert again.number == first.number
    assert [each.reason for each in papers.register(recording.packet_id)] == ["rusak", "rusak", "hilang", ""]
    for issued in (first, again, third):
        assert len(PdfReader(io.BytesIO(issued.pdf)).pages) == 1


def test_a_copy_without_a_reason_is_not_printed_and_not_noted(recording, papers):
    papers.proof(recording.packet_id, "op-1")
    with pytest.raises(ReprintNeedsReason):
        papers.proof(recording.packet_id, "op-1", "  ")
    assert papers.copies(recording.packet_id, "proof") == 1


def test_what_was_handed_out_is_never_rewritten(counter, recording, papers):
    papers.suket(recording.packet_id, "op-1")
    for sql in (
        "UPDATE paper SET operator = 'x'",
        "DELETE FROM paper",
        "DELETE FROM letter",
        "UPDATE letter SET at = ''",
    ):
        with pytest.raises(apsw.ConstraintError), counter.station.here.store.tx() as tx:
            tx.execute(sql)


def test_a_letter_is_issued_offline_from_the_stations_own_block_of_numbers(counter, recording, papers):
    with_policy(counter, "offline")
    assert "470/0001/3174/2026" in text_of(papers.suket(recording.packet_id, "op-1"))


def test_a_reprint_keeps_the_letters_number_and_date_and_the_next_resident_gets_the_next(counter, recording, papers):
    with_policy(counter, "offline")
    other = counter.save(counter.adults(3)[2].nik)
    numbers = []
    for packet_id in (recording.packet_id, recording.packet_id, other.packet_id, recording.packet_id):
        numbers += re.findall(r"470/\d{4}", text_of(papers.suket(packet_id, "op-1", "hilang")))[:1]
    assert numbers == ["470/0001", "470/0001", "470/0002", "470/0001"]
    assert papers.copies(recording.packet_id, "suket") == 3
    counter.clock.advance(40 * 24 * 3600)
    assert "Jakarta Selatan, 21 November 2026" in text_of(papers.suket(recording.packet_id, "op-1", "hilang"))


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
    assert counter.station.here.store.rows("SELECT * FROM letter") == []
    assert counter.station.here.store.rows("SELECT * FROM paper") == []


def test_no_paper_is_printed_of_what_was_never_recorded(papers):
    with pytest.raises(UnknownRecording):
        papers.proof("0" * 64, "op-1")
