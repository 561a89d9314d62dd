"""A station lets accepted packets go after 30 legal days; what they stood for stays."""

from datetime import timedelta

import apsw
import pytest

from rekam.exchange.feed import Batch, Entry, EntryKind, office_feed
from rekam.exchange.log import InMemoryLog
from rekam.exchange.purging import Purger
from rekam.station.feed_sink import StationFeedSink, effects
from rekam.station.purging import StationPurgeStore
from rekam.storage.errors import BlobMissing
from rekam.trust import cbor, keyfile, receipts
from rekam.trust.keys import SigningKey
from rekam.trust.log.proof import commitment
from station_counter import TODAY

DAY_MS = 24 * 3600 * 1000
ACCEPTED_MS = round(TODAY.timestamp() * 1000)


@pytest.fixture
def centre(counter):
    return SigningKey(keyfile.load(counter.folder / "keys" / "centre.keys")["signing"])


@pytest.fixture
def recording(counter, operator):
    return counter.save(counter.adults()[0].nik)


def accept(counter, centre, recording, *, deliver=True, status=None):
    """The acceptance comes down, and, as a rule, the custody receipt before it."""
    here = counter.station.here
    if deliver:
        here.line.outbox.acknowledged(recording.packet_id, b"custody")
    proof = InMemoryLog(centre).append(commitment(recording.packet_id, recording.number, recording.salt))
    said = receipts.Receipt(
        "acceptance", recording.packet_id, recording.number, recording.size, "centre", ACCEPTED_MS, str(proof)
    )
    body = {"packet_id": recording.packet_id, "number": recording.number, "at": TODAY.isoformat()}
    entries = [(EntryKind.ACCEPTED, {**body, "receipt": receipts.issue(said, centre)})]
    if status:
        entries.append((EntryKind.PROGRESS, {**body, "status": status, "reason": ""}))
    feed = office_feed(here.identity.office)
    sink = StationFeedSink(here.store, effects(centre.public))
    after = sink.cursor(feed)
    numbered = tuple(Entry(after + n, kind, cbor.encode(told)) for n, (kind, told) in enumerate(entries, 1))
    sink.apply(feed, Batch(feed, 0, numbered), b"")


def days_later(counter, days):
    counter.station.here.legal.set(ACCEPTED_MS + days * DAY_MS)
    return counter.station.here.purger.run_once(counter.station.here.legal.now())


def test_after_thirty_legal_days_the_packet_goes_and_its_row_receipts_and_templates_stay(counter, centre, recording):
    accept(counter, centre, recording)
    here = counter.station.here
    templates = here.store.rows("SELECT * FROM template")
    kept = here.store.rows("SELECT custody_receipt, acceptance_receipt, salt, summary FROM recording")
    assert days_later(counter, 29).went == ()
    assert here.blobs.has(recording.packet_id)
    assert days_later(counter, 31).went == (recording.packet_id,)
    assert not here.blobs.has(recording.packet_id)
    assert here.store.rows("SELECT * FROM template") == templates
    assert here.store.rows("SELECT custody_receipt, acceptance_receipt, salt, summary FROM recording") == kept
    assert here.papers.proof(recording.packet_id, "op-317401-01").startswith(b"%PDF")
    assert counter.station.ask(recording.nik).answer.warns
    assert here.scrub_book.held("", 10) == []


def test_the_machines_own_date_purges_nothing(counter, centre, recording):
    accept(counter, centre, recording)
    counter.clock.set_wall(TODAY + timedelta(days=4000))
    here = counter.station.here
    assert here.purger.run_once(here.legal.now()).went == ()
    assert here.blobs.has(recording.packet_id)


def test_a_packet_that_the_office_does_not_have_yet_stays_although_the_centre_accepted_it(counter, centre, recording):
    accept(counter, centre, recording, deliver=False)
    assert days_later(counter, 31).went == ()
    assert counter.station.here.blobs.has(recording.packet_id)


def test_a_packet_that_the_centre_looks_at_in_quarantine_stays(counter, centre, recording):
    accept(counter, centre, recording, status="QUARANTINED")
    assert days_later(counter, 31).went == ()


def test_what_a_restart_finds_half_gone_goes_on(counter, centre, recording):
    accept(counter, centre, recording)
    here = counter.station.here
    store = StationPurgeStore(here.store, here.legal)
    assert store.let_go(recording.packet_id, lambda _held: True)
    here.blobs.remove(recording.packet_id)  # killed before the row says so
    counter.restart()
    counter.sign_in()
    days_later(counter, 31)
    here = counter.station.here
    assert here.store.rows("SELECT gone_at IS NOT NULL FROM recording") == [(1,)]
    with pytest.raises(BlobMissing):
        here.blobs.open(recording.packet_id)


def test_the_store_itself_refuses_to_let_go_what_is_not_accepted_or_still_to_send(counter, centre, recording):
    here = counter.station.here
    store = StationPurgeStore(here.store, here.legal)
    with pytest.raises(apsw.ConstraintError, match="never purged"):
        store.let_go(recording.packet_id, lambda _held: True)
    accept(counter, centre, recording, deliver=False)
    with pytest.raises(apsw.ConstraintError, match="never purged"):
        store.let_go(recording.packet_id, lambda _held: True)


def test_the_store_itself_refuses_to_take_back_what_is_gone(counter, centre, recording):
    accept(counter, centre, recording)
    assert days_later(counter, 31).went == (recording.packet_id,)
    for change in ("gone_at = NULL", "going_at = NULL", "gone_at = 'later'"):
        with pytest.raises(apsw.ConstraintError, match="stays gone"), counter.station.here.store.tx() as tx:
            tx.execute(f"UPDATE recording SET {change}")


def test_a_station_may_keep_for_ever(counter, centre, recording):
    accept(counter, centre, recording)
    here = counter.station.here
    for_ever = Purger(StationPurgeStore(here.store, here.legal), here.blobs, centre.public, retention=None)
    here.legal.set(ACCEPTED_MS + 4000 * DAY_MS)
    assert for_ever.run_once(here.legal.now()).went == ()
