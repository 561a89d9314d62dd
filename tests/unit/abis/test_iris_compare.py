import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from iris_drawing import drawn_eye

from rekam.abis.iris import code_parameters as p
from rekam.abis.iris.circle import Circle
from rekam.abis.iris.compare import DEGREES_PER_COLUMN, compare, stacked, turned
from rekam.abis.iris.extract import extract
from rekam.abis.iris.hamming import distances
from rekam.abis.iris.template import IrisTemplate

_CIRCLE = Circle(1.0, 2.0, 3.0)


def _random(seed, shown=0.7):
    rng = np.random.default_rng(seed)
    code = np.packbits(rng.random(p.CODE_BITS) < 0.5)
    return IrisTemplate(code, np.packbits(rng.random(p.CODE_BITS) < shown), 80, (), _CIRCLE, _CIRCLE)


def _plain_distance(a, b, reach):
    """The definition, bit by bit: least normalised distance over rotations of the planes."""

    def planes(packed):
        return np.unpackbits(packed, bitorder="little").reshape(p.CODE_PLANES, p.CODE_COLUMNS).astype(bool)

    found = []
    for shift in range(-reach, reach + 1):
        both = np.roll(planes(a.mask), shift, axis=1) & planes(b.mask)
        n = int(both.sum())
        if n < p.LEAST_COMMON_BITS:
            found.append(0.5)
            continue
        share = int(((np.roll(planes(a.code), shift, axis=1) ^ planes(b.code)) & both).sum()) / n
        found.append(0.5 - (0.5 - share) * np.sqrt(n / p.TYPICAL_COMMON_BITS))
    return min(found)


@settings(deadline=None)  # the first example compiles the kernel
@given(st.integers(0, 10_000), st.integers(0, 10_000), st.floats(0.1, 1.0), st.integers(0, 24))
def test_the_kernel_computes_the_definition(first, second, shown, reach):
    a, b = _random(first, shown), _random(second, shown)
    found = compare(a, b, reach * DEGREES_PER_COLUMN).distance
    assert found == pytest.approx(_plain_distance(a, b, reach), abs=1e-5)


@settings(deadline=None)  # likewise
@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_swapping_the_two_changes_nothing(first, second):
    a, b = _random(first), _random(second)
    assert compare(a, b).distance == pytest.approx(compare(b, a).distance, abs=1e-6)


def test_one_against_many_gives_the_same_as_pairs():
    probe, others = _random(1), [_random(seed) for seed in range(2, 40)]
    turns = turned(probe)
    many, turn = distances(turns.codes, turns.masks, *stacked(others))
    for other, distance, at in zip(others, many, turn, strict=True):
        pair = compare(probe, other)
        assert pair.distance == pytest.approx(float(distance))
        assert pair.turn == pytest.approx(float(turns.turns[at]))


def test_an_empty_gallery_gives_no_distances():
    turns = turned(_random(1))
    distance, turn = distances(turns.codes, turns.masks, *stacked([]))
    assert len(distance) == len(turn) == 0


def test_too_few_common_bits_say_nothing():
    assert compare(_random(1, 0.01), _random(1, 0.01)).distance == pytest.approx(0.5)


def test_few_bits_that_agree_prove_less_than_many():
    a, b = _random(3, 1.0), _random(3, 0.1)
    assert compare(a, b, 0).distance > compare(a, a, 0).distance


@pytest.mark.parametrize("turn", [-30.0, -12.0, 7.0, 33.0])
def test_a_tilted_head_is_recognised_and_its_tilt_told(turn):
    match = compare(extract(drawn_eye(2)), extract(drawn_eye(2, turn=turn)))
    assert match.distance < 0.15
    assert match.turn == pytest.approx(turn, abs=2 * DEGREES_PER_COLUMN)


def test_without_turns_a_tilted_head_is_not_recognised():
    assert compare(extract(drawn_eye(2)), extract(drawn_eye(2, turn=30)), 0).distance > 0.3


def test_different_irises_stay_apart():
    templates = [extract(drawn_eye(seed)) for seed in range(6)]
    apart = [compare(a, b).distance for i, a in enumerate(templates) for b in templates[:i]]
    assert min(apart) > 0.25


def test_a_code_compared_with_itself_has_the_least_distance_there_is():
    whole = _random(4, 1.1)
    assert compare(whole, whole).distance == pytest.approx(0.5 - 0.5 * np.sqrt(p.CODE_BITS / p.TYPICAL_COMMON_BITS))
    assert compare(whole, whole).distance == pytest.approx(-0.25, abs=0.01)
