"""A line shared with others: so much a second, at these hours, and nothing at those; the feed comes down all the same."""

from datetime import datetime, time

import pytest

from exchange_examples import CENTRE_KEY, OFFICE, inbox, packets
from rekam.exchange.errors import LinkClosed
from rekam.exchange.in_memory import InMemoryFeed, InMemoryOutbox, InMemoryRegister
from rekam.exchange.limited_remote import LimitedRemote
from rekam.exchange.link_file import LinkFile
from rekam.exchange.link_policy import Applied, LinkPolicy, PolicyUnreadable, Window, limit_of, minute_of
from rekam.exchange.remote import LocalRemote
from rekam.exchange.sender import Sender
from rekam.storage.blobs import BlobStore
from rekam.storage.disk import RealDisk
from rekam.trust.clock import SteppedClock

OFFICE_HOURS = LinkPolicy(None, (Window(7 * 60, 18 * 60, 64), Window(22 * 60, 4 * 60, 0)))


def at(text):
    return datetime.fromisoformat(f"2017-03-20T{text}")


@pytest.mark.parametrize(
    ("moment", "limit", "until"),
    [
        ("06:59", None, time(7)),
        ("07:00", 64, time(18)),
        ("17:59", 64, time(18)),
        ("18:00", None, time(22)),
        ("22:00", 0, time(4)),
        ("00:30", 0, time(4)),
        ("04:00", None, time(7)),
    ],
)
def test_each_hour_has_its_limit_and_its_end(moment, limit, until):
    assert OFFICE_HOURS.at(at(moment)) == Applied(limit, until)


def test_without_windows_the_limit_holds_until_it_is_changed():
    assert LinkPolicy(128).at(at("12:00")) == Applied(128, None)
    assert LinkPolicy().at(at("12:00")) == Applied(None, None)


def test_of_two_windows_at_once_the_first_counts_and_what_does_not_change_is_no_end():
    policy = LinkPolicy(None, (Window(480, 600, 32), Window(540, 720, 32), Window(0, 1439, 256)))
    assert policy.at(at("08:30")) == Applied(32, time(12))
    assert policy.at(at("12:30")) == Applied(256, time(23, 59))


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: minute_of("7"),
        lambda: minute_of("24.00"),
        lambda: limit_of("64k"),
        lambda: limit_of("-1"),
        lambda: LinkPolicy(-5),
        lambda: LinkPolicy(None, (Window(60, 60, 1),)),
        lambda: LinkPolicy.from_map({"kbit": True, "windows": []}),
        lambda: LinkPolicy.from_map({"kbit": 1}),
        lambda: LinkPolicy.from_map({"kbit": 1, "windows": [{"from": "7.00"}]}),
    ],
)
def test_what_cannot_be_meant_is_refused_in_words(wrong):
    with pytest.raises(PolicyUnreadable):
        wrong()


def test_a_policy_set_at_the_place_holds_from_the_next_question_and_over_a_restart(tmp_path):
    def now():
        return at("08:00")

    link = LinkFile(tmp_path, now, {"kbit": 512, "windows": []})
    assert link.applied() == Applied(512, None)
    LinkFile(tmp_path, now).keep(OFFICE_HOURS)
    assert link.applied() == LinkFile(tmp_path, now).applied() == Applied(64, time(18))
    (tmp_path / "link.json").write_text("{half")
    assert link.applied() == Applied(64, time(18))


class Line:
    """A line whose policy can be changed and whose waiting moves the clock."""

    def __init__(self, inner, applied):
        self.clock, self.applied, self.waited = SteppedClock(), applied, 0.0
        self.remote = LimitedRemote(inner, lambda: self.applied, self.clock, self.wait, place="Dinas")

    def wait(self, seconds):
        self.waited += seconds
        self.clock.advance(seconds)


def test_what_is_sent_keeps_to_the_limit_over_some_seconds(tmp_path):
    chain = packets(8, size=20_000)
    outbox, blobs = InMemoryOutbox(), BlobStore(tmp_path / "station", RealDisk())
    for each in chain:
        blobs.put(each.data)
        outbox.put(each.waiting())
    line = Line(LocalRemote(inbox(tmp_path / "office", InMemoryRegister())), Applied(64, None))
    sender = Sender(outbox, blobs, line.remote, OFFICE.key.public, kind="custody", clock=line.clock)
    assert sender.run_once().acknowledged == 8
    sent = sum(len(each.data) for each in chain)
    assert sent / 8000 * 0.8 < line.waited < (sent + 8 * 2_000) / 8000 * 1.05


def test_at_closed_hours_nothing_goes_up_and_the_feed_comes_down(tmp_path):
    feed = InMemoryFeed(CENTRE_KEY, SteppedClock())
    feed.append("office/3174", "result", b"one")
    (only,) = packets(1)
    register = InMemoryRegister()
    line = Line(LocalRemote(inbox(tmp_path, register), feed), Applied(0, time(4)))
    for attempt in (
        lambda: line.remote.lacking([only.id]),
        lambda: line.remote.append(only.id, 0, only.data),
        lambda: line.remote.complete(only.id, only.chain, 0, only.data),
        lambda: line.remote.roll_call([only.id]),
    ):
        with pytest.raises(LinkClosed, match=r"until 04\.00"):
            attempt()
    assert register.receipts([only.id]) == {}
    assert line.remote.feed_after("office/3174", 0) is not None
    line.applied = Applied(None, None)
    assert line.remote.complete(only.id, only.chain, 0, only.data)
    assert line.waited == 0
