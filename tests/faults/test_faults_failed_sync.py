"""An fsync that fails: what it should have kept is never believed again, however well the next one goes."""

import hashlib
from pathlib import Path

import pytest

from rekam.storage.blobs import BlobStore
from rekam.storage.disk_wrappers import ForgetfulDisk
from rekam.storage.memory_disk import MemoryDisk

PACKET = bytes(range(256)) * 40
PACKET_ID = hashlib.sha256(PACKET).hexdigest()
FOLDER = Path("/packets")


def deliver(blobs: BlobStore) -> None:
    """As a sender does until it has its receipt: ask, send what is missing, finish; after an error all anew."""
    for _ in range(3):
        try:
            offset = blobs.offset(PACKET_ID)
            if not blobs.has(PACKET_ID):
                blobs.append(PACKET_ID, offset, PACKET[offset:])
            blobs.finish(PACKET_ID)
        except OSError:
            continue
        return
    pytest.fail("the packet was never taken")


def syncs_of_one_delivery() -> int:
    disk = ForgetfulDisk(MemoryDisk(), failing=0)
    deliver(BlobStore(FOLDER, disk))
    return disk.syncs


@pytest.mark.parametrize("failing", range(1, syncs_of_one_delivery() + 1))
def test_a_packet_acknowledged_after_a_failed_sync_survives_the_power_cut(failing):
    memory = MemoryDisk()
    disk = ForgetfulDisk(memory, failing)
    deliver(BlobStore(FOLDER, disk))
    assert disk.syncs > failing
    memory.power_cut()
    BlobStore(FOLDER, memory).verify(PACKET_ID)


def test_what_could_not_be_stored_leaves_nothing_behind():
    memory = MemoryDisk()
    with pytest.raises(OSError, match="Input/output"):
        BlobStore(FOLDER, ForgetfulDisk(memory, failing=1)).put(PACKET)
    assert memory.files(FOLDER / "partial") == []
