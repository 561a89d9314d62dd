import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abis_examples import another_recording, person_id, random_finger, random_person
from rekam.abis.engine import Engine
from rekam.abis.gallery_memory import MemoryGallery
from rekam.abis.search import nearest, search
from rekam.abis.template_set import TemplateSet
from rekam.abis.verdict import Verdict

PEOPLE = 30


@pytest.fixture(scope="module")
def gallery():
    made = MemoryGallery()
    for number in range(PEOPLE):
        made.append(person_id(number), random_person(number))
    return made


def test_a_second_recording_finds_the_first_and_nobody_else(gallery):
    found = search(another_recording(random_person(7), 1), gallery)
    assert [(candidate.id, candidate.verdict) for candidate in found] == [(person_id(7), Verdict.DUPLICATE)]


def test_a_newcomer_finds_nobody(gallery):
    assert search(random_person(1000), gallery) == []


def test_an_empty_gallery_gives_no_candidates():
    assert search(random_person(1), MemoryGallery()) == []


def test_an_excluded_id_is_not_found(gallery):
    probe = another_recording(random_person(7), 1)
    assert search(probe, gallery, exclude={person_id(7)}) == []
    assert len(nearest(probe, gallery, PEOPLE + 5, exclude={person_id(7)})) == PEOPLE - 1


def test_a_tombstoned_person_is_not_found():
    gallery = MemoryGallery()
    gallery.append(person_id(1), random_person(1))
    gallery.tombstone(person_id(1))
    assert nearest(random_person(1), gallery, 5) == []


def test_candidates_come_likeliest_first_and_equal_ones_by_id():
    gallery = MemoryGallery()
    for number in (9, 3, 5):
        gallery.append(person_id(number), random_person(1))
    gallery.append(person_id(4), random_person(1, (2,), (1,)))
    assert [candidate.id for candidate in search(random_person(1), gallery)] == [
        person_id(number) for number in (3, 5, 9, 4)
    ]


def test_searching_twice_gives_the_same(gallery):
    probe = another_recording(random_person(3), 2)
    assert nearest(probe, gallery, PEOPLE) == nearest(probe, gallery, PEOPLE)


@settings(max_examples=25, deadline=None)
@given(
    probe_fingers=st.sets(st.sampled_from([1, 2, 7])),
    held_fingers=st.sets(st.sampled_from([1, 2, 7])),
    probe_irises=st.sets(st.sampled_from([1, 2])),
    held_irises=st.sets(st.sampled_from([1, 2])),
)
def test_one_against_many_says_what_one_against_one_says(probe_fingers, held_fingers, probe_irises, held_irises):
    held = random_person(1, tuple(held_fingers), tuple(held_irises))
    probe = another_recording(random_person(1, tuple(probe_fingers), tuple(probe_irises)), 1)
    gallery = MemoryGallery()
    gallery.append(person_id(1), held)
    gallery.append(person_id(2), random_person(2, (1, 2, 7)))
    alone = Engine().compare(probe, held)
    (among_many,) = [candidate for candidate in nearest(probe, gallery, 2) if candidate.id == person_id(1)]
    assert among_many.scores == pytest.approx(alone.scores)
    assert among_many.llr == pytest.approx(alone.llr)
    assert among_many.missing == alone.missing


def test_people_who_share_no_slot_are_never_candidates():
    gallery = MemoryGallery()
    gallery.append(person_id(1), random_person(1, (2,), ()))
    assert search(random_person(1, (7,), (1,)), gallery) == []
    assert nearest(random_person(1, (7,), (1,)), gallery, 1)[0].llr == 0.0


def test_a_probe_without_any_slot_finds_nobody(gallery):
    assert search(TemplateSet({}), gallery) == []


def test_a_print_without_cylinders_is_present_and_matches_nothing():
    bare = random_finger(1)
    bare = type(bare)(
        *(array[:2] for array in (bare.x, bare.y, bare.direction, bare.kind, bare.quality_of)), 380, 480, 5
    )
    gallery = MemoryGallery()
    gallery.append(person_id(1), TemplateSet({"finger-1": bare}))
    (only,) = nearest(TemplateSet({"finger-1": random_finger(1)}), gallery, 1)
    assert only.scores == {"finger-1": 0.0}
