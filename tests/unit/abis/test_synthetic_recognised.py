"""The engine knows a synthetic person again, and tells her from another."""

import pytest

from rekam.abis.engine import Engine, TemplateSet, Verdict
from rekam.abis.face import check_photo
from rekam.abis.synthetic import Person


@pytest.fixture(scope="module")
def recordings():
    """Two recordings of each of two people: both index fingers and both irises."""
    engine = Engine()

    def record(seed, impression):
        person = Person(seed)
        return TemplateSet(
            {f"finger-{n}": engine.extract(f"finger-{n}", person.finger(n, impression)) for n in (2, 7)}
            | {f"iris-{n}": engine.extract(f"iris-{n}", person.iris(n, impression)) for n in (1, 2)}
        )

    return {(seed, impression): record(seed, impression) for seed in (100, 101) for impression in (0, 1)}


@pytest.mark.parametrize("seed", [100, 101])
def test_a_second_recording_is_found(recordings, seed):
    comparison = Engine().compare(recordings[seed, 0], recordings[seed, 1])
    assert comparison.verdict is not Verdict.UNIQUE


def test_strangers_are_not_declared_duplicates(recordings):
    for mine in (0, 1):
        for hers in (0, 1):
            assert Engine().compare(recordings[100, mine], recordings[101, hers]).verdict is Verdict.UNIQUE


def test_a_dry_finger_is_worse_than_a_good_one():
    engine = Engine()
    good = engine.extract("finger-2", Person(100).finger(2))
    dry = engine.extract("finger-2", Person(100).finger(2, flaw="dry"))
    assert dry.quality < good.quality


def test_the_photo_of_either_sex_is_fit_for_a_card():
    for sex in (1, 2):
        assert check_photo(Person(100).photo(1984, sex), "blue").reasons == ()
