"""The decision constants against whole synthetic people: they fail when an extractor changes and nobody fitted anew."""

import pytest

from abis_examples import person_id
from rekam.abis.engine import Engine
from rekam.abis.gallery_memory import MemoryGallery
from rekam.abis.search import search
from rekam.abis.synthetic.person import Person
from rekam.abis.template_set import TemplateSet
from rekam.abis.verdict import Verdict

PEOPLE = range(40, 46)


def recording(seed: int, impression: int) -> TemplateSet:
    """Two fingers and two eyes."""
    person, engine = Person(seed), Engine()
    fingers = {f"finger-{n}": engine.extract(f"finger-{n}", person.finger(n, impression)) for n in (2, 7)}
    return TemplateSet(fingers | {f"iris-{n}": engine.extract(f"iris-{n}", person.iris(n, impression)) for n in (1, 2)})


@pytest.fixture(scope="module")
def recordings() -> dict[tuple[int, int], TemplateSet]:
    return {(seed, impression): recording(seed, impression) for seed in PEOPLE for impression in (0, 1)}


@pytest.fixture(scope="module")
def gallery(recordings) -> MemoryGallery:
    made = MemoryGallery()
    for seed in PEOPLE:
        made.append(person_id(seed), recordings[seed, 0])
    return made


@pytest.mark.slow
def test_every_second_recording_is_caught_and_leads_to_its_own_person(recordings, gallery):
    for seed in PEOPLE:
        candidates = search(recordings[seed, 1], gallery)
        assert [candidate.id for candidate in candidates] == [person_id(seed)]


@pytest.mark.slow
def test_second_recordings_are_mostly_told_without_experts(recordings, gallery):
    verdicts = [search(recordings[seed, 1], gallery)[0].verdict for seed in PEOPLE]
    assert verdicts.count(Verdict.DUPLICATE) >= len(PEOPLE) - 1


@pytest.mark.slow
def test_no_first_recording_is_held_against_anybody(recordings, gallery):
    for seed in PEOPLE:
        assert search(recordings[seed, 0], gallery, exclude=[person_id(seed)]) == []
