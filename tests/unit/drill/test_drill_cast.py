"""Who plays whom: second recordings are another impression of the same body under another number."""

from datetime import date
from itertools import pairwise

import numpy as np
import pytest
from PIL import Image

from rekam.drill.cast import TooFewSamples, actors
from rekam.drill.options import ImpossibleDrill, Options
from rekam.drill.population import Population

IMPRESSIONS = 4


def residents(count: int = 20):
    return Population(("317401",), seed=1, on=date(2026, 11, 21)).residents(count)


def draw(path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.full((8, 8), 128, np.uint8)).save(path)


@pytest.fixture
def samples(tmp_path):
    """Six fingers in two sets and three pairs of eyes, besides what is no complete person."""
    for name in ("a/101", "a/102", "a/103", "b/1", "b/2", "b/3"):
        for impression in range(1, IMPRESSIONS + 1):
            draw(tmp_path / "fingers" / f"{name}_{impression}.png")
    for name in ("01L", "01R", "02L", "02R", "03L", "03R", "04L"):
        for impression in (1, 2, 3):
            draw(tmp_path / "irises" / "set" / f"{name}_{impression}.png")
    draw(tmp_path / "fingers" / "a" / "104_1.png")
    return tmp_path


def test_everybody_has_a_number_and_a_body_of_their_own():
    firsts, seconds = actors(Options(people=8, second_recordings=3), residents())
    everybody = [*firsts, *seconds]
    assert len({actor.biodata.nik for actor in everybody}) == 11
    assert len({actor.role.person for actor in firsts}) == 8


def test_a_second_recording_is_another_impression_of_a_body_recorded_before():
    firsts, seconds = actors(Options(people=8, second_recordings=5), residents())
    by_nik = {actor.biodata.nik: actor for actor in firsts}
    for second in seconds:
        first = by_nik[second.first]
        assert second.second
        assert second.person == first.person
        assert second.role.person == first.role.person
        assert second.role.impression != first.role.impression
        assert second.biodata.nik != first.biodata.nik


def test_second_recordings_come_to_the_same_counter_and_to_another_in_turn():
    firsts, seconds = actors(Options(people=8, stations=2, second_recordings=4), residents())
    home = {actor.biodata.nik: actor.station for actor in firsts}
    assert [second.station == home[second.first] for second in seconds] == [True, False, True, False]


def test_the_seed_chooses_bodies_and_who_comes_again():
    def of(seed):
        firsts, seconds = actors(Options(people=8, second_recordings=3, seed=seed), residents())
        return [actor.role.person for actor in firsts], [actor.first for actor in seconds]

    assert of(1) == of(1)
    assert of(1) != of(2)


def test_two_fingers_and_two_eyes_of_a_folder_make_a_person(samples):
    firsts, seconds = actors(Options(people=3, second_recordings=3, samples=samples), residents())
    for actor in firsts:
        assert set(actor.role.files) == {"finger-2", "finger-7", "iris-1", "iris-2"}
        right, left = actor.role.files["iris-1"][0], actor.role.files["iris-2"][0]
        assert right.replace("R_", "L_") == left
    for files in zip(*(tuple(tuple(held) for held in actor.role.files.values()) for actor in firsts), strict=True):
        assert all(set(one).isdisjoint(other) for one, other in pairwise(files))
    for second in seconds:
        first = next(actor for actor in firsts if actor.person == second.person)
        for slot, held in second.role.files.items():
            assert held
            assert set(held).isdisjoint(first.role.files[slot])
            assert {name.rpartition("_")[0] for name in held} == {
                name.rpartition("_")[0] for name in first.role.files[slot]
            }
    assert all((samples / name).exists() for actor in firsts for held in actor.role.files.values() for name in held)


def test_a_folder_with_too_few_persons_is_told_with_what_it_holds(samples):
    with pytest.raises(TooFewSamples) as told:
        actors(Options(people=4, samples=samples), residents())
    assert told.value.facts == {"folder": samples, "found": 3, "wanted": 4}
    assert "Nothing was started" in str(told.value)


def test_a_folder_without_images_holds_nobody(tmp_path):
    with pytest.raises(TooFewSamples) as told:
        actors(Options(people=2, second_recordings=0, samples=tmp_path / "nowhere"), residents())
    assert told.value.facts["found"] == 0


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"people": 1, "second_recordings": 0}, "1 people"),
        ({"people": 0}, "0 people"),
        ({"stations": 0}, "0 stations"),
        ({"stations": 51}, "51 stations"),
        ({"second_recordings": 13}, "13 second recordings"),
        ({"second_recordings": -1}, "-1 second recordings"),
        ({"outage_s": -1.0}, "an outage of -1 seconds"),
    ],
)
def test_a_drill_that_cannot_be_run_is_refused_with_its_reason(asked, reason):
    with pytest.raises(ImpossibleDrill, match=reason):
        Options(**asked)
