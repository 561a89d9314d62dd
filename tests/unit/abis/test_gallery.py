import errno
import os
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from abis_examples import person_id, random_person
from abis_seal import XorSeal
from rekam.abis.errors import (
    GalleryFromNewerVersion,
    GalleryInUse,
    GalleryNotWritten,
    GallerySealed,
    GalleryUnreadable,
)
from rekam.abis.gallery import Gallery
from rekam.abis.gallery_log import FILE_NAME

SMALL = {"fingers": (2,), "irises": (1,)}


def filled(folder, numbers, cipher=None) -> bytes:
    """A closed gallery holding some people; its file's bytes."""
    with Gallery.open(folder, cipher) as gallery:
        for number in numbers:
            gallery.append(person_id(number), random_person(number, **SMALL))
    return (folder / FILE_NAME).read_bytes()


def rewritten(folder, content: bytes):
    folder.mkdir(exist_ok=True)
    (folder / FILE_NAME).write_bytes(content)
    return folder


def test_a_gallery_opened_again_holds_what_was_flushed(tmp_path):
    filled(tmp_path, [1, 2])
    with Gallery.open(tmp_path) as gallery:
        gallery.tombstone(person_id(1))
        gallery.append(person_id(3), random_person(3))
    with Gallery.open(tmp_path) as gallery:
        assert gallery.ids() == (person_id(2), person_id(3))
        assert gallery.get(person_id(3)) == random_person(3)
        assert gallery.columns().live.tolist() == [True, True]


@pytest.mark.parametrize("cipher", [None, XorSeal(b"k")], ids=["plain", "sealed"])
def test_a_tail_torn_anywhere_loses_nothing_that_was_flushed(tmp_path, cipher):
    flushed = filled(tmp_path / "a", [1, 2], cipher)
    with Gallery.open(tmp_path / "a", cipher) as gallery:
        gallery.append(person_id(3), random_person(3, **SMALL))
    whole = (tmp_path / "a" / FILE_NAME).read_bytes()
    for size in range(len(flushed), len(whole), 31):
        torn = rewritten(tmp_path / "torn", whole[:size])
        with Gallery.open(torn, cipher) as gallery:
            assert gallery.ids()[:2] == (person_id(1), person_id(2))
            gallery.append(person_id(4), random_person(4, **SMALL))
        with Gallery.open(torn, cipher) as gallery:
            assert person_id(4) in gallery


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_decay_before_the_last_flush_is_refused_rather_than_cut_off(tmp_path, place, bit):
    whole = bytearray(filled(tmp_path / "whole", [1, 2, 3]))
    last_commit = len(whole) - 40
    whole[int(place * last_commit)] ^= 1 << bit
    with pytest.raises(GalleryUnreadable):
        Gallery.open(rewritten(tmp_path / "decayed", bytes(whole)))
    assert (tmp_path / "decayed" / FILE_NAME).read_bytes() == bytes(whole)


def test_a_record_taken_out_of_the_middle_is_noticed(tmp_path):
    one, two, three = (filled(tmp_path / "a", [number]) for number in (1, 2, 3))
    with pytest.raises(GalleryUnreadable, match="damaged"):
        Gallery.open(rewritten(tmp_path / "b", one + three[len(two) :]))


def test_records_are_synced_before_the_commit_that_vouches_for_them(tmp_path):
    sizes = []

    def sync(descriptor: int) -> None:
        os.fsync(descriptor)
        sizes.append(os.fstat(descriptor).st_size)

    gallery = Gallery.open(tmp_path, sync=sync)
    sizes.clear()
    gallery.append(person_id(1), random_person(1))
    before_commit = (tmp_path / FILE_NAME).stat().st_size
    gallery.flush()
    gallery.flush()
    gallery.close()
    assert sizes == [before_commit, (tmp_path / FILE_NAME).stat().st_size]


def test_a_disk_that_does_not_confirm_stops_the_gallery(tmp_path):
    answers = iter([None, None, None, OSError(errno.EIO, "Input/output error"), None])

    def sync(descriptor: int) -> None:
        if (answer := next(answers)) is not None:
            raise answer

    gallery = Gallery.open(tmp_path, sync=sync)
    gallery.append(person_id(1), random_person(1))
    with pytest.raises(GalleryNotWritten, match="Input/output error"):
        gallery.flush()
    with pytest.raises(GalleryNotWritten, match="not confirmed"):
        gallery.append(person_id(2), random_person(2))
    assert person_id(2) not in gallery


def test_a_full_disk_adds_nothing_and_keeps_the_rest(tmp_path):
    """RLIMIT_FSIZE makes the kernel refuse growth as a full disk does; it needs a process of its own."""
    filled(tmp_path, [1])
    script = f"""
import resource, signal, sys
sys.path.insert(0, "tests")
from pathlib import Path
from abis_examples import person_id, random_person
from rekam.abis.errors import GalleryNotWritten
from rekam.abis.gallery import Gallery
gallery = Gallery.open(Path({str(tmp_path)!r}))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
limit = (Path({str(tmp_path)!r}) / {FILE_NAME!r}).stat().st_size + 100
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
try:
    gallery.append(person_id(2), random_person(2))
except GalleryNotWritten as refusal:
    print(refusal)
"""
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert "Free disk space" in said
    with Gallery.open(tmp_path) as gallery:
        assert gallery.ids() == (person_id(1),)


def test_a_gallery_of_a_newer_version_is_left_alone(tmp_path):
    import struct
    import zlib

    head = struct.pack("<8sHH", b"RKMGALRY", 2, 0)
    with pytest.raises(GalleryFromNewerVersion, match="Update this machine"):
        Gallery.open(rewritten(tmp_path / "a", head + struct.pack("<I", zlib.crc32(head))))


def test_a_file_of_another_kind_is_no_gallery(tmp_path):
    with pytest.raises(GalleryUnreadable, match="does not begin"):
        Gallery.open(rewritten(tmp_path / "a", b"SQLite format 3\x00" * 10))


def test_a_second_opener_is_turned_away(tmp_path):
    with Gallery.open(tmp_path), pytest.raises(GalleryInUse, match="Another running process"):
        Gallery.open(tmp_path)


def test_a_closed_gallery_may_be_opened_by_the_next(tmp_path):
    filled(tmp_path, [1])
    with Gallery.open(tmp_path) as gallery:
        assert len(gallery) == 1


def test_sealed_templates_are_not_on_disk_in_the_clear(tmp_path):
    content = filled(tmp_path, [1], XorSeal(b"k"))
    assert random_person(1, **SMALL)["finger-2"].to_bytes() not in content
    assert random_person(1, **SMALL).iris("iris-1").code.tobytes() not in content


def test_another_key_does_not_open_a_sealed_gallery_even_when_it_is_empty(tmp_path):
    filled(tmp_path, [], XorSeal(b"k"))
    with pytest.raises(GallerySealed, match="key file"):
        Gallery.open(tmp_path, XorSeal(b"other"))


def test_a_sealed_gallery_asks_for_its_key(tmp_path):
    filled(tmp_path, [1], XorSeal(b"k"))
    with pytest.raises(GallerySealed, match="no key was given"):
        Gallery.open(tmp_path)


def test_a_gallery_in_the_clear_is_not_mistaken_for_a_sealed_one(tmp_path):
    filled(tmp_path, [1])
    with pytest.raises(GalleryUnreadable, match="not sealed"):
        Gallery.open(tmp_path, XorSeal(b"k"))
