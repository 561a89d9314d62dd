"""What every disk under a blob store must do, and what the blob store does on each of them."""

import hashlib
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rekam.storage.blobs import BlobStore
from rekam.storage.disk import Disk, RealDisk
from rekam.storage.disk_wrappers import LimitedDisk, RecordingDisk
from rekam.storage.errors import BlobDamaged, BlobMissing, DiskFull, DiskReserveReached, MirrorAway, OffsetMismatch
from rekam.storage.hashed import Hashed
from rekam.storage.memory_disk import MemoryDisk
from rekam.storage.mirrored_blobs import MirroredBlobs

PACKET = bytes(range(256)) * 1000
PACKET_ID = hashlib.sha256(PACKET).hexdigest()


@pytest.fixture(params=["real", "memory", "recording"])
def disk(request) -> Disk:
    return {"real": RealDisk, "memory": MemoryDisk, "recording": lambda: RecordingDisk(RealDisk())}[request.param]()


@pytest.fixture
def blobs(disk, tmp_path) -> BlobStore:
    return BlobStore(tmp_path / "blobs", disk)


def upload(blobs: BlobStore, data: bytes, blob_id: str, step: int) -> None:
    for start in range(0, len(data), step):
        blobs.append(blob_id, start, data[start : start + step])
    blobs.finish(blob_id)


def test_what_was_put_is_read_back_under_the_hash_of_its_bytes(blobs):
    assert blobs.put(PACKET) == PACKET_ID
    with blobs.open(PACKET_ID) as file:
        assert file.read() == PACKET
    assert blobs.size(PACKET_ID) == len(PACKET)
    blobs.verify(PACKET_ID)


def test_every_finished_blob_is_listed_and_nothing_else(blobs):
    assert list(blobs.ids()) == []
    found = sorted(blobs.put(bytes([number])) for number in range(20))
    blobs.append(PACKET_ID, 0, PACKET[:10])
    assert sorted(blobs.ids()) == found


def test_each_sender_goes_on_with_its_own_unfinished_upload_and_the_rest_of_the_others_goes_at_the_next_start(
    blobs, disk, tmp_path
):
    assert blobs.append(PACKET_ID, 0, b"rubbish", by="bad") == 7
    assert blobs.append(PACKET_ID, 0, PACKET[:1000], by="good") == 1000
    assert [blobs.offset(PACKET_ID, by=by) for by in ("good", "bad", "", "third")] == [1000, 7, 0, 0]
    with pytest.raises(BlobDamaged):
        blobs.finish(PACKET_ID, by="bad")
    assert blobs.append(PACKET_ID, 0, b"rubbish", by="bad") == 7
    blobs.append(PACKET_ID, 1000, PACKET[1000:], by="good")
    blobs.finish(PACKET_ID, by="good")
    blobs.verify(PACKET_ID)
    assert blobs.offset(PACKET_ID, by="bad") == len(PACKET)
    assert len(disk.files(tmp_path / "blobs" / "partial")) == 1
    BlobStore(tmp_path / "blobs", disk)
    assert disk.files(tmp_path / "blobs" / "partial") == []
    blobs.verify(PACKET_ID)


def test_an_iterable_is_stored_as_the_same_blob_as_its_joined_bytes(blobs):
    assert blobs.put(PACKET[i : i + 7000] for i in range(0, len(PACKET), 7000)) == PACKET_ID


def test_putting_the_same_bytes_twice_leaves_one_blob(blobs, disk, tmp_path):
    blobs.put(PACKET)
    blobs.put(PACKET)
    assert disk.files(blobs.path(PACKET_ID).parent) == [blobs.path(PACKET_ID)]
    assert disk.files(tmp_path / "blobs" / "partial") == []


def test_an_upload_is_not_in_the_store_before_it_is_finished(blobs):
    blobs.append(PACKET_ID, 0, PACKET)
    assert not blobs.has(PACKET_ID)
    assert blobs.offset(PACKET_ID) == len(PACKET)
    blobs.finish(PACKET_ID)
    assert blobs.has(PACKET_ID)


def test_an_interrupted_upload_goes_on_from_its_offset_in_a_new_process(blobs, disk, tmp_path):
    blobs.append(PACKET_ID, 0, PACKET[:1000])
    reopened = BlobStore(tmp_path / "blobs", disk)
    assert reopened.offset(PACKET_ID) == 1000
    reopened.append(PACKET_ID, 1000, PACKET[1000:])
    reopened.finish(PACKET_ID)
    reopened.verify(PACKET_ID)


@pytest.mark.parametrize("offset", [0, 999, 1001])
def test_bytes_at_another_offset_are_refused_and_nothing_is_written(blobs, offset):
    blobs.append(PACKET_ID, 0, PACKET[:1000])
    with pytest.raises(OffsetMismatch) as refused:
        blobs.append(PACKET_ID, offset, PACKET[offset:])
    assert refused.value.facts["expected"] == 1000
    assert blobs.offset(PACKET_ID) == 1000


def test_bytes_that_are_not_what_they_name_are_thrown_away(blobs):
    blobs.append(PACKET_ID, 0, PACKET[:-1] + b"x")
    with pytest.raises(BlobDamaged):
        blobs.finish(PACKET_ID)
    assert blobs.offset(PACKET_ID) == 0
    upload(blobs, PACKET, PACKET_ID, 100_000)
    blobs.verify(PACKET_ID)


def test_finishing_twice_and_appending_to_a_finished_blob_change_nothing(blobs):
    upload(blobs, PACKET, PACKET_ID, 100_000)
    blobs.finish(PACKET_ID)
    with pytest.raises(OffsetMismatch):
        blobs.append(PACKET_ID, len(PACKET), b"more")
    blobs.verify(PACKET_ID)


def test_a_blob_kept_whole_lies_as_one_that_came_in_pieces(blobs, disk, tmp_path):
    blobs.keep(Hashed.of(PACKET), by="key")
    blobs.verify(PACKET_ID)
    assert blobs.offset(PACKET_ID, by="key") == len(PACKET)
    assert disk.files(tmp_path / "blobs" / "partial") == []


@pytest.mark.parametrize("begun", [b"rubbish", PACKET])
def test_what_is_begun_or_here_is_not_kept_whole_over_it(blobs, begun):
    blobs.append(PACKET_ID, 0, begun)
    if begun == PACKET:
        blobs.finish(PACKET_ID)
    with pytest.raises(OffsetMismatch) as refused:
        blobs.keep(Hashed.of(PACKET))
    assert refused.value.facts["expected"] == len(begun)
    assert blobs.offset(PACKET_ID) == len(begun)


def test_a_full_disk_keeps_nothing_of_a_whole_blob_and_takes_it_when_there_is_space_again(disk, tmp_path):
    limited = LimitedDisk(disk, capacity=100_000)
    blobs = BlobStore(tmp_path / "blobs", limited)
    with pytest.raises(DiskReserveReached):
        blobs.keep(Hashed.of(PACKET))
    limited.free_bytes = lambda folder: 1 << 40  # the file system's free space can be wrong; the write decides
    with pytest.raises(DiskFull):
        blobs.keep(Hashed.of(PACKET))
    assert blobs.offset(PACKET_ID) == 0
    limited.capacity = 1_000_000
    blobs.keep(Hashed.of(PACKET))
    blobs.verify(PACKET_ID)


def test_a_blob_kept_whole_is_on_the_second_machine_before_anybody_is_told(tmp_path):
    held = []

    class Second:
        away = True

        def hold(self, store, blobs, blob_id):
            blobs.verify(blob_id)
            if self.away:
                raise MirrorAway(reason="it is behind")
            held.append((store, blob_id))

    second = Second()
    blobs = MirroredBlobs(tmp_path / "packets", RealDisk(), second)
    with pytest.raises(MirrorAway):
        blobs.keep(Hashed.of(PACKET))
    second.away = False
    blobs.finish(PACKET_ID)
    other = Hashed.of(PACKET[1:])
    blobs.keep(other)
    assert held == [("packets", PACKET_ID), ("packets", other.sha256)]


def test_an_unknown_blob_is_missing_whoever_asks(blobs):
    for ask in (blobs.open, blobs.size, blobs.verify, blobs.finish):
        with pytest.raises(BlobMissing):
            ask(PACKET_ID)
    assert blobs.offset(PACKET_ID) == 0


def test_a_removed_blob_is_gone(blobs):
    blobs.put(PACKET)
    blobs.remove(PACKET_ID)
    assert not blobs.has(PACKET_ID)
    blobs.remove(PACKET_ID)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", PACKET_ID.upper(), PACKET_ID[:-1], PACKET_ID + "\n"])
def test_a_name_that_is_no_digest_never_becomes_a_path(blobs, name):
    for ask in (blobs.has, blobs.offset, blobs.open, blobs.discard, blobs.remove):
        with pytest.raises(ValueError, match="SHA-256"):
            ask(name)


def test_the_reserve_of_the_disk_is_not_touched(disk, tmp_path):
    limited = LimitedDisk(disk, capacity=1_000_000)
    blobs = BlobStore(tmp_path / "blobs", limited, reserve_bytes=900_000)
    blobs.append(PACKET_ID, 0, PACKET[:50_000])
    with pytest.raises(DiskReserveReached):
        blobs.append(PACKET_ID, 50_000, PACKET[50_000:])
    assert blobs.offset(PACKET_ID) == 50_000


def test_a_full_disk_is_told_and_the_upload_goes_on_when_there_is_space_again(disk, tmp_path):
    limited = LimitedDisk(disk, capacity=100_000)
    blobs = BlobStore(tmp_path / "blobs", limited)
    blobs.append(PACKET_ID, 0, PACKET[:90_000])
    limited.free_bytes = lambda folder: 1 << 40  # the file system's free space can be wrong; the write decides
    with pytest.raises(DiskFull):
        blobs.append(PACKET_ID, 90_000, PACKET[90_000:])
    limited.capacity = 1_000_000
    upload_offset = blobs.offset(PACKET_ID)
    blobs.append(PACKET_ID, upload_offset, PACKET[upload_offset:])
    blobs.finish(PACKET_ID)
    blobs.verify(PACKET_ID)


def test_bytes_are_fsynced_before_the_rename_and_the_folder_after_it(tmp_path):
    disk = RecordingDisk(RealDisk())
    blobs = BlobStore(tmp_path / "blobs", disk)
    blobs.append(PACKET_ID, 0, PACKET)
    disk.calls.clear()
    blobs.finish(PACKET_ID)
    tail = [call for call in disk.calls if call[0] != "make folder"]
    assert tail == [
        ("fsync file", PACKET_ID),
        ("fsync folder", "blobs"),
        ("rename", PACKET_ID),
        ("fsync folder", PACKET_ID[:2]),
    ]


def test_finishing_again_after_a_kill_between_rename_and_fsync_makes_the_name_durable(tmp_path):
    disk = MemoryDisk()
    blobs = BlobStore(tmp_path / "blobs", disk)
    blobs.append(PACKET_ID, 0, PACKET)
    with disk.open_append(tmp_path / "blobs" / "partial" / PACKET_ID) as writer:
        writer.fsync()
    disk.make_folder(blobs.path(PACKET_ID).parent)
    disk.rename(tmp_path / "blobs" / "partial" / PACKET_ID, blobs.path(PACKET_ID))  # killed here
    BlobStore(tmp_path / "blobs", disk).finish(PACKET_ID)
    disk.power_cut()
    assert BlobStore(tmp_path / "blobs", disk).has(PACKET_ID)


@settings(max_examples=60, deadline=None)
@given(steps=st.lists(st.integers(1, 70_000), min_size=1, max_size=12), cut=st.integers(0, 12))
def test_a_power_cut_at_any_step_leaves_a_whole_blob_or_none(steps, cut):
    disk, folder = MemoryDisk(), Path("/blobs")
    blobs = BlobStore(folder, disk)
    offset = 0
    for number, step in enumerate(steps):
        if number == cut:
            disk.power_cut()
            blobs = BlobStore(folder, disk)
            offset = blobs.offset(PACKET_ID)
        blobs.append(PACKET_ID, offset, PACKET[offset : offset + step])
        offset = min(len(PACKET), offset + step)
    blobs.append(PACKET_ID, offset, PACKET[offset:])
    blobs.finish(PACKET_ID)
    disk.power_cut()
    survivor = BlobStore(folder, disk)
    survivor.verify(PACKET_ID)
    assert survivor.offset(PACKET_ID) == len(PACKET)


def test_the_rest_of_a_dead_process_with_the_same_number_is_cleared_and_never_continued(tmp_path):
    disk = MemoryDisk()
    BlobStore(tmp_path, disk)
    for serial in range(100):  # in a container every process has the same number, and counts from nought again
        with disk.open_append(tmp_path / "partial" / f"new-{os.getpid()}-{serial}") as rest:
            rest.write(b"what a dead process wrote")
    store = BlobStore(tmp_path, disk)
    assert disk.files(tmp_path / "partial") == []
    store.verify(store.put(b"a packet"))


def test_removing_again_after_a_kill_between_unlink_and_fsync_makes_the_absence_durable():
    disk, folder = MemoryDisk(), Path("/blobs")
    blobs = BlobStore(folder, disk)
    blobs.put(PACKET)
    disk.unlink(blobs.path(PACKET_ID))  # killed here: gone for every process, and back after a power cut
    BlobStore(folder, disk).remove(PACKET_ID)
    disk.power_cut()
    assert not BlobStore(folder, disk).has(PACKET_ID)
