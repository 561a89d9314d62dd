import numpy as np
import pytest
from iris_drawing import drawn_eye

from rekam.abis.iris import code_parameters as p
from rekam.abis.iris.both_eyes import compare_both, distances_of_both
from rekam.abis.iris.compare import DEGREES_PER_COLUMN, compare, stacked, turned
from rekam.abis.iris.extract import extract


@pytest.fixture(scope="module")
def person():
    return {eye: extract(drawn_eye(seed)) for eye, seed in ((1, 11), (2, 12))}


def _tilted(right, left):
    return {1: extract(drawn_eye(11, turn=right)), 2: extract(drawn_eye(12, turn=left))}


def test_a_tilted_head_is_recognised_by_both_eyes_and_its_tilt_told(person):
    tilted = _tilted(18, 18)
    match = compare_both(person, tilted)
    assert match.turn == pytest.approx(18, abs=DEGREES_PER_COLUMN)
    assert set(match.eyes) == {1, 2}
    for eye, distance in match.eyes.items():
        assert distance == pytest.approx(compare(person[eye], tilted[eye]).distance, abs=0.05)
    # twice the bits at the same share of errors: the square root of two times the evidence
    assert 0.5 - match.distance == pytest.approx((0.5 - np.mean(list(match.eyes.values()))) * np.sqrt(2), rel=0.05)


def test_eyes_that_tilt_apart_are_not_both_recognised(person):
    assert compare_both(person, _tilted(20, -20)).distance > compare_both(person, _tilted(20, 20)).distance + 0.2


def test_strangers_look_less_alike_at_a_common_tilt_than_each_eye_at_its_own(person):
    stranger = {eye: extract(drawn_eye(seed)) for eye, seed in ((1, 13), (2, 14))}
    match = compare_both(person, stranger)
    for eye, distance in match.eyes.items():
        assert distance >= compare(person[eye], stranger[eye]).distance


def test_one_eye_shared_is_compared_alone(person):
    match = compare_both(person, {2: person[2]})
    assert match.distance == pytest.approx(compare(person[2], person[2]).distance)
    assert match.turn == pytest.approx(0.0)
    assert compare_both({1: person[1]}, {2: person[2]}) is None


def test_many_give_the_same_as_one_by_one_and_an_empty_mask_says_nothing(person):
    gallery = [_tilted(turn, turn) for turn in (-9, 0, 9)]
    columns = [stacked([each[eye] for each in gallery]) for eye in (1, 2)]
    together, each, at = distances_of_both([turned(person[eye]) for eye in (1, 2)], columns)
    assert each.shape == (2, 3)
    for row, other in enumerate(gallery):
        one = compare_both(person, other)
        assert together[row] == pytest.approx(one.distance)
        assert turned(person[1]).turns[at[row]] == pytest.approx(one.turn)
    columns[1] = (columns[1][0], np.zeros((3, p.CODE_BITS // 64), np.uint64))
    right_only, each, _ = distances_of_both([turned(person[eye]) for eye in (1, 2)], columns)
    assert np.allclose(right_only, each[0])
    assert np.allclose(each[1], 0.5)
