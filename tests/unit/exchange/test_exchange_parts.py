import hashlib
import io

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from rekam.exchange.errors import FeedUnreadable
from rekam.exchange.parts import PIECE_BYTES, Part, PartFetcher, PartMissing, PartTooLong, StoredParts
from rekam.exchange.zstd import NotUnpacked, pack, unpack
from rekam.storage.blobs import BlobStore
from rekam.storage.disk import RealDisk
from rekam.storage.errors import BlobDamaged

LARGE, SMALL = bytes(range(256)) * 800, b"small"


def part_of(data):
    return Part(hashlib.sha256(data).hexdigest(), len(data))


def never():
    return False


def always():
    return True


class Shelf:
    """A source that counts what it is asked for, and may lie."""

    def __init__(self, *contents, lie=None):
        self.contents = {part_of(data).id: data for data in contents}
        self.asked = []
        self.lie = lie

    def part(self, part_id, offset):
        self.asked.append((part_id, offset))
        if part_id not in self.contents:
            raise PartMissing(part_id=part_id, place="3174")
        return self.lie(offset) if self.lie else self.contents[part_id][offset : offset + PIECE_BYTES]


@pytest.fixture
def store(tmp_path):
    return BlobStore(tmp_path / "parts", RealDisk())


def test_a_part_is_fetched_whole_checked_and_then_handed_on(store):
    shelf = Shelf(LARGE)
    assert PartFetcher(store, shelf).run_once([part_of(LARGE)], never) == len(LARGE)
    assert [offset for _, offset in shelf.asked] == list(range(0, len(LARGE), PIECE_BYTES))
    assert StoredParts(store, "3174").part(part_of(LARGE).id, 10) == LARGE[10 : 10 + PIECE_BYTES]


def test_what_came_before_a_cut_is_not_fetched_again(store):
    shelf = Shelf(LARGE)
    fetcher = PartFetcher(store, shelf)
    assert fetcher.run_once([part_of(LARGE)], always) == PIECE_BYTES
    assert not store.has(part_of(LARGE).id)
    reopened = PartFetcher(BlobStore(store.folder, RealDisk()), shelf)
    reopened.run_once([part_of(LARGE)], never)
    assert [offset for _, offset in shelf.asked] == list(range(0, len(LARGE), PIECE_BYTES))


def test_a_part_that_is_here_is_not_asked_for(store):
    shelf = Shelf(SMALL)
    store.put(SMALL)
    assert PartFetcher(store, shelf).run_once([part_of(SMALL)], never) == 0
    assert shelf.asked == []


def test_a_part_that_the_source_lacks_delays_no_other(store):
    with pytest.raises(PartMissing):
        PartFetcher(store, Shelf(SMALL)).run_once([part_of(b"not there"), part_of(SMALL)], never)
    assert store.has(part_of(SMALL).id)


def test_damaged_bytes_never_get_a_name_and_the_part_is_fetched_anew(store):
    with pytest.raises(BlobDamaged):
        PartFetcher(store, Shelf(SMALL, lie=lambda offset: b"SMALL")).run_once([part_of(SMALL)], never)
    assert not store.has(part_of(SMALL).id)
    PartFetcher(store, Shelf(SMALL)).run_once([part_of(SMALL)], never)
    assert store.has(part_of(SMALL).id)


def test_a_source_that_never_ends_is_stopped_at_the_size_that_was_announced(store):
    shelf = Shelf(LARGE, lie=lambda offset: bytes(PIECE_BYTES))
    with pytest.raises(PartTooLong):
        PartFetcher(store, shelf).run_once([part_of(LARGE)], never)
    assert len(shelf.asked) == len(LARGE) // PIECE_BYTES + 1
    assert store.offset(part_of(LARGE).id) == 0


def test_a_part_shorter_than_announced_is_missing_and_not_waited_for_within_the_round(store):
    short = Part(part_of(SMALL).id, 100)
    with pytest.raises(PartMissing):
        PartFetcher(store, Shelf(SMALL)).run_once([short], never)


@pytest.mark.parametrize(
    "fields",
    [{}, {"id": bytes(31), "size": 1}, {"id": bytes(32), "size": 0}, {"id": bytes(32), "size": 1 << 27}, "part"],
    ids=["nothing", "a short id", "no bytes", "too many bytes", "a text"],
)
def test_what_is_no_part_is_told(fields):
    with pytest.raises(FeedUnreadable):
        Part.from_map(fields)
    assert Part.from_map(part_of(SMALL).to_map()) == part_of(SMALL)


@given(st.binary(max_size=5000))
def test_what_is_packed_comes_out_as_it_was(data):
    assert unpack(pack(data), 5000) == data


@given(st.binary(max_size=300), st.integers(0, 299))
def test_no_changed_or_cut_frame_comes_out_as_something_else(data, place):
    frame = pack(data)
    at = place % len(frame)
    for spoiled in (frame[:at], frame[:at] + bytes([frame[at] ^ 0x55]) + frame[at + 1 :]):
        try:
            assert unpack(spoiled, 10_000) == data
        except NotUnpacked:
            continue


def test_a_bomb_is_refused_before_it_unfolds():
    bomb = pack(bytes(50_000_000))
    assert len(bomb) < 5000
    with pytest.raises(NotUnpacked, match="at most"):
        unpack(bomb, 1 << 20)
    silent = io.BytesIO()
    with zstandard.ZstdCompressor().stream_writer(silent, closefd=False) as writer:
        writer.write(bytes(5_000_000))
    with pytest.raises(NotUnpacked):
        unpack(silent.getvalue(), 1 << 20)
