import numpy as np
import pytest

from rekam.abis.curves import curve_of
from rekam.abis.finger.cylinders import prepare
from rekam.abis.impostor_tail import fit_binomial
from rekam.abis.matchers import FingerMatcher, IrisMatcher
from rekam.abis.synthetic.templates import TemplatePerson
from rekam.abis.template_set import TemplateSet

PEOPLE = 60


@pytest.fixture(scope="module")
def recordings() -> list[TemplateSet]:
    """First and second recording of each, in turn."""
    return [TemplatePerson(seed).recording(("finger-2", "iris-1"), k) for seed in range(PEOPLE) for k in (0, 1)]


def scored(recordings: list[TemplateSet], slot: str) -> tuple[np.ndarray, np.ndarray]:
    """Similarities of the same person's recordings, and of different people's."""
    templates = [each[slot] for each in recordings]
    matcher = IrisMatcher(templates) if slot == "iris-1" else FingerMatcher([prepare(each) for each in templates])
    rows = [matcher(row, row + 1) for row in range(len(templates) - 1)]
    genuine = np.array([rows[row][0] for row in range(0, len(rows), 2)])
    return genuine, np.concatenate([row[1:] if number % 2 == 0 else row for number, row in enumerate(rows)])


def test_equal_seeds_are_the_same_person_and_another_moment_is_another_template():
    slots = ("finger-7", "iris-2")
    assert TemplatePerson(3).recording(slots, 1) == TemplatePerson(3).recording(slots, 1)
    assert TemplatePerson(3).recording(slots, 1) != TemplatePerson(3).recording(slots, 2)


def test_templates_are_sound_and_survive_their_bytes(recordings):
    for each in recordings[:20]:
        assert TemplateSet.from_bytes(each.to_bytes()) == each


def test_prints_hold_as_many_minutiae_as_real_ones(recordings):
    """Real plain prints of fvc2002 and fvc2004: quartiles 27, 35, 46."""
    assert 27 <= np.median([len(each.finger("finger-2").x) for each in recordings]) <= 46


def test_strangers_irises_have_realistic_degrees_of_freedom(recordings):
    _, strangers = scored(recordings, "iris-1")
    edges = np.linspace(strangers.min(), strangers.max(), 200)
    counts, _ = np.histogram(strangers, edges)
    start = float(np.quantile(strangers, 0.9))
    assert 70 < fit_binomial((edges[1:] + edges[:-1]) / 2, counts.astype(float), start).freedom < 400


@pytest.mark.parametrize(("slot", "kind"), [("finger-2", "finger/rekam-classical"), ("iris-1", "iris")])
def test_ratios_are_spread_as_real_peoples(recordings, slot, kind):
    """Some of one person's pairs fail, most speak clearly; strangers pass as seldom as their ratio says."""
    genuine, strangers = scored(recordings, slot)
    own, other = (
        curve_of(kind).llrs(-found if slot == "iris-1" else found, np.full(len(found), 90.0))
        for found in (genuine, strangers)
    )
    assert np.median(own) > 4.6
    assert 0 < np.mean(own < curve_of(kind).most - 1) < 0.9
    assert np.mean(own < 0) < 0.15
    assert np.mean(other >= 2.3) < np.exp(-2.3)
