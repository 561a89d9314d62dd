"""An outbox that comes back from an old image learns in one breath what arrived long ago."""

import pytest

from exchange_examples import CENTRE_KEY, CLOCK, OFFICE, ROOT, inbox, packets
from rekam.exchange.errors import RemoteUnreachable, RollCallWrong
from rekam.exchange.in_memory import InMemoryOutbox, InMemoryRegister
from rekam.exchange.log import InMemoryLog
from rekam.exchange.remote import LocalRemote
from rekam.exchange.roll_call import RollCaller, check_positions
from rekam.exchange.sender import Sender
from rekam.storage.blobs import BlobStore
from rekam.storage.disk import RealDisk
from rekam.trust import roll_call
from rekam.trust.roll_call import RollCall


class Counted(LocalRemote):
    calls = 0
    appended = 0

    def roll_call(self, packet_ids):
        self.calls += 1
        return super().roll_call(packet_ids)

    def complete(self, packet_id, chain, offset=0, tail=b""):
        self.appended += bool(tail)
        return super().complete(packet_id, chain, offset, tail)


@pytest.fixture
def centre(tmp_path):
    log = InMemoryLog(CENTRE_KEY)
    register = InMemoryRegister(log=log)
    box = inbox(
        tmp_path / "centre", register, signer=CENTRE_KEY, kind="acceptance", place="centre", checkpoint=log.checkpoint
    )
    return Counted(box)


def outbox_of(chain):
    outbox = InMemoryOutbox()
    for each in chain:
        outbox.put(each.waiting())
    return outbox


def caller(outbox, remote, **options):
    given = {"kind": "acceptance", "page": 4, "check": lambda roll: check_positions(roll, ROOT), **options}
    return RollCaller(outbox, remote, ROOT, **given)


def test_what_arrived_is_acknowledged_by_pages_with_evidence_that_can_be_verified_again(centre):
    chain = packets(10)
    for each in (*chain[:6], chain[9]):
        centre.complete(each.id, each.chain, 0, each.data)
    outbox = outbox_of(chain)
    assert caller(outbox, centre).run_once() == 7
    assert centre.calls == 3
    assert [each.packet_id for each in outbox.waiting(20)] == [each.id for each in chain[6:9]]
    for each in (*chain[:6], chain[9]):
        asked, answer = outbox.rolls[each.id]
        roll = roll_call.verify(answer, asked, ROOT)
        assert each.id in roll.held
        assert check_positions(roll, ROOT).size == 7


def forged(held, checkpoint, kind="acceptance", key=CENTRE_KEY):
    class Forger(LocalRemote):
        def roll_call(self, packet_ids):
            roll = RollCall(kind, "centre", 1, dict(zip(packet_ids, held, strict=False)), checkpoint)
            return roll_call.issue(roll, packet_ids, key)

    return Forger()


@pytest.mark.parametrize(
    ("held", "checkpoint", "kind", "key"),
    [
        ([0, 0], "real", "acceptance", CENTRE_KEY),
        ([2], "real", "acceptance", CENTRE_KEY),
        ([0], None, "acceptance", CENTRE_KEY),
        ([0], "forged", "acceptance", CENTRE_KEY),
        ([0], "real", "custody", CENTRE_KEY),
        ([0], "real", "acceptance", OFFICE.key),
    ],
    ids=["two at one place", "beyond the log", "no log", "another's log", "custody", "another's word"],
)
def test_an_answer_that_does_not_prove_it_acknowledges_nothing(held, checkpoint, kind, key):
    log = InMemoryLog(OFFICE.key if checkpoint == "forged" else CENTRE_KEY)
    log.append(bytes(32))
    log.append(bytes(32))
    outbox = outbox_of(packets(3))
    with pytest.raises(RollCallWrong):
        caller(outbox, forged(held, checkpoint and str(log.checkpoint()), kind, key)).run_once()
    assert len(outbox.waiting(10)) == 3
    assert outbox.rolls == {}


def test_a_sender_with_a_long_list_calls_the_roll_first_and_sends_only_what_is_missing(centre, tmp_path):
    chain = packets(12)
    blobs = BlobStore(tmp_path / "office", RealDisk())
    for each in chain:
        blobs.put(each.data)
    for each in chain[:8]:
        centre.complete(each.id, each.chain, 0, each.data)
    outbox, before = outbox_of(chain), centre.appended
    sender = Sender(
        outbox, blobs, centre, ROOT, kind="acceptance", clock=CLOCK, check_roll=lambda roll: check_positions(roll, ROOT)
    )
    done = sender.run_once(limit=5)
    assert (done.rolled, done.acknowledged, done.stopped_by) == (8, 12, None)
    assert centre.appended - before == 4
    assert outbox.waiting(5) == []
    sender.run_once(limit=5)
    assert centre.calls == 1


@pytest.mark.parametrize("trouble", ["noise", "an older version that does not know the question"])
def test_where_the_roll_call_fails_the_packets_go_one_by_one(centre, tmp_path, trouble):
    chain = packets(6)
    blobs = BlobStore(tmp_path / "office", RealDisk())
    for each in chain:
        blobs.put(each.data)
    outbox = outbox_of(chain)

    def answer(packet_ids):
        if trouble != "noise":
            raise RemoteUnreachable(place="centre", reason="HTTP 404")
        return b"noise"

    centre.roll_call = answer
    done = Sender(outbox, blobs, centre, ROOT, kind="acceptance", clock=CLOCK).run_once(limit=6)
    assert (done.rolled, done.acknowledged, done.stopped_by) == (0, 6, None)
