"""On a slow line what comes down does not wait behind a long queue of what goes up."""

import pytest

from exchange_examples import CENTRE_KEY, OFFICE, inbox, packets
from rekam.exchange.feed import FeedFollower, office_feed
from rekam.exchange.in_memory import InMemoryFeed, InMemoryFeedSink, InMemoryOutbox, InMemoryRegister
from rekam.exchange.offering import OfferAgain
from rekam.exchange.remote import LocalRemote, RemoteFeed
from rekam.exchange.sender import Sender
from rekam.office.relay import OfficeRelay
from rekam.storage.blobs import BlobStore
from rekam.storage.disk import RealDisk
from rekam.trust.clock import SteppedClock

FEED = office_feed("3174")


class SlowLine(LocalRemote):
    """Brings a packet over in so many seconds, and writes down what went over it."""

    def __init__(self, *far, clock):
        super().__init__(*far)
        self.clock, self.packet_s, self.went = clock, 20, []

    def complete(self, packet_id, chain, offset=0, tail=b""):
        self.clock.advance(self.packet_s)
        self.went.append("packet")
        return super().complete(packet_id, chain, offset, tail)

    def feed_after(self, feed, n):
        self.went.append("feed")
        return super().feed_after(feed, n)


@pytest.fixture
def clock():
    return SteppedClock()


@pytest.fixture
def feed(clock):
    return InMemoryFeed(CENTRE_KEY, clock)


@pytest.fixture
def line(tmp_path, clock, feed):
    return SlowLine(inbox(tmp_path / "far", InMemoryRegister()), feed, clock=clock)


@pytest.fixture
def blobs(tmp_path):
    return BlobStore(tmp_path / "near", RealDisk())


def queued(blobs, count):
    outbox = InMemoryOutbox()
    for each in packets(count):
        blobs.put(each.data)
        outbox.put(each.waiting())
    return outbox


def sender_of(outbox, blobs, line, clock):
    return Sender(outbox, blobs, line, OFFICE.key.public, kind="custody", clock=clock)


def test_a_result_comes_down_after_two_packets_and_not_after_all_of_them(line, feed, clock, blobs):
    outbox, results = queued(blobs, 10), InMemoryFeedSink(lambda state, entry: state.update({entry.n: entry.kind}))
    follower = FeedFollower(FEED, RemoteFeed(line), results, CENTRE_KEY.public)
    relay = OfficeRelay(sender_of(outbox, blobs, line, clock), follower, outbox, clock)
    feed.append(FEED, "result", b"unique")
    first = relay.run_once()
    assert (results.state, len(outbox.receipts)) == ({1: "result"}, 2)
    assert (first.more, first.problem) == (True, None)
    rounds = 1
    while relay.run_once().more:
        rounds += 1
    assert (len(outbox.receipts), rounds) == (10, 4)
    assert "packet packet packet" not in " ".join(line.went)


def test_one_packet_goes_in_each_turn_however_slow_the_line(line, clock, blobs):
    line.packet_s = 3600
    sender = sender_of(queued(blobs, 3), blobs, line, clock)
    runs = [sender.run_once() for _ in range(3)]
    assert [(run.acknowledged, run.more) for run in runs] == [(1, True), (1, True), (1, False)]


def test_a_full_page_on_a_quick_line_says_that_more_waits(line, clock, blobs):
    line.packet_s = 0
    sender = sender_of(queued(blobs, 5), blobs, line, clock)
    runs = [sender.run_once(limit=3) for _ in range(2)]
    assert [(run.acknowledged, run.more) for run in runs] == [(3, True), (2, False)]


def test_what_the_other_place_lost_comes_again_over_several_turns(line, clock, blobs):
    outbox = queued(blobs, 5)
    kept = sorted(outbox.waiting(5), key=lambda each: each.packet_id)
    again = OfferAgain(
        lambda after, limit: [each for each in kept if each.packet_id > after][:limit],
        blobs, line, OFFICE.key.public, kind="custody", clock=clock,
    )  # fmt: skip
    brought = [again.run_once() for _ in range(4)]
    assert brought == [2, 2, 1, 0]
    assert line.lacking([each.packet_id for each in kept]) == {}
