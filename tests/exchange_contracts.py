"""What every adapter of the exchange's ports must do. A test file subclasses a suite and gives it a `harness` fixture."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from exchange_examples import CENTRE_KEY, CLOCK, STATION, packet, packets
from rekam.exchange.continuity import Gap, Link, chain_report
from rekam.exchange.errors import FeedFromAnother, FeedGap, FeedUnreadable, FeedWentBack
from rekam.exchange.feed import BATCH_BYTES, Batch, Entry, FeedFollower, FeedSink, FeedSource, open_batch, seal_batch
from rekam.exchange.inbox import Register
from rekam.exchange.outbox import OutboxStore, Waiting

FEED = "office/3174"


@dataclass
class OutboxHarness:
    """An empty outbox and how its place queues a packet."""

    outbox: OutboxStore
    queue: Callable[[Waiting], None]


class OutboxContract:
    """Subclass and define `harness`, a fixture that gives an `OutboxHarness`."""

    def test_packets_wait_in_the_order_they_were_queued(self, harness):
        queued = [each.waiting() for each in packets(4)]
        for each in queued:
            harness.queue(each)
        assert [(each.packet_id, each.number, each.size, each.chain) for each in harness.outbox.waiting(3)] == [
            (each.packet_id, each.number, each.size, each.chain) for each in queued[:3]
        ]
        assert [each.packet_id for each in harness.outbox.waiting(10)] == [each.packet_id for each in queued]

    def test_an_acknowledged_packet_waits_no_longer_and_keeps_its_first_state(self, harness):
        first, second = (each.waiting() for each in packets(2))
        harness.queue(first)
        harness.queue(second)
        harness.outbox.acknowledged(first.packet_id, b"receipt one")
        harness.outbox.acknowledged(first.packet_id, b"receipt two")
        harness.outbox.failed(first.packet_id, "Late", "a late failure")
        assert [each.packet_id for each in harness.outbox.waiting(10)] == [second.packet_id]
        assert harness.outbox.set_aside() == []

    def test_a_packet_set_aside_leaves_the_others_their_turn_and_shows_its_reason(self, harness):
        queued = [each.waiting() for each in packets(3)]
        for each in queued:
            harness.queue(each)
        harness.outbox.failed(queued[0].packet_id, "PacketRefused", "the header was altered")
        assert [each.packet_id for each in harness.outbox.waiting(1)] == [queued[1].packet_id]
        (aside,) = harness.outbox.set_aside()
        assert (aside.packet_id, aside.number, aside.code, aside.reason) == (
            queued[0].packet_id,
            queued[0].number,
            "PacketRefused",
            "the header was altered",
        )

    def test_a_retry_puts_packets_back_into_their_old_places(self, harness):
        queued = [each.waiting() for each in packets(3)]
        for each in queued:
            harness.queue(each)
            harness.outbox.failed(each.packet_id, "PacketRefused", "why")
        assert harness.outbox.waiting(10) == []
        assert harness.outbox.retry(queued[2].packet_id) == 1
        assert harness.outbox.retry() == 2
        assert harness.outbox.retry() == 0
        assert [each.packet_id for each in harness.outbox.waiting(10)] == [each.packet_id for each in queued]

    def test_a_packet_set_aside_can_still_be_acknowledged(self, harness):
        only = packet().waiting()
        harness.queue(only)
        harness.outbox.failed(only.packet_id, "ReceiptWrong", "why")
        harness.outbox.acknowledged(only.packet_id, b"receipt")
        assert harness.outbox.waiting(10) == []
        assert harness.outbox.set_aside() == []

    def test_a_roll_call_asks_for_all_that_is_not_acknowledged_page_by_page(self, harness):
        queued = [each.waiting() for each in packets(5)]
        for each in queued:
            harness.queue(each)
        harness.outbox.acknowledged(queued[0].packet_id, b"receipt")
        harness.outbox.failed(queued[1].packet_id, "PacketRefused", "why")
        pages, after = [], 0
        while page := harness.outbox.unacknowledged(after, 3):
            pages.append([packet_id for _, packet_id in page])
            after = page[-1][0]
        ids = [each.packet_id for each in queued]
        assert pages == [ids[1:4], ids[4:]]

    def test_what_a_roll_call_holds_waits_no_longer_and_its_receipt_may_still_come(self, harness):
        queued = [each.waiting() for each in packets(4)]
        ids = [each.packet_id for each in queued]
        for each in queued:
            harness.queue(each)
        harness.outbox.failed(ids[1], "PacketRefused", "why")
        assert harness.outbox.rolled(ids[:2], ids, b"signed answer") == 2
        assert [each.packet_id for each in harness.outbox.waiting(10)] == ids[2:]
        assert harness.outbox.set_aside() == []
        assert harness.outbox.rolled(ids[:3], ids, b"another answer") == 1
        harness.outbox.acknowledged(ids[0], b"its own receipt, by the feed")
        harness.outbox.failed(ids[0], "Late", "a late failure")
        assert [each.packet_id for each in harness.outbox.waiting(10)] == ids[3:]
        assert harness.outbox.set_aside() == []

    def test_what_was_acknowledged_is_kept_in_the_order_of_ids_and_what_waits_is_not(self, harness):
        queued = [each.waiting() for each in packets(4)]
        for each in queued:
            harness.queue(each)
        for each in queued[:3]:
            harness.outbox.acknowledged(each.packet_id, b"receipt")
        ids = sorted(each.packet_id for each in queued[:3])
        assert [each.packet_id for each in harness.outbox.kept("", 2)] == ids[:2]
        (last,) = harness.outbox.kept(ids[1], 2)
        assert (last.packet_id, last.chain) == (ids[2], queued[0].chain)


class RegisterContract:
    """Subclass and define `register`, a fixture that gives an empty `Register`."""

    def test_a_recorded_packet_has_its_receipt_and_an_unknown_one_has_none(self, register: Register):
        first, second = packets(2)
        assert register.record(first.arrival(), lambda _: b"receipt") == b"receipt"
        assert register.receipts([first.id, second.id]) == {first.id: b"receipt"}
        assert register.receipts([]) == {}

    def test_recording_again_gives_the_first_receipt_and_changes_nothing(self, register: Register):
        only = packet()
        register.record(only.arrival(), lambda _: b"first receipt")
        assert register.record(only.arrival(), lambda _: b"second receipt") == b"first receipt"
        assert register.links("317401-01", 1) == [Link(1, only.id, "0" * 64)]
        assert register.forks() == []

    def test_other_bytes_under_the_same_number_are_both_kept_and_raise_an_alarm(self, register: Register):
        one, other, third = packet(1, b"one"), packet(1, b"other"), packet(1, b"third")
        for each in (one, other, third):
            assert (
                register.record(each.arrival(), lambda _, each=each: b"receipt of " + each.id.encode())
                == b"receipt of " + each.id.encode()
            )
        assert set(register.receipts([one.id, other.id, third.id])) == {one.id, other.id, third.id}
        (fork,) = register.forks()
        assert str(fork.number) == "317401-01/1/000001"
        assert fork.packet_ids == (one.id, other.id, third.id)

    def test_of_several_packets_it_says_which_are_recorded(self, register: Register):
        first, second, third = packets(3)
        for each in (first, third):
            register.record(each.arrival(), lambda _: b"receipt")
        assert register.held([first.id, second.id, third.id]) == {first.id: None, third.id: None}
        assert register.held([]) == {}

    def test_missing_numbers_and_their_stations_are_told(self, register: Register):
        chain = packets(9)
        for each in (chain[1], chain[2], chain[6], chain[8]):
            register.record(each.arrival(), lambda _: b"receipt")
        assert register.chains() == [("317401-01", 1)]
        report = chain_report(register.links("317401-01", 1))
        assert report.highest == 9
        assert report.gaps == (Gap(1, 1), Gap(4, 6), Gap(8, 8))
        assert register.links("317499-01", 1) == []

    def test_a_packet_that_names_another_predecessor_is_told(self, register: Register):
        first = packet(1)
        second = packet(2, previous=packet(1, b"a copy of the station went on from here"))
        for each in (first, second):
            register.record(each.arrival(), lambda _: b"receipt")
        assert chain_report(register.links("317401-01", 1)).broken == (2,)


@dataclass
class SourceHarness:
    """An empty origin of feeds and how an entry is published there."""

    source: FeedSource
    publish: Callable[[str, str, bytes], None]


class FeedOriginContract:
    """Subclass and define `harness`, a fixture that gives a `SourceHarness` signing with `CENTRE_KEY`."""

    def test_entries_come_in_order_and_without_gaps(self, harness):
        for number in range(7):
            harness.publish(FEED, "result", b"%d" % number)
        harness.publish("office/3273", "result", b"of another office")
        first = open_batch(harness.source.after(FEED, 0, 5), CENTRE_KEY.public)
        second = open_batch(harness.source.after(FEED, first.last, 5), CENTRE_KEY.public)
        assert [(entry.n, entry.body) for entry in (*first.entries, *second.entries)] == [
            (number + 1, b"%d" % number) for number in range(7)
        ]
        assert harness.source.after(FEED, 7) is None

    def test_numbers_go_on_after_they_were_read(self, harness):
        harness.publish(FEED, "result", b"one")
        harness.source.after(FEED, 0)
        harness.publish(FEED, "result", b"two")
        assert open_batch(harness.source.after(FEED, 1), CENTRE_KEY.public).entries == (Entry(2, "result", b"two"),)

    def test_a_batch_ends_when_its_bodies_reach_the_limit_and_always_carries_one(self, harness):
        for size in (BATCH_BYTES * 6 // 10, BATCH_BYTES * 6 // 10, BATCH_BYTES * 3, 10):
            harness.publish(FEED, "print_order", bytes(size))
        read, cursor = [], 0
        while data := harness.source.after(FEED, cursor):
            read.append([entry.n for entry in open_batch(data, CENTRE_KEY.public).entries])
            cursor = read[-1][-1]
        assert read == [[1, 2], [3], [4]]

    def test_an_empty_feed_has_nothing(self, harness):
        assert harness.source.after(FEED, 0) is None

    def test_a_cursor_beyond_the_end_is_noticed(self, harness):
        harness.publish(FEED, "result", b"one")
        with pytest.raises(FeedWentBack, match="restored from an old backup"):
            harness.source.after(FEED, 2)

    def test_a_batch_says_when_the_centre_signed_it(self, harness):
        harness.publish(FEED, "result", b"one")
        assert open_batch(harness.source.after(FEED, 0), CENTRE_KEY.public).at_ms == CLOCK.stamp().wall_ms


@dataclass
class SinkHarness:
    """An empty sink whose handler keeps each body in `effects` and raises ValueError on the kind "bad"."""

    sink: FeedSink
    effects: Callable[[], list[bytes]]


def batch(*numbers: int, feed: str = FEED, kinds: dict[int, str] | None = None) -> tuple[Batch, bytes]:
    entries = tuple(Entry(n, (kinds or {}).get(n, "result"), b"entry %d" % n) for n in numbers)
    made = Batch(feed, CLOCK.stamp().wall_ms, entries)
    return made, seal_batch(made, CENTRE_KEY)


class FeedSinkContract:
    """Subclass and define `harness`, a fixture that gives a `SinkHarness`."""

    def test_entries_take_effect_once_and_the_cursor_moves_with_them(self, harness):
        assert harness.sink.cursor(FEED) == 0
        assert harness.sink.apply(FEED, *batch(1, 2)) == 2
        assert harness.sink.apply(FEED, *batch(3)) == 1
        assert harness.sink.cursor(FEED) == 3
        assert harness.effects() == [b"entry 1", b"entry 2", b"entry 3"]

    def test_a_batch_that_overlaps_gives_only_what_is_new(self, harness):
        harness.sink.apply(FEED, *batch(1, 2))
        assert harness.sink.apply(FEED, *batch(1, 2, 3)) == 1
        assert harness.effects() == [b"entry 1", b"entry 2", b"entry 3"]

    @pytest.mark.parametrize(
        ("numbers", "feed", "error"),
        [((1, 2), FEED, FeedWentBack), ((4, 5), FEED, FeedGap), ((3,), "office/3273", FeedFromAnother)],
        ids=["a replay", "a gap", "another office's feed"],
    )
    def test_what_does_not_follow_is_refused_and_changes_nothing(self, harness, numbers, feed, error):
        harness.sink.apply(FEED, *batch(1, 2))
        with pytest.raises(error):
            harness.sink.apply(FEED, *batch(*numbers, feed=feed))
        assert harness.sink.cursor(FEED) == 2
        assert harness.sink.cursor("office/3273") == 0
        assert harness.effects() == [b"entry 1", b"entry 2"]

    def test_an_entry_that_fails_leaves_the_whole_batch_undone(self, harness):
        with pytest.raises(ValueError):
            harness.sink.apply(FEED, *batch(1, 2, 3, kinds={2: "bad"}))
        assert harness.sink.cursor(FEED) == 0
        assert harness.effects() == []
        harness.sink.apply(FEED, *batch(1, 2, 3))
        assert harness.effects() == [b"entry 1", b"entry 2", b"entry 3"]

    def test_a_follower_brings_everything_over_and_then_rests(self, harness):
        class Scripted:
            def after(self, feed, n, limit=0):
                return batch(n + 1, n + 2)[1] if n < 6 else None

        heard = []
        follower = FeedFollower(FEED, Scripted(), harness.sink, CENTRE_KEY.public, heard=heard.append)
        assert follower.run_once() == 6
        assert follower.run_once() == 0
        assert [each.last for each in heard] == [2, 4, 6]

    def test_a_batch_of_a_wrong_signer_never_reaches_the_sink(self, harness):
        class Forged:
            def after(self, feed, n, limit=0):
                return seal_batch(batch(1)[0], STATION.key)

        with pytest.raises(FeedUnreadable):
            FeedFollower(FEED, Forged(), harness.sink, CENTRE_KEY.public).run_once()
        assert harness.sink.cursor(FEED) == 0
