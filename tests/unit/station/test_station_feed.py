from dataclasses import replace

import pytest

from rekam.enrolment.status import Status
from rekam.exchange.announced import Announced
from rekam.exchange.errors import FeedUnreadable
from rekam.exchange.feed import Batch, Entry, EntryKind, office_feed
from rekam.exchange.log import InMemoryLog
from rekam.exchange.parts import Part
from rekam.station.announced import StationAnnounced
from rekam.station.feed_sink import ReceiptOfAnother, StationFeedSink, effects
from rekam.station.whereabouts import whereabouts
from rekam.trust import cbor, receipts
from rekam.trust.cose import SignedByAnother
from rekam.trust.keys import SigningKey
from rekam.trust.log.merkle import ProofInvalid
from rekam.trust.log.proof import commitment

CENTRE = SigningKey.generate()
AT = "2026-11-21T03:00:00+00:00"


@pytest.fixture
def recording(counter, operator):
    return counter.save(counter.adults()[0].nik)


@pytest.fixture
def tell(counter):
    """Applies entries as one batch of this station's office's feed."""
    feed = office_feed(counter.station.here.identity.office) if counter.station.is_open else "office/3174"
    counter.sign_in()
    sink = StationFeedSink(counter.station.here.store, effects(CENTRE.public))

    def apply(*entries):
        first = sink.cursor(feed) + 1
        numbered = tuple(Entry(first + n, kind, cbor.encode(body)) for n, (kind, body) in enumerate(entries))
        return sink.apply(feed, Batch(feed, 0, numbered), b"")

    return apply


def accepted(recording, *, packet_id=None, kind="acceptance", signer=CENTRE, salt=None, logged=True):
    packet_id = packet_id or recording.packet_id
    proof = InMemoryLog(CENTRE).append(commitment(packet_id, recording.number, salt or recording.salt))
    log = str(proof) if logged else None
    receipt = receipts.Receipt(kind, packet_id, recording.number, recording.size, "centre", 5, log)
    return EntryKind.ACCEPTED, {
        "packet_id": recording.packet_id,
        "number": recording.number,
        "receipt": receipts.issue(receipt, signer),
        "at": AT,
    }


def told(recording, status, kind=EntryKind.RESULT, reason=""):
    body = {"packet_id": recording.packet_id, "number": recording.number, "status": status, "reason": reason, "at": AT}
    return kind, body


def test_an_acceptance_and_a_result_move_the_recording_on(counter, recording, tell):
    find = counter.station.here.recordings.find
    assert whereabouts(recording).words.startswith("Tersimpan di stasiun ini")
    tell(accepted(recording))
    assert (find(recording.packet_id).accepted_at, find(recording.packet_id).status) == (
        AT,
        Status.RECEIVED_AT_CENTRAL,
    )
    tell(told(recording, "PRINT_READY_RECORD"))
    assert find(recording.packet_id).status is Status.PRINT_READY_RECORD
    assert whereabouts(find(recording.packet_id), "en").words.startswith("Unique")


@pytest.mark.parametrize("status", [each.value for each in Status if each is not Status.UNREGISTERED])
def test_every_status_has_a_sentence_in_both_languages(counter, recording, tell, status):
    tell(accepted(recording), told(recording, status, reason="sebab"))
    found = counter.station.here.recordings.find(recording.packet_id)
    indonesian, english = whereabouts(found), whereabouts(found, "en")
    assert "" != indonesian.words != english.words != ""
    assert (indonesian.as_of, indonesian.advice) == (AT, "sebab")


def test_a_receipt_that_the_centre_did_not_sign_is_not_taken_over(counter, recording, tell):
    with pytest.raises(SignedByAnother):
        tell(accepted(recording, signer=SigningKey.generate()))
    assert counter.station.here.recordings.find(recording.packet_id).accepted_at is None


@pytest.mark.parametrize("claim", [{"packet_id": "cd" * 32}, {"kind": "custody"}], ids=["another packet's", "custody"])
def test_a_receipt_for_something_else_is_not_taken_over_and_undoes_its_batch(counter, recording, tell, claim):
    with pytest.raises(ReceiptOfAnother):
        tell(told(recording, "SEARCH_FAILURE_AT_CENTRAL"), accepted(recording, **claim))
    found = counter.station.here.recordings.find(recording.packet_id)
    assert (found.accepted_at, found.status) == (None, Status.PROCESSING)


@pytest.mark.parametrize("claim", [{"logged": False}, {"salt": bytes(16)}], ids=["no proof", "of another packet"])
def test_an_acceptance_that_the_public_log_does_not_bear_out_is_not_taken_over(counter, recording, tell, claim):
    with pytest.raises(ProofInvalid):
        tell(accepted(recording, **claim))
    assert counter.station.here.recordings.find(recording.packet_id).accepted_at is None


def test_entries_about_other_stations_and_unknown_kinds_pass_by(counter, recording, tell):
    other = replace(recording, packet_id="ef" * 32, number="317402-01/1/000001")
    before = counter.station.here.recordings.search()
    assert tell(accepted(other), told(other, "DUPLICATE_RECORD"), ("from-the-future", {"x": 1})) == 3
    assert counter.station.here.recordings.search() == before


def test_a_receipt_once_held_is_never_replaced(counter, recording, tell):
    tell(accepted(recording))
    (held,) = counter.station.here.store.rows("SELECT acceptance_receipt FROM recording")[0]
    later = receipts.Receipt("acceptance", recording.packet_id, recording.number, recording.size, "centre", 99)
    proof = receipts.verify(held, CENTRE.public).log
    again = receipts.issue(replace(later, log=proof), CENTRE)
    assert again != held
    tell((EntryKind.ACCEPTED, {**accepted(recording)[1], "receipt": again}))
    assert counter.station.here.store.rows("SELECT acceptance_receipt FROM recording") == [(held,)]


def test_notices_are_kept_newest_first_and_an_older_one_never_replaces_a_newer(counter, operator, tell):
    def notice(number, text="teks"):
        return EntryKind.NOTICE, {
            "number": number,
            "at": AT,
            "text_id": text,
            "text_en": "text",
            "todo_id": "",
            "todo_en": "",
        }

    tell(notice(3), notice(4, "terbaru"))
    tell(notice(2, "terlambat"), notice(4, "pengganti"))
    newest = counter.station.here.notices.newest(10)
    assert [each.number for each in newest] == [4, 3, 2]
    assert newest[0].text_id == "terbaru"


def test_an_announcement_takes_effect_with_the_cursor_or_not_at_all(counter, tell):
    announced = StationAnnounced(counter.station.here.store)
    row = {"name": "codelists", "version": 7, "part": {"id": bytes(32), "size": 5}}
    before = list(announced.known())
    for broken in ({**row, "version": 0}, {"name": "codelists"}):
        with pytest.raises(FeedUnreadable):
            tell((EntryKind.ANNOUNCED, row), (EntryKind.ANNOUNCED, broken))
        assert list(announced.known()) == before
    assert tell((EntryKind.ANNOUNCED, row), (EntryKind.ANNOUNCED, {**row, "version": 6})) == 2
    assert [each for each in announced.known() if each.name == "codelists"] == [
        Announced("codelists", 7, Part("00" * 32, 5))
    ]
