import hashlib
import io
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange_examples import CENTRE_KEY, OFFICE
from rekam.exchange.filter import FilterUnreadable, build_snapshot, filter_hash, open_snapshot, shard_of
from rekam.exchange.filter_delta import FilterDelta, open_delta, seal_delta
from rekam.exchange.filter_file import ShardFile

KEY = bytes(range(32))
DAY = date(2016, 10, 3)
NIKS = [
    f"{regency}01{day:02}0390{serial:04}"
    for regency in (3174, 3273, 1107)
    for day in (1, 41)
    for serial in range(1, 300)
]


class Put(dict):
    """A store of parts: their bytes by their names."""

    def __call__(self, data):
        name = hashlib.sha256(data).hexdigest()
        self[name] = bytes(data)
        return name


def shards(niks):
    found = {}
    for nik in niks:
        found.setdefault(shard_of(nik), []).append(filter_hash(KEY, nik))
    return [(name, np.array(hashes, np.uint64)) for name, hashes in found.items()]


def built(niks=NIKS, **options):
    put = Put()
    part = build_snapshot(shards(niks), put, **{"edition": 1, "as_of": DAY, "signer": CENTRE_KEY, **options})
    return put, part


def of_bytes(shard, data):
    return ShardFile.verified(shard, lambda: io.BytesIO(data))


def recorded(put, snapshot, nik, key=KEY):
    shard = snapshot.shards.get(shard_of(nik))
    return shard is not None and of_bytes(shard, put[shard.part.id]).contains(filter_hash(key, nik))


def test_everybody_in_the_snapshot_is_found_after_it_was_built_and_opened():
    put, part = built()
    snapshot = open_snapshot(put[part.id], CENTRE_KEY.public)
    assert all(recorded(put, snapshot, nik) for nik in NIKS)
    assert (snapshot.edition, snapshot.as_of, snapshot.people) == (1, DAY, len(NIKS))
    assert part.size == len(put[part.id])
    assert {shard.part.size for shard in snapshot.shards.values()} == {
        len(put[shard.part.id]) for shard in snapshot.shards.values()
    }


@settings(max_examples=25, deadline=None)
@given(niks=st.sets(st.from_regex(r"[1-9][0-9]{15}", fullmatch=True), min_size=1, max_size=60))
def test_no_set_of_people_has_one_who_is_missed(niks):
    put, part = built(niks)
    snapshot = open_snapshot(put[part.id], CENTRE_KEY.public)
    assert all(recorded(put, snapshot, nik) for nik in niks)


def test_strangers_are_rarely_taken_for_recorded():
    put, part = built()
    snapshot = open_snapshot(put[part.id], CENTRE_KEY.public)
    strangers = [f"317402{day:02}0385{serial:04}" for day in range(1, 29) for serial in range(1, 60)]
    assert sum(recorded(put, snapshot, nik) for nik in strangers) / len(strangers) < 0.01
    assert not any(recorded(put, snapshot, "9" * 4 + nik[4:]) for nik in strangers)


def test_another_key_finds_nobody():
    put, part = built()
    snapshot = open_snapshot(put[part.id], CENTRE_KEY.public)
    assert sum(recorded(put, snapshot, nik, bytes(32)) for nik in NIKS) < 0.02 * len(NIKS)


def test_the_same_people_are_the_same_parts_and_news_in_one_regency_is_one_new_shard():
    one, _ = built()
    other, _ = built(NIKS[::-1])
    assert one == other
    grown, part = built([*NIKS, "3273010101900001"], edition=2)
    assert {name for name in grown if name not in one} - {part.id} == {
        open_snapshot(grown[part.id], CENTRE_KEY.public).shards["3273"].part.id
    }


def test_a_list_that_the_centre_did_not_sign_is_refused():
    put, part = built(signer=OFFICE.key)
    with pytest.raises(FilterUnreadable):
        open_snapshot(put[part.id], CENTRE_KEY.public)


SPOILED = {
    "empty": lambda data: b"",
    "a cat": lambda data: b"\xff\xd8\xff" + data,
    "changed": lambda data: data[:40] + bytes([data[40] ^ 1]) + data[41:],
    "cut short": lambda data: data[:-1],
    "longer": lambda data: data + b"\0",
}


@pytest.mark.parametrize("how", SPOILED)
def test_a_spoiled_list_or_delta_is_refused_when_it_is_opened(how):
    put, part = built()
    with pytest.raises(FilterUnreadable, match="Recording goes on"):
        open_snapshot(SPOILED[how](put[part.id]), CENTRE_KEY.public)
    delta = seal_delta(FilterDelta(1, 1, DAY, np.array([7, 5], np.uint64)), CENTRE_KEY)
    with pytest.raises(FilterUnreadable):
        open_delta(SPOILED[how](delta), CENTRE_KEY.public, edition=1, n=1)


def test_a_damaged_part_gives_no_answer_instead_of_a_no():
    put, part = built()
    shard = open_snapshot(put[part.id], CENTRE_KEY.public).shards["3174"]
    data = put[shard.part.id]
    with pytest.raises(FilterUnreadable, match="damaged"):
        of_bytes(shard, data[:-1] + bytes([data[-1] ^ 1]))
    with pytest.raises(FilterUnreadable, match="damaged"):
        of_bytes(shard, b"")


@given(hashes=st.sets(st.integers(0, 2**64 - 1), max_size=50), edition=st.integers(1, 9), n=st.integers(1, 400))
def test_a_delta_comes_out_as_it_was_and_belongs_to_its_place_alone(hashes, edition, n):
    delta = FilterDelta(edition, n, DAY, np.array(sorted(hashes, reverse=True), np.uint64))
    data = seal_delta(delta, CENTRE_KEY)
    opened = open_delta(data, CENTRE_KEY.public, edition=edition, n=n)
    assert (opened.hashes.tolist(), opened.as_of) == (sorted(hashes), DAY)
    for place in ({"edition": edition + 1, "n": n}, {"edition": edition, "n": n + 1}):
        with pytest.raises(FilterUnreadable, match="came for"):
            open_delta(data, CENTRE_KEY.public, **place)


def test_a_delta_of_a_wrong_signer_and_a_snapshot_in_its_place_are_refused():
    put, part = built()
    forged = seal_delta(FilterDelta(1, 1, DAY, np.array([7], np.uint64)), OFFICE.key)
    for data in (forged, put[part.id]):
        with pytest.raises(FilterUnreadable):
            open_delta(data, CENTRE_KEY.public, edition=1, n=1)
