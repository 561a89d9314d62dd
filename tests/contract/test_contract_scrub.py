"""What every book of the reading of stored packets must do, and what the scrubber finds with each of them."""

import hashlib

import pytest

from rekam.exchange.pg.register import EXCHANGE_TABLES
from rekam.exchange.pg.scrub import PgScrubBook
from rekam.station.scrub import StationScrubBook
from rekam.station.store import StationStore
from rekam.storage.blobs import BlobStore
from rekam.storage.memory_disk import MemoryDisk
from rekam.storage.scrub import Damage, InMemoryScrubBook, Scrubber
from rekam.storage.testing import fresh_pool
from station_identity import station_identity

IDS = [hashlib.sha256(bytes([number])).hexdigest() for number in range(3)]


@pytest.fixture(params=["memory", "postgresql", "station"])
def book(request, tmp_path):
    match request.param:
        case "memory":
            yield InMemoryScrubBook()
        case "postgresql":
            with fresh_pool(EXCHANGE_TABLES) as pool:
                yield PgScrubBook(pool)
        case _:
            store = StationStore.create(tmp_path / "station.db", bytes(range(32)), station_identity())
            yield StationScrubBook(store)
            store.close()


def test_the_reading_goes_on_where_it_stood_and_a_finished_pass_begins_anew(book):
    assert (book.position(), book.passes()) == ("", 0)
    book.note(IDS[0], [IDS[0]], [], finished=False)
    assert (book.position(), book.passes()) == (IDS[0], 0)
    book.note(IDS[1], [IDS[1]], [], finished=True)
    assert (book.position(), book.passes()) == ("", 1)


def test_what_was_found_damaged_stays_so_until_it_is_read_and_found_sound(book):
    book.note(IDS[0], [], [Damage(IDS[0], "BlobDamaged"), Damage(IDS[1], "BlobMissing")], finished=True)
    book.note(IDS[0], [], [Damage(IDS[0], "BlobMissing")], finished=True)
    assert book.damaged() == sorted(
        [Damage(IDS[0], "BlobMissing"), Damage(IDS[1], "BlobMissing")], key=lambda each: each.blob_id
    )
    book.note(IDS[1], [IDS[0], IDS[1]], [], finished=True)
    assert book.damaged() == []


def test_every_flipped_byte_and_every_vanished_file_is_found_within_one_pass(book, tmp_path):
    disk = MemoryDisk()
    blobs = BlobStore(tmp_path / "packets", disk)
    ids = sorted(blobs.put(bytes([number]) * 1000) for number in range(150))
    scrubber = Scrubber(blobs, lambda after, limit: [each for each in ids if each > after][:limit], book)
    flipped, gone = ids[7], ids[149]
    _flip(disk, blobs, flipped)
    disk.unlink(blobs.path(gone))
    steps = [scrubber.step(budget_bytes=10_000)]
    while not steps[-1].finished:
        steps.append(scrubber.step(budget_bytes=10_000))
    assert sum(step.blobs for step in steps) == 150
    assert max(step.read for step in steps) == 10_000
    assert book.damaged() == [Damage(flipped, "BlobDamaged"), Damage(gone, "BlobMissing")]
    assert book.passes() == 1


def test_a_damaged_packet_is_kept_aside_and_its_place_is_free_for_the_sound_one(book, tmp_path):
    disk = MemoryDisk()
    blobs = BlobStore(tmp_path / "packets", disk)
    blob_id = blobs.put(b"a packet")
    scrubber = Scrubber(blobs, lambda after, _limit: [blob_id] if after < blob_id else [], book)
    _flip(disk, blobs, blob_id)
    assert scrubber.step(1).damaged == (Damage(blob_id, "BlobDamaged"),)
    assert not blobs.has(blob_id)
    assert disk.files(tmp_path / "packets" / "damaged") == [tmp_path / "packets" / "damaged" / blob_id]
    blobs.put(b"a packet")
    assert scrubber.step(1).damaged == ()
    assert book.damaged() == []


def test_a_packet_purged_while_it_is_read_is_no_damage(book, tmp_path):
    blobs = BlobStore(tmp_path / "packets", MemoryDisk())
    listed = [[IDS[0]], []]
    scrubber = Scrubber(blobs, lambda _after, _limit: listed.pop(0), book)
    assert scrubber.step(1).damaged == ()


def _flip(disk: MemoryDisk, blobs: BlobStore, blob_id: str) -> None:
    whole = disk.open_read(blobs.path(blob_id)).read()
    disk.unlink(blobs.path(blob_id))
    with disk.open_append(blobs.path(blob_id)) as writer:
        writer.write(bytes([whole[0] ^ 1]) + whole[1:])
