"""A regency's filter, asked in its file: whatever lies there, nobody who was recorded is told to be unknown (never 17)."""

import hashlib
import io
from contextlib import suppress
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rekam.exchange.filter import FilterShard, FilterUnreadable
from rekam.exchange.filter_file import ShardFile
from rekam.exchange.fuse import FuseFilter
from rekam.exchange.parts import Part


class Shard:
    """Some people's shard, and the file that it lies in."""

    def __init__(self, people, bits=8):
        built = FuseFilter.build(np.array(sorted(people), np.uint64), bits)
        self.data = bytearray(built.fingerprints.tobytes())
        self.reads = 0
        name = hashlib.sha256(self.data).hexdigest()
        self.shard = FilterShard(built.shape, built.seed, Part(name, len(self.data)))
        self.built = built

    def open(self):
        shard = self

        class Counting(io.BytesIO):
            def read(self, *size):
                shard.reads += 1
                return super().read(*size)

        return Counting(bytes(self.data))


HASHES = st.sets(st.integers(0, 2**64 - 1), max_size=3000)


@settings(max_examples=60, deadline=None)
@given(HASHES, HASHES, st.sampled_from([8, 16]))
def test_the_file_says_of_everybody_what_the_filter_in_memory_says(people, others, bits):
    made = Shard(people, bits)
    file = ShardFile.verified(made.shard, made.open)
    assert all(file.contains(one) for one in people)
    asked = np.array(sorted(others), np.uint64)
    assert [file.contains(int(one)) for one in asked] == made.built.contains_all_of(asked).tolist()


def test_a_question_reads_three_pages_of_a_file_of_many():
    made = Shard(set(np.random.default_rng(1).integers(0, 2**64, 200_000, np.uint64).tolist()))
    file = ShardFile.verified(made.shard, made.open)
    made.reads = 0
    file.contains(12345)
    assert made.reads == 3
    assert len(made.data) > 50 * 4096


@pytest.mark.parametrize("how", [lambda data: data[:-1], lambda data: data + b"\0", lambda data: b""])
def test_a_file_that_is_not_the_signed_one_is_not_asked(how):
    made = Shard(range(100))
    made.data = how(made.data)
    with pytest.raises(FilterUnreadable):
        ShardFile.verified(made.shard, made.open)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_what_rots_after_it_was_verified_gives_no_answer_or_the_right_one(data):
    people = set(np.random.default_rng(2).integers(0, 2**64, 20_000, np.uint64).tolist())
    made = Shard(people)
    file = ShardFile.verified(made.shard, made.open)
    for _ in range(data.draw(st.integers(1, 4))):
        made.data[data.draw(st.integers(0, len(made.data) - 1))] ^= data.draw(st.integers(1, 255))
    for one in list(people)[:300]:
        with suppress(FilterUnreadable):
            assert file.contains(one)


def test_a_file_that_shrank_or_a_sector_that_cannot_be_read_gives_no_answer():
    made = Shard(range(100))
    file = ShardFile.verified(made.shard, made.open)
    del made.data[10:]
    with pytest.raises(FilterUnreadable):
        [file.contains(one) for one in range(100)]

    def bad_sector():
        raise OSError(5, "Input/output error")

    with pytest.raises(FilterUnreadable, match="cannot be read"):
        replace(file, _open=bad_sector).contains(1)
    with pytest.raises(FilterUnreadable, match="cannot be read"):
        ShardFile.verified(made.shard, bad_sector)
