"""What the next place lost and cannot be given again: it is owed, and brought soon after it came back here."""

import pytest

from exchange_examples import OFFICE, inbox, packets
from rekam.exchange import offering
from rekam.exchange.daily_walk import EVERY_S
from rekam.exchange.errors import RemoteUnreachable
from rekam.exchange.in_memory import InMemoryOutbox, InMemoryRegister
from rekam.exchange.offering import OfferAgain
from rekam.exchange.remote import LocalRemote
from rekam.exchange.second_chances import FIRST_S, LONGEST_S
from rekam.storage.blobs import BlobStore
from rekam.storage.memory_disk import MemoryDisk
from rekam.trust.clock import SteppedClock


class Line(LocalRemote):
    """Counts the roll calls; while it is cut, nothing is brought."""

    asked, cut = 0, False

    def roll_call(self, asked):
        self.asked += 1
        return super().roll_call(asked)

    def complete(self, packet_id, chain, offset=0, tail=b""):
        if self.cut:
            raise RemoteUnreachable(place="office", reason="cut")
        return super().complete(packet_id, chain, offset, tail)


class Places:
    """Three packets that lie here and were acknowledged by a far place, and how they are offered again."""

    def __init__(self, folder):
        self.register, self.clock = InMemoryRegister(), SteppedClock()
        far = inbox(folder / "far", self.register, disk=MemoryDisk())
        self.line, self.outbox = Line(far), InMemoryOutbox()
        self.blobs = BlobStore(folder / "near", MemoryDisk())
        self.sent = sorted(packets(3), key=lambda each: each.id)
        for each in self.sent:
            self.blobs.put(each.data)
            self.outbox.put(each.waiting())
            offset = far.lacking([each.id])[each.id]
            self.outbox.acknowledged(each.id, self.line.complete(each.id, each.chain, offset, each.data))
        self.offers = OfferAgain(
            self.outbox.kept, self.blobs, self.line, OFFICE.key.public, kind="custody", clock=self.clock, page=2
        )

    def pass_through(self):
        """All pages, and what is brought after the last one."""
        return sum(self.offers.run_once() for _ in range(3))

    def lose(self, which):
        """Above; what was known of it is gone."""
        self.register._arrivals.pop(self.sent[which].id)

    def damage(self, which):
        """Here: the reading of stored packets sets the file aside."""
        self.blobs.set_aside(self.sent[which].id)

    def bring_back(self, which):
        self.blobs.put(self.sent[which].data)

    @property
    def owed(self):
        return [(each.packet_id, each.code) for each in self.offers.owed]


@pytest.fixture
def places(tmp_path):
    return Places(tmp_path)


def test_what_is_damaged_here_and_lost_there_is_owed_and_holds_up_no_other(places):
    for which in (0, 1, 2):
        places.lose(which)
    places.damage(1)
    assert places.pass_through() == 2
    assert places.owed == [(places.sent[1].id, "BlobMissing")]
    assert places.offers.owed[0].number == places.sent[1].number


def test_it_is_brought_by_itself_soon_after_it_came_back_here(places):
    places.lose(1)
    places.damage(1)
    places.pass_through()
    asked = places.line.asked
    for _ in range(3):
        places.clock.advance(LONGEST_S)
        assert places.pass_through() == 0
    places.bring_back(1)
    places.clock.advance(LONGEST_S - 1)
    assert places.pass_through() == 1
    assert places.line.asked == asked, "nobody waits for the next day"
    assert places.owed == []
    assert set(places.register.receipts([places.sent[1].id]).values()) == {places.outbox.receipts[places.sent[1].id]}


def test_the_first_pause_is_short(places):
    places.lose(2)
    places.damage(2)
    places.pass_through()
    places.bring_back(2)
    places.clock.advance(FIRST_S + 5)
    assert places.pass_through() == 0, "the pause begins when it is first looked at"
    places.clock.advance(FIRST_S + 5)
    assert places.pass_through() == 1


def test_whoever_presses_the_button_waits_for_no_pause(places):
    places.lose(0)
    places.damage(0)
    places.pass_through()
    places.bring_back(0)
    assert places.pass_through() == 0
    places.offers.retry()
    assert (places.pass_through(), places.owed) == (1, [])


def test_what_came_there_by_another_way_is_owed_no_longer(places):
    places.lose(0)
    places.damage(0)
    places.pass_through()
    lost = places.sent[0]
    places.line.complete(lost.id, lost.chain)  # its file is there again, by a courier's stick
    places.clock.advance(EVERY_S)
    assert (places.pass_through(), places.owed) == (0, [])


def test_what_is_kept_here_no_longer_is_owed_no_longer(places):
    for which in (0, 2):
        places.lose(which)
        places.damage(which)
    places.pass_through()
    assert len(places.owed) == 2
    places.outbox.forget(places.sent[2].id)
    places.clock.advance(EVERY_S)
    places.pass_through()
    assert places.owed == [(places.sent[0].id, "BlobMissing")]


def test_what_was_lost_and_brought_can_be_lost_once_more(places):
    for _ in range(2):
        places.lose(1)
        assert places.pass_through() == 1
        places.clock.advance(EVERY_S)
    assert places.pass_through() == 0


def test_a_place_that_lost_everything_gets_it_back_part_by_part(places, monkeypatch):
    monkeypatch.setattr(offering, "_AT_ONCE", 2)
    for which in (0, 1, 2):
        places.lose(which)
    assert [places.offers.run_once() for _ in range(3)] == [2, 1, 0]
    places.clock.advance(EVERY_S)
    assert places.pass_through() == 0


def test_a_cut_line_loses_nothing_and_asks_no_further_until_it_was_brought(places):
    for which in (0, 2):
        places.lose(which)
    places.line.cut = True
    for _ in range(2):
        with pytest.raises(RemoteUnreachable):
            places.offers.run_once()
    assert (places.line.asked, places.owed) == (1, [])
    places.line.cut = False
    assert places.pass_through() == 2
    assert places.line.asked == 2
