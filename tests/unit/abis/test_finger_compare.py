import numpy as np
import pytest
from finger_drawing import drawn, random_template, scattered, template_of
from hypothesis import given, settings
from hypothesis import strategies as st

from rekam.abis.finger.compare import compare, compare_many, compare_rows
from rekam.abis.finger.cylinders import PLANE_WORDS, WORDS, prepare
from rekam.abis.finger.extract import extract
from rekam.abis.synthetic.person import Person

SAME = 0.10  # prints of one finger in these tests score higher,
DIFFERENT = 0.06  # prints of two fingers lower


def moved(template, degrees, dx=0, dy=0):
    """The template turned counter-clockwise round its middle, then shifted."""
    angle = np.radians(degrees)
    x, y = template.x - 200.0, template.y - 200.0
    turned_x = x * np.cos(angle) + y * np.sin(angle)
    turned_y = -x * np.sin(angle) + y * np.cos(angle)
    direction = np.rint(template.direction + degrees * 256 / 360) % 256
    return template_of(np.rint(turned_x + 200 + dx), np.rint(turned_y + 200 + dy), direction)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.integers(-45, 45), st.integers(-80, 80), st.integers(-80, 80))
def test_a_print_turned_up_to_45_degrees_and_shifted_still_matches_itself(seed, degrees, dx, dy):
    template = random_template(seed)
    assert compare(prepare(template), prepare(moved(template, degrees, dx, dy))) > 2 * SAME


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 40), st.integers(0, 40))
def test_scores_lie_between_0_and_1_and_do_not_depend_on_who_is_the_probe(seed_a, seed_b, count_a, count_b):
    a, b = prepare(random_template(seed_a, count_a)), prepare(random_template(seed_b, count_b))
    assert 0 <= compare(a, b) <= 1
    assert compare(a, b) == pytest.approx(compare(b, a), abs=0.01)


def test_other_minutiae_score_low():
    prints = [prepare(random_template(seed)) for seed in range(20)]
    scores = [compare(a, b) for i, a in enumerate(prints) for b in prints[:i]]
    assert max(scores) < DIFFERENT


def test_a_print_matches_itself_with_a_third_of_its_minutiae_lost():
    template = random_template(4, 36)
    kept = np.arange(36) % 3 != 0
    part = template_of(template.x[kept], template.y[kept], template.direction[kept])
    assert compare(prepare(template), prepare(part)) > SAME


def test_one_against_many_gives_what_one_by_one_gives():
    probe, gallery = prepare(random_template(1)), [prepare(random_template(seed, 5 * seed)) for seed in range(8)]
    assert compare_many(probe, gallery).tolist() == [compare(probe, each) for each in gallery]


def test_a_stretch_of_a_gallery_laid_end_to_end_gives_the_scores_of_that_stretch():
    gallery = [prepare(random_template(seed)) for seed in range(5)]
    bits, mask, place = (np.concatenate([getattr(g, name) for g in gallery]) for name in ("bits", "mask", "place"))
    starts = np.cumsum([0, *(len(each) for each in gallery)])
    scores = compare_rows(gallery[3], bits, mask, place, starts[2:])
    assert scores.tolist() == compare_many(gallery[3], gallery[2:]).tolist()


def test_nothing_to_compare_with_gives_no_scores():
    assert compare_many(prepare(random_template(1)), []).shape == (0,)


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_a_print_with_too_few_minutiae_is_like_nothing(count):
    few = prepare(random_template(1, count))
    assert compare(few, few) == 0
    assert compare(few, prepare(random_template(2))) == 0


def test_prepared_cylinders_have_the_documented_shapes_and_no_bit_outside_their_mask():
    prepared = prepare(random_template(9))
    assert len(prepared) == len(prepared.bits) == len(prepared.mask) == len(prepared.place)
    assert 20 <= len(prepared) <= 30
    assert (prepared.bits.dtype, prepared.bits.shape[1]) == (np.uint64, WORDS)
    assert (prepared.mask.dtype, prepared.mask.shape[1]) == (np.uint64, PLANE_WORDS)
    assert prepared.bits.flags.c_contiguous
    planes = prepared.bits.reshape(len(prepared), -1, PLANE_WORDS)
    assert not (planes & ~prepared.mask[:, None, :]).any()


def test_two_drawings_of_one_print_match_although_one_is_noisy_and_turned():
    spirals = scattered(seed=5)
    level, tilted = drawn(spirals, seed=1), drawn(spirals, seed=2, turned_by=25)
    other = drawn(scattered(seed=6), seed=1)
    a, b, c = (prepare(extract(image)) for image in (level, tilted, other))
    assert compare(a, b) > SAME
    assert compare(a, c) < DIFFERENT


def test_synthetic_people_are_told_apart_by_one_finger():
    fingers = [(seed, extract(Person(seed).finger(2, shot))) for seed in (1, 2, 3) for shot in (0, 1)]
    prints = [prepare(template) for _, template in fingers]
    for i, (person, _) in enumerate(fingers):
        scores = compare_many(prints[i], prints)
        for j, (other, _) in enumerate(fingers):
            assert (scores[j] > SAME) if person == other else (scores[j] < DIFFERENT)
