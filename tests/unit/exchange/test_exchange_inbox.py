import contextlib
import hashlib
import re

import pytest

from exchange_examples import CLOCK, OFFICE, OTHER_OFFICE, OTHER_STATION, STATION, inbox, packet, packets
from rekam.exchange.errors import UploadTooLarge
from rekam.exchange.in_memory import InMemoryRegister
from rekam.packet.errors import (
    NotAPacket,
    NumberOfAnotherStation,
    PacketError,
    PacketHeaderAltered,
    SealedByAnotherStation,
)
from rekam.storage.blobs import BlobStore
from rekam.storage.disk import RealDisk
from rekam.storage.disk_wrappers import RecordingDisk
from rekam.storage.errors import BlobDamaged, BlobMissing
from rekam.storage.hashed import Hashed
from rekam.storage.memory_disk import MemoryDisk
from rekam.trust import receipts
from rekam.trust.certificates import ChainBroken


class RecordingRegister(InMemoryRegister):
    """Writes "row committed" into the list that the disk writes its calls into."""

    def __init__(self, calls):
        super().__init__()
        self.calls = calls

    def record(self, arrival, issue):
        kept = super().record(arrival, issue)
        self.calls.append(("row committed", arrival.packet_id))
        return kept


def upload(box, sealed, chain=None, step=400):
    for start in range(0, len(sealed.data), step):
        box.append(sealed.id, start, sealed.data[start : start + step])
    return box.complete(sealed.id, sealed.chain if chain is None else chain)


def at_once(box, sealed, chain=None):
    """In one piece, as on a line that carries a packet in a few seconds."""
    return box.take_in(sealed.id, sealed.chain if chain is None else chain, Hashed.of(sealed.data))


@pytest.fixture(params=["in pieces", "at once"])
def way(request):
    return {"in pieces": upload, "at once": at_once}[request.param]


def test_the_receiving_rule_is_kept_in_exactly_this_order(tmp_path, way):
    calls = []
    register = RecordingRegister(calls)
    box = inbox(tmp_path / "blobs", register, disk=RecordingDisk(RealDisk(), calls))
    sealed = packet(content=b"x" * 900)
    calls.clear()
    way(box, sealed)
    calls.append(("receipt", sealed.id))
    shard = sealed.id[:2]
    uploads = -(-len(sealed.data) // 400) if way is upload else 1
    assert calls == [
        *[("write", sealed.id)] * uploads,
        ("fsync file", sealed.id),
        ("make folder", shard),
        ("fsync folder", "blobs"),
        ("rename", sealed.id),
        ("fsync folder", shard),
        ("row committed", sealed.id),
        ("receipt", sealed.id),
    ]


@pytest.mark.parametrize("cut", range(12))
def test_a_power_cut_at_any_step_never_leaves_a_receipt_without_its_bytes(tmp_path, way, cut):
    class Cut(Exception):
        pass

    class CutAt(list):
        def append(self, call):
            if len(self) == cut:
                raise Cut
            super().append(call)

    memory, register = MemoryDisk(), InMemoryRegister()
    sealed = packet(content=b"y" * 900)
    box = inbox(tmp_path, register, disk=memory)  # the folder exists before the power fails
    with contextlib.suppress(Cut):
        way(inbox(tmp_path, register, disk=RecordingDisk(memory, CutAt())), sealed)
    memory.power_cut()
    for packet_id in register.receipts([sealed.id]):
        BlobStore(tmp_path, memory).verify(packet_id)
    box = inbox(tmp_path, register, disk=memory)
    lacking = box.lacking([sealed.id])
    if lacking:
        box.append(sealed.id, lacking[sealed.id], sealed.data[lacking[sealed.id] :])
        box.complete(sealed.id, sealed.chain)
    BlobStore(tmp_path, memory).verify(sealed.id)


def test_the_receipt_says_what_was_received_and_is_signed_by_the_place(tmp_path, way):
    sealed = packet()
    receipt = receipts.verify(way(inbox(tmp_path, InMemoryRegister()), sealed), OFFICE.key.public)
    assert receipt == receipts.Receipt(
        kind="custody",
        packet_id=sealed.id,
        number="317401-01/1/000001",
        size=len(sealed.data),
        place="3174",
        at_ms=CLOCK.stamp().wall_ms,
    )


def test_the_same_bytes_give_the_same_receipt_for_ever(tmp_path, way):
    sealed, register = packet(), InMemoryRegister()
    box = inbox(tmp_path, register)
    first = way(box, sealed)
    CLOCK.advance(60)
    assert at_once(box, sealed) == first
    assert box.complete(sealed.id, sealed.chain) == first
    assert inbox(tmp_path, register).complete(sealed.id, ()) == first
    assert box.receipts([sealed.id]) == {sealed.id: first}


def test_a_packet_is_lacking_with_the_bytes_that_are_here_until_it_has_its_receipt(tmp_path):
    box = inbox(tmp_path, InMemoryRegister())
    begun, unknown, held = packets(3)
    box.append(begun.id, 0, begun.data[:100])
    upload(box, held)
    assert box.lacking([begun.id, unknown.id, held.id]) == {begun.id: 100, unknown.id: 0}
    box.append(begun.id, 100, begun.data[100:])
    assert box.lacking([begun.id]) == {begun.id: len(begun.data)}


def test_an_inbox_killed_between_file_and_row_gives_the_receipt_the_next_time(tmp_path):
    sealed, register = packet(), InMemoryRegister()
    blobs = BlobStore(tmp_path, RealDisk())
    assert blobs.put(sealed.data) == sealed.id
    box = inbox(tmp_path, register)
    assert box.lacking([sealed.id]) == {sealed.id: len(sealed.data)}
    receipt = box.complete(sealed.id, sealed.chain)
    assert register.receipts([sealed.id]) == {sealed.id: receipt}


BROKEN = {
    "a stranger's file": (lambda good: b"PK\x03\x04" + good[4:], NotAPacket),
    "a changed header": (lambda good: good[:60] + bytes([good[60] ^ 1]) + good[61:], Exception),
    "a changed last byte": (lambda good: good[:-1] + bytes([good[-1] ^ 1]), Exception),
    "a missing end": (lambda good: good[:-7], Exception),
    "bytes after the end": (lambda good: good + b"more", Exception),
    "nothing at all": (lambda good: b"", Exception),
}


@pytest.mark.parametrize("name", BROKEN)
def test_bytes_that_are_no_packet_get_no_receipt_and_leave_nothing(tmp_path, name):
    spoil, error = BROKEN[name]
    data = spoil(packet().data)
    packet_id = hashlib.sha256(data).hexdigest()
    register = InMemoryRegister()
    box = inbox(tmp_path, register)
    box.append(packet_id, 0, data)
    with pytest.raises(PacketError) as refused:
        box.complete(packet_id, STATION.chain)
    assert isinstance(refused.value, error)
    with pytest.raises(type(refused.value), match=re.escape(str(refused.value))):
        box.take_in(packet_id, STATION.chain, Hashed.of(data))
    assert register.receipts([packet_id]) == {}
    assert box.lacking([packet_id]) == {packet_id: 0}


def test_other_bytes_than_the_packets_name_says_get_no_receipt_and_leave_nothing(tmp_path):
    register, one, other = InMemoryRegister(), packet(1), packet(2)
    box = inbox(tmp_path, register)
    with pytest.raises(BlobDamaged):
        box.take_in(one.id, one.chain, Hashed.of(other.data))
    assert register.receipts([one.id, other.id]) == {}
    assert box.lacking([one.id, other.id]) == {one.id: 0, other.id: 0}


@pytest.mark.parametrize(
    ("chain", "error"),
    [
        (OTHER_STATION.chain, (NumberOfAnotherStation, SealedByAnotherStation)),
        (OFFICE.chain, ChainBroken),
        ((STATION.chain[0], OTHER_OFFICE.chain[0]), ChainBroken),
        ((), ChainBroken),
    ],
    ids=["another station's", "an office's", "under another office", "none"],
)
def test_a_packet_under_other_certificates_gets_no_receipt(tmp_path, way, chain, error):
    register = InMemoryRegister()
    with pytest.raises(error):
        way(inbox(tmp_path, register), sealed := packet(), chain=chain)
    assert register.receipts([sealed.id]) == {}


def test_a_packet_signed_by_another_key_gets_no_receipt(tmp_path, way):
    register = InMemoryRegister()
    with pytest.raises((SealedByAnotherStation, PacketHeaderAltered)):
        way(inbox(tmp_path, register), packet(signer=OTHER_STATION.key))
    assert register.chains() == []


def test_bytes_lost_on_the_way_are_noticed_and_the_upload_starts_anew(tmp_path):
    sealed, box = packet(), inbox(tmp_path, InMemoryRegister())
    with pytest.raises(BlobMissing):
        box.complete(sealed.id, sealed.chain)
    box.append(sealed.id, 0, sealed.data[:-1])
    with pytest.raises(BlobDamaged):
        box.complete(sealed.id, sealed.chain)
    assert upload(box, sealed)


def test_a_packet_beyond_the_limit_is_refused_before_it_fills_the_disk(tmp_path):
    sealed = packet(content=b"z" * 5000)
    box = inbox(tmp_path, InMemoryRegister(), limit_bytes=3000)
    box.append(sealed.id, 0, sealed.data[:2000])
    with pytest.raises(UploadTooLarge):
        box.append(sealed.id, 2000, sealed.data[2000:4000])
    assert box.offset(sealed.id) == 0
    with pytest.raises(UploadTooLarge):
        at_once(box, sealed)
    assert box.offset(sealed.id) == 0


def test_a_fork_is_received_twice_and_both_have_their_receipt(tmp_path):
    register = InMemoryRegister()
    box = inbox(tmp_path, register)
    one, other = packet(1, b"one"), packet(1, b"other")
    assert upload(box, one) != upload(box, other)
    assert [fork.packet_ids for fork in register.forks()] == [(one.id, other.id)]
    for each in (one, other):
        BlobStore(tmp_path, RealDisk()).verify(each.id)


def test_a_file_whose_row_never_came_and_that_went_bad_does_not_keep_the_packet_out(tmp_path):
    sealed, blobs = packet(), BlobStore(tmp_path, RealDisk())
    blobs.put(sealed.data)  # killed between the file and the row
    path = blobs.path(sealed.id)
    path.write_bytes(bytes(len(sealed.data)))
    register = InMemoryRegister()
    box = inbox(tmp_path, register)
    with pytest.raises(BlobDamaged):
        box.complete(sealed.id, sealed.chain)
    assert upload(box, sealed) == register.receipts([sealed.id])[sealed.id]
    BlobStore(tmp_path, RealDisk()).verify(sealed.id)
