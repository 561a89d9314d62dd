"""The stations' offline check, and notices: what the centre hands down to everybody."""

import threading
from datetime import date

import psycopg
import pytest

from centre_examples import CENTRE, OTHER_OFFICE, SECRETS, resident, town
from patience import PATIENCE_S
from rekam.centre.notices import EmptyNotice
from rekam.centre.snapshot import NoSnapshotYet
from rekam.exchange.announced import Announced
from rekam.exchange.feed import PORTAL_FEED, EntryKind, office_feed, open_batch
from rekam.exchange.filter import filter_hash, open_snapshot, shard_of
from rekam.exchange.filter_delta import open_delta
from rekam.exchange.filter_shelf import FILTER, FilterShelf, deltas_of
from rekam.exchange.pg.announced import PgAnnounced
from rekam.trust import cbor
from rekam.trust.at_rest import keyed_hash

SITI, DEWI = resident(1, "SITI RAHMAWATI"), resident(2, "DEWI LESTARI")


@pytest.fixture
def here(tmp_path):
    with town(tmp_path / "centre", SITI, DEWI) as here:
        yield here


def says_recorded(here, person):
    shelf = FilterShelf(PgAnnounced(here.centre.pool), here.centre.parts, CENTRE.key.public, "3174")
    told = shelf.ask(filter_hash(SECRETS["check"], person.nik), shard_of(person.nik))
    return told is not None and told.recorded


def part_bits(here, made):
    """Bits of the fingerprints in an edition, of all its shards."""
    listed = open_snapshot(b"".join(here.centre.parts.chunks(made.part.id)), CENTRE.key.public)
    return {shard.shape.bits for shard in listed.shards.values()}


def told_to(here, office="3174"):
    """What the office's feed announced, in its order."""
    data = here.centre.feed.after(office_feed(office), 0)
    entries = open_batch(data, CENTRE.key.public).entries if data else ()
    return [Announced.from_entry(entry) for entry in entries if entry.kind == EntryKind.ANNOUNCED]


def yesterday(here):
    """A day passes since the last publication."""
    with here.centre.pool.connection() as tx:
        tx.execute("ALTER TABLE filter_publication DISABLE TRIGGER USER")
        tx.execute("UPDATE filter_publication SET published_at = published_at - interval '1 day'")
        tx.execute("ALTER TABLE filter_publication ENABLE TRIGGER USER")


def delta(here, announced):
    data = b"".join(here.centre.parts.chunks(announced.part.id))
    return open_delta(data, CENTRE.key.public, edition=int(announced.name.split("/")[1]), n=announced.version)


def test_everybody_whose_recording_counts_is_in_the_snapshot_and_every_office_is_told(here):
    here.record(SITI, 1)
    again = here.receive(*here.counter.seal_content([b"broken"]))
    here.work()
    assert here.status(again) == "REJECTED"
    made = here.centre.snapshots.publish()
    assert (made.name, made.version) == (FILTER, 1)
    assert told_to(here) == [made]
    assert says_recorded(here, SITI)
    assert not says_recorded(here, DEWI)


def test_who_was_told_to_record_again_is_not_in_the_snapshot(here):
    here.record(SITI, 1, exceptions=())
    here.work()
    here.centre.snapshots.publish()
    assert not says_recorded(here, SITI)


def test_editions_grow_and_each_holds_everybody(here):
    here.record(SITI, 1)
    here.work()
    assert here.centre.snapshots.publish().version == 1
    here.record(DEWI, 2)
    here.work()
    assert here.centre.snapshots.publish().version == 2
    assert says_recorded(here, SITI)
    assert says_recorded(here, DEWI)


def test_an_edition_of_sixteen_bits_is_read_like_any_other_and_its_deltas_follow_it(here):
    here.record(SITI, 1)
    here.work()
    eight = here.centre.snapshots.publish()
    sixteen = here.centre.snapshots.publish(bits=16)
    assert [part_bits(here, made) for made in (eight, sixteen)] == [{8}, {16}]
    assert says_recorded(here, SITI)
    assert not says_recorded(here, DEWI)
    here.record(DEWI, 2)
    here.work()
    here.centre.snapshots.publish_delta()
    assert says_recorded(here, DEWI)


def test_a_delta_tells_who_is_new_and_only_that_and_follows_its_snapshot_without_a_gap(here):
    with pytest.raises(NoSnapshotYet):
        here.centre.snapshots.publish_delta()
    here.record(SITI, 1)
    here.work()
    snapshot = here.centre.snapshots.publish()
    here.record(DEWI, 2)
    here.work()
    first, second = (here.centre.snapshots.publish_delta() for _ in range(2))
    assert [(row.name, row.version) for row in (first, second)] == [(deltas_of(1), 1), (deltas_of(1), 2)]
    assert told_to(here) == [snapshot, first, second]
    assert delta(here, first).hashes.tolist() == [filter_hash(SECRETS["check"], DEWI.nik)]
    assert delta(here, second).hashes.size == 0
    assert says_recorded(here, DEWI)


def test_who_was_rejected_after_one_snapshot_and_recorded_anew_is_told_again(here):
    here.record(SITI, 1)
    here.work()
    here.centre.snapshots.publish()
    with here.centre.pool.connection() as tx:
        tx.execute("UPDATE enrolment_case SET status = 'REJECTED'")
    here.centre.snapshots.publish()
    assert not says_recorded(here, SITI)
    here.record(SITI, 1, impression=1)
    here.work()
    here.centre.snapshots.publish_delta()
    assert says_recorded(here, SITI)


def test_the_daily_delta_is_published_once_however_many_workers_ask(here):
    assert here.centre.snapshots.publish_delta_if_due() is None
    here.centre.snapshots.publish()
    assert here.centre.snapshots.publish_delta_if_due() is None, "the snapshot is of today"
    yesterday(here)
    made = []
    workers = [
        threading.Thread(target=lambda: made.append(here.centre.snapshots.publish_delta_if_due())) for _ in range(4)
    ]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    assert [row.version for row in made if row] == [1]
    assert here.centre.snapshots.publish_delta_if_due() is None


def test_a_worker_publishes_the_daily_delta_between_its_cases(here):
    here.centre.snapshots.publish()
    here.record(SITI, 1)
    here.work()
    yesterday(here)
    stop = threading.Event()
    worker = threading.Thread(target=here.centre.worker().run, args=(stop,))
    worker.start()
    for _ in range(int(10 * PATIENCE_S)):
        if len(told_to(here)) > 1 or stop.wait(0.1):
            break
    stop.set()
    worker.join()
    assert [row.name for row in told_to(here)] == [FILTER, deltas_of(1)]
    assert says_recorded(here, SITI)


def test_a_publication_that_fails_is_told_to_nobody_and_the_next_one_has_everybody(here, monkeypatch):
    here.record(SITI, 1)
    here.work()
    before = here.centre.snapshots.publish()
    here.record(DEWI, 2)
    here.work()
    monkeypatch.setattr(here.centre.feed, "append", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        here.centre.snapshots.publish_delta()
    monkeypatch.undo()
    assert told_to(here) == [before]
    assert delta(here, here.centre.snapshots.publish_delta()).hashes.size == 1


def test_an_office_that_comes_later_is_told_all_that_is_in_force(here):
    here.centre.snapshots.publish()
    here.centre.snapshots.publish()
    here.centre.snapshots.publish_delta()
    here.centre.admit_office(OTHER_OFFICE.holder.chain)
    assert [(row.name, row.version) for row in told_to(here, "3273")] == [(FILTER, 2), (deltas_of(2), 1)]
    here.centre.admit_office(OTHER_OFFICE.holder.chain)
    assert len(told_to(here, "3273")) == 2


def test_who_was_recorded_before_rekam_is_in_every_edition(here):
    before = [(keyed_hash(SECRETS["check"], "filter", SITI.nik), "3174")]
    assert here.centre.snapshots.adopt(before, date(2016, 10, 3)).version == 1
    assert says_recorded(here, SITI)
    here.centre.snapshots.publish()
    assert says_recorded(here, SITI)
    assert here.centre.snapshots.adopt(before, date(2016, 10, 3)) is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE exchange.announced SET part = repeat('0', 64)",
        "DELETE FROM exchange.announced",
        "INSERT INTO exchange.announced (name, version, part, size) VALUES ('filter', 1, repeat('0', 64), 1)",
    ],
)
def test_what_was_announced_cannot_be_changed_even_by_hand(here, statement):
    here.centre.snapshots.publish()
    here.centre.snapshots.publish()
    with pytest.raises(psycopg.errors.RestrictViolation), here.centre.pool.connection() as tx:
        tx.execute(statement)


def test_a_notice_goes_to_every_office_and_the_portal_with_one_number(here):
    published = here.centre.notices.publish("Pusat dipelihara", "", author="pusat", todo_id="Teruskan merekam")
    for feed in (office_feed("3174"), PORTAL_FEED):
        [entry] = open_batch(here.centre.feed.after(feed, 0), CENTRE.key.public).entries
        body = cbor.decode(entry.body)
        assert (entry.kind, body["number"], body["text_id"]) == ("notice", published.number, "Pusat dipelihara")
        assert body["text_en"] == "Pusat dipelihara", "Indonesian stands in where English is missing"
        assert body["todo_id"] == "Teruskan merekam"


def test_an_empty_notice_is_not_published(here):
    with pytest.raises(EmptyNotice):
        here.centre.notices.publish("  ", "Only English", author="pusat")
    assert here.centre.notices.newest() == []
