from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange_examples import CENTRE_KEY, OFFICE
from rekam.exchange.filter import FilterFile, FilterOlder, FilterUnreadable, filter_hash, shard_of, write_filter
from rekam.storage.disk import RealDisk
from rekam.storage.disk_wrappers import LimitedDisk, RecordingDisk
from rekam.storage.errors import DiskFull

KEY = bytes(range(32))
NIKS = [
    f"{regency}01{day:02}0390{serial:04}"
    for regency in (3174, 3273, 1107)
    for day in (1, 41)
    for serial in range(1, 300)
]


def shards(niks):
    found = {}
    for nik in niks:
        found.setdefault(shard_of(nik), []).append(filter_hash(KEY, nik))
    return {name: np.array(hashes, np.uint64) for name, hashes in found.items()}


def written(path, niks=NIKS, **options):
    write_filter(path, shards(niks), **{"edition": 1, "as_of": date(2016, 10, 3), "signer": CENTRE_KEY, **options})
    return path


def recorded(filter_file, nik):
    return filter_file.contains(filter_hash(KEY, nik), shard_of(nik))


def test_everybody_in_the_snapshot_is_found_after_it_was_written_and_opened(tmp_path):
    opened = FilterFile(written(tmp_path / "filter"), CENTRE_KEY.public)
    assert all(recorded(opened, nik) for nik in NIKS)
    assert (opened.edition, opened.as_of, opened.people) == (1, date(2016, 10, 3), len(NIKS))


@settings(max_examples=25, deadline=None)
@given(niks=st.sets(st.from_regex(r"[1-9][0-9]{15}", fullmatch=True), min_size=1, max_size=60))
def test_no_set_of_people_has_one_who_is_missed(tmp_path_factory, niks):
    opened = FilterFile(written(tmp_path_factory.mktemp("f") / "filter", niks), CENTRE_KEY.public)
    assert all(recorded(opened, nik) for nik in niks)


def test_strangers_are_rarely_taken_for_recorded(tmp_path):
    opened = FilterFile(written(tmp_path / "filter"), CENTRE_KEY.public)
    strangers = [f"317402{day:02}0385{serial:04}" for day in range(1, 29) for serial in range(1, 300)]
    assert sum(recorded(opened, nik) for nik in strangers) / len(strangers) < 0.008
    assert not any(recorded(opened, "9" * 4 + nik[4:]) for nik in strangers)


def test_another_key_finds_nobody(tmp_path):
    opened = FilterFile(written(tmp_path / "filter"), CENTRE_KEY.public)
    found = sum(opened.contains(filter_hash(bytes(32), nik), shard_of(nik)) for nik in NIKS)
    assert found < 0.02 * len(NIKS)


def test_the_same_snapshot_is_the_same_file(tmp_path):
    one, other = written(tmp_path / "one"), written(tmp_path / "other", NIKS[::-1])
    assert one.read_bytes() == other.read_bytes()


def test_a_filter_that_the_centre_did_not_sign_is_refused(tmp_path):
    with pytest.raises(FilterUnreadable):
        FilterFile(written(tmp_path / "filter", signer=OFFICE.key), CENTRE_KEY.public)


SPOILED = {
    "empty": lambda data: b"",
    "a cat": lambda data: b"\xff\xd8\xff" + data,
    "another version": lambda data: data[:9] + b"\x02" + data[10:],
    "a changed header": lambda data: data[:40] + bytes([data[40] ^ 1]) + data[41:],
    "cut short": lambda data: data[:-1],
    "longer": lambda data: data + b"\0",
}


@pytest.mark.parametrize("how", SPOILED)
def test_a_spoiled_file_is_refused_when_it_is_opened(tmp_path, how):
    path = written(tmp_path / "filter")
    path.write_bytes(SPOILED[how](path.read_bytes()))
    with pytest.raises(FilterUnreadable, match="Recording goes on"):
        FilterFile(path, CENTRE_KEY.public)


def test_a_missing_file_is_told_in_words(tmp_path):
    with pytest.raises(FilterUnreadable, match="it is not there"):
        FilterFile(tmp_path / "filter", CENTRE_KEY.public)


def test_a_damaged_part_gives_no_answer_instead_of_a_no(tmp_path):
    path = written(tmp_path / "filter")
    data = bytearray(path.read_bytes())
    data[-1] ^= 0xFF
    path.write_bytes(data)
    opened = FilterFile(path, CENTRE_KEY.public)
    with pytest.raises(FilterUnreadable, match="damaged"):
        [recorded(opened, nik) for nik in NIKS]


def test_an_older_edition_never_replaces_a_newer_one(tmp_path):
    older, newer = (
        FilterFile(written(tmp_path / str(edition), edition=edition), CENTRE_KEY.public) for edition in (3, 4)
    )
    newer.check_newer_than(older)
    newer.check_newer_than(None)
    for late in (older, newer):
        with pytest.raises(FilterOlder):
            late.check_newer_than(newer)


def test_the_old_filter_stays_until_the_new_one_is_durable(tmp_path):
    path = written(tmp_path / "filter")
    before = path.read_bytes()
    with pytest.raises(DiskFull):
        written(path, [*NIKS, "3171010101900001"], edition=2, disk=LimitedDisk(RealDisk(), capacity=1500))
    assert path.read_bytes() == before
    recording = RecordingDisk(RealDisk())
    written(path, edition=2, disk=recording)
    assert [call for call in recording.calls if call[0] != "write"] == [
        ("unlink", "filter.new"),
        ("make folder", tmp_path.name),
        ("fsync file", "filter.new"),
        ("rename", "filter"),
        ("fsync folder", tmp_path.name),
    ]
    assert FilterFile(path, CENTRE_KEY.public).edition == 2
