"""Whom a shortlist names: the exhaustive search is the oracle, on people who do not exist, with flaws."""

from concurrent.futures import ThreadPoolExecutor
from functools import cache

import numpy as np
import pytest

from rekam.abis.finger.cylinders import prepare
from rekam.abis.finger.sketch import KEPT, lay, likeness, sketch
from rekam.abis.finger.template import FingerTemplate
from rekam.abis.gallery_memory import MemoryGallery
from rekam.abis.search import search
from rekam.abis.shortlist import ROW, Shortlist, row_of
from rekam.abis.shortlist_chunk import Chunk
from rekam.abis.slots import FINGER_SLOTS, IRIS_SLOTS, SLOTS
from rekam.abis.synthetic.templates import TemplatePerson
from rekam.abis.template_set import TemplateSet

PEOPLE, PROBES = 30, 4


@cache
def person(seed, impression=0):
    return TemplatePerson(seed).recording(SLOTS, impression)


@pytest.fixture(scope="module")
def everybody():
    gallery, shortlist = MemoryGallery(), Shortlist()
    for seed in range(PEOPLE):
        gallery.append(seed.to_bytes(16, "big"), person(seed))
        shortlist.add(row_of(person(seed)))
    return gallery, shortlist


def only(*slots):
    return lambda probe: TemplateSet({slot: probe[slot] for slot in slots})


def moved(by, among=FINGER_SLOTS):
    target = {slot: among[(at + by) % len(among)] for at, slot in enumerate(among)}
    return lambda probe: TemplateSet({target[slot]: probe[slot] for slot in among})


FLAWS = {
    "everything": lambda probe: probe,
    "ten fingers": only(*FINGER_SLOTS),
    "two irises": only(*IRIS_SLOTS),
    "one iris": only("iris-2"),
    "swapped irises": moved(1, IRIS_SLOTS),
    "swapped hands": moved(5),
    "shifted fingers": moved(1),
    "the left hand": only(*FINGER_SLOTS[5:]),
    "two fingers": only("finger-2", "finger-7"),
}


@pytest.mark.parametrize("flaw", FLAWS)
def test_whoever_the_exhaustive_search_finds_is_found_among_those_named(everybody, flaw):
    gallery, shortlist = everybody
    for seed in range(PROBES):
        probe = FLAWS[flaw](person(seed, 1))
        named = MemoryGallery()
        for row in shortlist.likeliest(probe)[:PEOPLE]:
            named.append(row.to_bytes(16, "big"), person(row))
        assert {each.id for each in search(probe, named, among=PEOPLE)} >= {each.id for each in search(probe, gallery)}


def test_the_own_prints_are_likest_of_all_by_their_sketches():
    total = np.zeros((PROBES, PEOPLE), np.float32)
    for slot in FINGER_SLOTS[:5]:
        sketches = np.stack([sketch(prepare(person(other)[slot])) for other in range(PEOPLE)])
        total += [likeness(lay(prepare(person(seed, 1)[slot])), sketches) for seed in range(PROBES)]
    assert total.argmax(axis=1).tolist() == list(range(PROBES))


def test_a_sketch_of_a_print_with_hardly_a_minutia_is_empty_and_like_nothing():
    nothing = FingerTemplate(*(np.empty(0, kind) for kind in (np.int16, np.int16, *[np.uint8] * 3)), 300, 400, 10)
    empty, full = sketch(prepare(nothing)), sketch(prepare(person(1)["finger-2"]))
    assert (empty == 0).all()
    assert empty.shape == (KEPT, 2)
    assert likeness(lay(prepare(person(1)["finger-2"])), empty[None]).tolist() == [0]
    assert likeness(lay(prepare(nothing)), full[None]).tolist() == [0]


def test_rows_may_come_one_by_one_or_many_at_a_time_and_beyond_a_chunk():
    rows = [row_of(person(seed)) for seed in range(3)]
    one, many = Shortlist(), Shortlist()
    for row in rows:
        one.add(row)
    many.add(b"".join(rows))
    probe = person(2, 1)
    assert one.likeliest(probe) == many.likeliest(probe)
    many.add(bytes(ROW.itemsize) * 9000)
    many.add(rows[2])
    assert len(many) == 9004
    assert {2, 9003} <= set(many.likeliest(probe))


def test_a_chunk_that_was_packed_gives_back_every_row_as_it_came():
    rows = np.frombuffer(b"".join(row_of(person(seed)) for seed in range(PEOPLE)), ROW)
    many = np.tile(rows, 80)
    chunk = Chunk()
    many = many[: chunk.room]
    chunk.add(many[:-1])
    loose = chunk.columns()
    chunk.add(many[-1:])
    packed = chunk.columns()
    assert chunk.room == 0
    assert packed.masks is not loose.masks
    assert (packed.present == (many["present"].T == 1)).all()
    for column, name in ((packed.codes, "codes"), (packed.masks, "masks"), (packed.fingers, "fingers")):
        assert (column == np.swapaxes(many[name], 0, 1)).all()


def test_several_threads_name_the_same_people_as_one(everybody):
    shortlist = everybody[1]
    with ThreadPoolExecutor(2) as pool:
        threaded = Shortlist(pool.map)
        threaded.add(b"".join(row_of(person(seed)) for seed in range(PEOPLE)))
        assert threaded.likeliest(person(4, 1)) == shortlist.likeliest(person(4, 1))


def test_nobody_is_named_by_an_empty_shortlist_or_by_slots_that_nobody_has():
    assert Shortlist().likeliest(person(1)) == []
    fingers = Shortlist()
    fingers.add(row_of(only("finger-3")(person(1))))
    assert fingers.likeliest(only("iris-1")(person(1, 1))) == []


def test_bytes_that_are_no_rows_are_refused():
    with pytest.raises(ValueError, match="size"):
        Shortlist().add(b"half a row")


def test_a_shortlist_does_not_make_the_bar_lower_than_all_who_were_searched(everybody):
    gallery = everybody[0]
    probe = only("finger-2")(person(1, 1))
    alone, among_many = search(probe, gallery), search(probe, gallery, among=10**9)
    assert len(among_many) <= len(alone)
    assert all(each.verdict <= other.verdict for each, other in zip(among_many, alone, strict=False))
