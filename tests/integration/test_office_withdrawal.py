"""An office takes belief back from a station's key: at once here, at the centre by statement, and nothing is lost."""

from contextlib import suppress

import pytest

from exchange_server import serving_app
from office_examples import STATION, packet, world
from rekam.exchange.errors import RevocationUnproved
from rekam.exchange.feed import EntryKind
from rekam.exchange.fence import Fence, FenceUnclear
from rekam.exchange.http_remote import HttpRemote
from rekam.office.app import create_office_app
from rekam.office.errors import CardWithheld
from rekam.web.staff import InMemoryStaffStore


@pytest.fixture
def here(tmp_path):
    with world(tmp_path) as made:
        made.office.blanks.receive(5, "kiriman", by="budi")
        yield made


def withdraw(here, **how) -> Fence | None:
    with here.office.pool.connection() as tx:
        return here.office.withdrawals.withdraw(tx, "317401-01", 1, reason="Laptop dicuri", **how)


def test_it_stands_once_and_is_said_to_the_centre_in_the_same_transaction(here):
    here.custody(packet(1))
    fence = withdraw(here)
    assert (fence.after, fence.head) == (1, packet_id_of(here))
    assert withdraw(here) is None
    (said,) = here.office.statements.waiting(10)
    assert Fence.from_body(said.verified(here.office.root)[0].body) == fence
    with suppress(ZeroDivisionError), here.office.pool.connection() as tx:
        here.office.withdrawals.withdraw(tx, "317401-01", 2, reason="x")
        raise ZeroDivisionError
    assert here.office.fences.fence_of("317401-01", 2) is None
    assert len(here.office.statements.waiting(10)) == 1


def packet_id_of(here) -> str:
    with here.office.pool.connection() as tx:
        (link,) = here.office.fences.links(tx, "317401-01", 1)
    return link.packet_id


def test_a_packet_beyond_it_is_kept_receipted_queued_for_the_centre_and_flagged(here):
    first, second = packet(1), packet(2)
    here.custody(first)
    withdraw(here)
    receipt = here.custody(second)
    assert here.office.inbox.receipts([second.id])[second.id] == receipt
    assert [one.packet_id for one in here.office.outbox.waiting(10)] == [first.id, second.id]
    assert [one.packet_id for one in here.office.fences.all_withheld()] == [second.id]


def test_no_card_is_printed_for_it_until_the_centre_released_it(here):
    sent = packet(1)
    here.custody(sent)
    here.centre.order(sent)
    here.follow()
    withdraw(here, after=0)
    assert here.office.cards.waiting() == []
    with pytest.raises(CardWithheld):
        here.office.cards.print(sent.id, by="budi")
    assert here.office.blanks.account().stock == 5
    here.centre.tell(EntryKind.JUDGED, packet_id=sent.id, number=sent.number, verdict="released", at="x")
    here.follow()
    assert here.office.cards.print(sent.id, by="budi").fresh


def test_no_card_is_printed_of_what_waits_at_the_centre_for_somebodys_key_that_ended(here):
    sent = packet(1)
    here.custody(sent)
    here.centre.order(sent)
    for _ in range(2):  # a restored centre tells it again
        here.centre.tell(EntryKind.WITHHELD, packet_id=sent.id, number=sent.number, standing="key-ended")
    here.centre.tell(EntryKind.WITHHELD, packet_id="ab" * 32, number=sent.number, standing="key-ended")  # not here
    here.follow()
    assert here.office.cards.waiting() == []
    with pytest.raises(CardWithheld):
        here.office.cards.print(sent.id, by="budi")
    here.centre.tell(EntryKind.JUDGED, packet_id=sent.id, number=sent.number, verdict="released", at="x")
    here.follow()
    assert here.office.cards.print(sent.id, by="budi").fresh


def test_a_rejected_one_never_becomes_a_card(here):
    sent = packet(1)
    here.custody(sent)
    here.centre.order(sent)
    withdraw(here, after=0)
    here.centre.tell(EntryKind.JUDGED, packet_id=sent.id, number=sent.number, verdict="rejected", at="x")
    here.follow()
    with pytest.raises(CardWithheld):
        here.office.cards.print(sent.id, by="budi")


def test_a_fork_at_the_last_number_is_shown_instead_of_guessed(here):
    one, other = packet(1), packet(1, b"another")
    here.custody(one)
    here.custody(other)
    with pytest.raises(FenceUnclear) as told:
        withdraw(here)
    assert one.id in str(told.value)
    assert other.id in str(told.value)
    assert withdraw(here, after=1, head=one.id).head == one.id
    assert [held.packet_id for held in here.office.fences.all_withheld()] == [other.id]


def test_its_own_word_coming_back_in_the_feed_rebuilds_the_fence(here):
    fence = Fence("317401-01", 1, 0, "", 1_475_456_400_000, "Laptop dicuri")
    here.centre.tell(EntryKind.REVOKED, **fence.to_body())
    here.centre.tell(EntryKind.REVOKED, **fence.to_body())
    here.follow()
    assert here.office.fences.fence_of("317401-01", 1) == fence


def test_whoever_asks_with_the_withdrawn_key_is_told_what_to_do(here):
    withdraw(here)
    app = create_office_app(here.office, InMemoryStaffStore(here.clock))
    with serving_app(app) as url:
        remote = HttpRemote(url, place="3174", key=STATION.key, chain=STATION.chain, clock=here.clock)
        for ask in (lambda: remote.lacking(["0" * 64]), lambda: remote.feed_after("office/3174", 0)):
            with pytest.raises(RevocationUnproved):
                ask()
        remote.close()
