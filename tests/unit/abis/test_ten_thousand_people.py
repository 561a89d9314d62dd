"""Ten thousand people in one gallery: nobody is taken for another, and whoever comes back is found."""

import pytest

from abis_examples import person_id
from rekam.abis.gallery_memory import MemoryGallery
from rekam.abis.search import search
from rekam.abis.synthetic.templates import TemplatePerson
from rekam.abis.verdict import Verdict

PEOPLE = 10_000
SLOTS = ("finger-2", "iris-1", "iris-2")
COMING_BACK = range(0, PEOPLE, 500)
NEWCOMERS = range(PEOPLE, PEOPLE + 10)


@pytest.fixture(scope="module")
def gallery() -> MemoryGallery:
    made = MemoryGallery()
    for seed in range(PEOPLE):
        made.append(person_id(seed), TemplatePerson(seed).recording(SLOTS))
    return made


@pytest.mark.slow
def test_whoever_comes_back_is_found_and_nobody_else(gallery):
    for seed in COMING_BACK:
        found = search(TemplatePerson(seed).recording(SLOTS, 1), gallery)
        assert [candidate.id for candidate in found] == [person_id(seed)]


@pytest.mark.slow
def test_no_newcomer_is_taken_for_any_of_ten_thousand(gallery):
    for seed in NEWCOMERS:
        assert search(TemplatePerson(seed).recording(SLOTS), gallery) == []


@pytest.mark.slow
def test_a_recording_in_the_wrong_slots_is_found_too(gallery):
    """Right and left eye exchanged, the finger labelled as its neighbour."""
    seen = TemplatePerson(77).recording(SLOTS, 1)
    swapped = type(seen)({"iris-1": seen["iris-2"], "iris-2": seen["iris-1"], "finger-3": seen["finger-2"]})
    (found,) = search(swapped, gallery)
    assert found.id == person_id(77)
    assert found.verdict is not Verdict.UNIQUE
    assert found.arrangement.kinds[0] == "eyes swapped"
