import random

import pytest

from exchange_examples import CLOCK, OFFICE, OTHER_OFFICE, inbox, packet, packets
from rekam.exchange.errors import RemoteBusy, RemoteUnreachable
from rekam.exchange.in_memory import InMemoryOutbox, InMemoryRegister
from rekam.exchange.patience import PatientRemote
from rekam.exchange.remote import LocalRemote
from rekam.exchange.sender import Sender
from rekam.storage.blobs import BlobStore
from rekam.storage.disk import RealDisk
from rekam.trust import receipts


@pytest.fixture
def outbox():
    return InMemoryOutbox()


@pytest.fixture
def blobs(tmp_path):
    return BlobStore(tmp_path / "station", RealDisk())


@pytest.fixture
def register():
    return InMemoryRegister()


@pytest.fixture
def remote(tmp_path, register):
    return Watched(LocalRemote(inbox(tmp_path / "office", register)))


class Watched:
    """Passes every call on and notes it; `instead` answers in the remote's place."""

    def __init__(self, inner):
        self.inner = inner
        self.calls = []
        self.instead = {}

    def __getattr__(self, name):
        def call(*args):
            self.calls.append((name, *args[:2]))
            return self.instead.get(name, getattr(self.inner, name))(*args)

        return call

    def sent_bytes(self):
        return sum(1 for name, *_ in self.calls if name == "append")


def queue(outbox, blobs, *sealed):
    for each in sealed:
        blobs.put(each.data)
        outbox.put(each.waiting())


def sender(outbox, blobs, remote, **options):
    return Sender(outbox, blobs, remote, OFFICE.key.public, **{"kind": "custody", "chunk_bytes": 500, **options})


def test_packets_go_oldest_first_and_are_acknowledged_by_their_receipts(outbox, blobs, remote, register):
    chain = packets(3)
    queue(outbox, blobs, *chain)
    progress = sender(outbox, blobs, remote).run_once()
    assert (progress.acknowledged, progress.set_aside, progress.stopped_by) == (3, 0, None)
    assert progress.bytes_sent == sum(len(each.data) for each in chain)
    assert outbox.waiting(10) == []
    assert [args[0] for name, *args in remote.calls if name == "complete"] == [each.id for each in chain]
    assert outbox.receipts == register.receipts([each.id for each in chain])


def test_nothing_waiting_asks_nobody(outbox, blobs, remote):
    assert sender(outbox, blobs, remote).run_once().acknowledged == 0
    assert remote.calls == []


def test_what_the_remote_has_already_is_not_sent_again(outbox, blobs, remote):
    only = packet()
    queue(outbox, blobs, only)
    remote.inner.append(only.id, 0, only.data)
    remote.inner.complete(only.id, only.chain)
    assert sender(outbox, blobs, remote).run_once().acknowledged == 1
    assert remote.sent_bytes() == 0


def test_an_upload_goes_on_where_it_was_cut(outbox, blobs, remote):
    only = packet(content=b"x" * 3000)
    queue(outbox, blobs, only)
    remote.inner.append(only.id, 0, only.data[:1234])
    assert sender(outbox, blobs, remote).run_once().acknowledged == 1
    assert next(args[1] for name, *args in remote.calls if name == "append") == 1234


def test_a_bad_packet_is_set_aside_with_its_reason_and_never_delays_a_good_one(outbox, blobs, remote, tmp_path):
    damaged, refused, lost, good = packets(4)
    queue(outbox, blobs, damaged, good)
    path = blobs.path(damaged.id)
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    outbox.put(lost.waiting())
    blobs.put(refused.data)
    wrong_chain = refused.waiting()
    object.__setattr__(wrong_chain, "chain", OFFICE.chain)
    outbox.put(wrong_chain)
    progress = sender(outbox, blobs, remote).run_once()
    assert (progress.acknowledged, progress.set_aside, progress.stopped_by) == (1, 3, None)
    assert list(outbox.receipts) == [good.id]
    assert {each.number: each.code for each in outbox.set_aside()} == {
        damaged.number: "BlobDamaged",
        refused.number: "PacketRefused",
        lost.number: "BlobMissing",
    }
    assert all(len(each.reason) > 40 for each in outbox.set_aside())


@pytest.mark.parametrize("change", ["packet_id", "number", "size", "kind", "signer", "noise"])
def test_only_a_verified_receipt_for_this_very_packet_counts(outbox, blobs, remote, change):
    only, other = packets(2)
    queue(outbox, blobs, only)
    fields = {"kind": "custody", "packet_id": only.id, "number": only.number, "size": len(only.data), "place": "3174"}
    wrong = {"packet_id": other.id, "number": other.number, "size": 1, "kind": "acceptance"}
    if change in wrong:
        fields[change] = wrong[change]
    key = OTHER_OFFICE.key if change == "signer" else OFFICE.key
    forged = b"noise" if change == "noise" else receipts.issue(receipts.Receipt(**fields, at_ms=1), key)
    remote.instead["complete"] = lambda packet_id, chain, *_tail: forged
    sender(outbox, blobs, remote).run_once()
    assert outbox.receipts == {}
    assert [each.code for each in outbox.set_aside()] == ["ReceiptWrong"]
    del remote.instead["complete"]
    outbox.retry()
    assert sender(outbox, blobs, remote).run_once().acknowledged == 1


def test_an_unreachable_remote_ends_the_run_and_everything_waits(outbox, blobs, remote):
    queue(outbox, blobs, *packets(3))

    def unreachable(*_args):
        raise RemoteUnreachable(place="3174", reason="no route")

    remote.instead["append"] = unreachable
    progress = sender(outbox, blobs, remote).run_once()
    assert isinstance(progress.stopped_by, RemoteUnreachable)
    assert len(outbox.waiting(10)) == 3
    assert remote.sent_bytes() == 1


def test_a_sender_that_is_told_to_stop_ends_between_two_packets(outbox, blobs, remote):
    queue(outbox, blobs, *packets(3))
    progress = sender(outbox, blobs, remote, stop=lambda: bool(outbox.receipts)).run_once()
    assert progress.acknowledged == 1
    assert len(outbox.waiting(10)) == 2


def test_an_offset_that_never_agrees_ends_this_packets_turn_delays_nobody_and_waits_for_the_next_run(
    outbox, blobs, remote
):
    only, good = packets(2)
    queue(outbox, blobs, only, good)
    real = remote.inner.append

    def never(packet_id, offset, data):
        return real(packet_id, offset + 1, data) if packet_id == only.id else real(packet_id, offset, data)

    remote.instead["append"] = never
    progress = sender(outbox, blobs, remote).run_once()
    assert (progress.acknowledged, progress.set_aside) == (1, 0)
    assert [packet.packet_id for packet in outbox.waiting(10)] == [only.id]
    del remote.instead["append"]
    assert sender(outbox, blobs, remote).run_once().acknowledged == 1


def patient(answers, pauses, **options):
    class Scripted:
        def lacking(self, packet_ids):
            answer = answers.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return answer

    return PatientRemote(Scripted(), pauses.append, jitter=random.Random(1), **options)


def test_patience_waits_longer_each_time_and_gives_up_in_the_end():
    pauses = []
    lost = [RemoteUnreachable(place="3174", reason="-") for _ in range(5)]
    with pytest.raises(RemoteUnreachable):
        patient(lost, pauses, attempts=5, first_s=1.0, longest_s=3.0).lacking([])
    assert lost == []
    for pause, most in zip(pauses, [1.0, 2.0, 3.0, 3.0], strict=True):
        assert most / 2 <= pause <= most


def test_patience_gives_a_busy_place_the_time_it_asks_for():
    pauses = []
    answers = [RemoteBusy(place="3174", retry_after_s=7), {}]
    assert patient(answers, pauses).lacking([]) == {}
    assert pauses == [7.0]


def test_the_clock_of_the_examples_never_decides_order(outbox, blobs, remote):
    first, second = packets(2)
    queue(outbox, blobs, first)
    CLOCK.set_wall(CLOCK.wall().replace(year=2009))
    queue(outbox, blobs, second)
    CLOCK.set_wall(CLOCK.wall().replace(year=2016))
    assert [each.packet_id for each in outbox.waiting(2)] == [first.id, second.id]
