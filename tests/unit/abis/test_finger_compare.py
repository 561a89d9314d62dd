import numpy as np
import pytest
from finger_drawing import drawn, random_template, scattered, template_of
from hypothesis import given, settings
from hypothesis import strategies as st

from rekam.abis.finger.compare import compare, compare_many, compare_rows, match
from rekam.abis.finger.cylinders import PLANE_WORDS, WORDS, prepare
from rekam.abis.finger.extract import extract
from rekam.abis.synthetic.person import Person

SAME = 0.3  # prints of one finger in these tests score higher,
DIFFERENT = 0.2  # prints of two fingers lower
SEEDS = st.integers(0, 10**6)
COUNTS = st.integers(0, 40)


def moved(template, degrees, dx=0, dy=0):
    """The template turned counter-clockwise round its middle, then shifted."""
    angle = np.radians(degrees)
    x, y = template.x - 200.0, template.y - 200.0
    turned_x = x * np.cos(angle) + y * np.sin(angle)
    turned_y = -x * np.sin(angle) + y * np.cos(angle)
    direction = np.rint(template.direction + degrees * 256 / 360) % 256
    return template_of(np.rint(turned_x + 200 + dx), np.rint(turned_y + 200 + dy), direction)


def only(template, kept):
    return template_of(template.x[kept], template.y[kept], template.direction[kept])


@settings(max_examples=25, deadline=None)
@given(SEEDS, st.integers(-60, 60), st.integers(-80, 80), st.integers(-80, 80))
def test_a_print_turned_up_to_60_degrees_and_shifted_scores_nearly_as_the_print_itself(seed, degrees, dx, dy):
    template = random_template(seed)
    itself = compare(prepare(template), prepare(template))
    assert compare(prepare(template), prepare(moved(template, degrees, dx, dy))) > itself - 0.1


@settings(max_examples=60, deadline=None)
@given(SEEDS, SEEDS, COUNTS, COUNTS)
def test_scores_lie_between_0_and_1_and_do_not_depend_on_who_is_the_probe(seed_a, seed_b, count_a, count_b):
    a, b = prepare(random_template(seed_a, count_a)), prepare(random_template(seed_b, count_b))
    assert 0 <= compare(a, b) <= 1
    assert compare(a, b) == compare(b, a)


@settings(max_examples=60, deadline=None)
@given(SEEDS, st.integers(4, 40), SEEDS)
def test_nothing_is_more_like_a_print_than_itself(seed, count, other):
    template = random_template(seed, count)
    print_, itself = prepare(template), compare(prepare(template), prepare(template))
    rng = np.random.default_rng(other)
    part = only(template, rng.random(count) < 0.8)
    nudged = template_of(template.x + rng.integers(-3, 4, count), template.y, template.direction)
    for each in (part, nudged, random_template(other, count)):
        assert compare(print_, prepare(each)) <= itself + 1e-6


@settings(max_examples=25, deadline=None)
@given(SEEDS, st.integers(0, 40), st.integers(0, 60), st.integers(1, 3))
def test_minutiae_in_one_heap_or_line_or_twice_over_never_break_the_score(seed, count, spread, times):
    rng = np.random.default_rng(seed)
    x, y = 200 + rng.integers(0, spread + 1, count), np.full(count, 200)
    heap = template_of(np.tile(x, times), np.tile(y, times), np.tile(rng.integers(0, 256, count), times))
    for other in (heap, random_template(seed)):
        assert 0 <= compare(prepare(heap), prepare(other)) <= 1


def test_other_minutiae_score_low():
    prints = [prepare(random_template(seed)) for seed in range(20)]
    scores = [compare(a, b) for i, a in enumerate(prints) for b in prints[:i]]
    assert max(scores) < DIFFERENT


def test_the_more_minutiae_are_lost_the_lower_is_the_score_and_with_a_third_it_still_matches():
    template = random_template(4, 36)
    parts = [only(template, np.arange(36) % 6 >= lost) for lost in range(4)]
    scores = compare_many(prepare(template), [prepare(part) for part in parts])
    assert (np.diff(scores) < 0).all()
    assert scores[2] > SAME


def test_two_halves_that_overlap_in_their_middle_third_still_match():
    template = random_template(7, 60)
    left, right = only(template, template.x < 250), only(template, template.x > 150)
    assert compare(prepare(left), prepare(right)) > SAME


def test_a_print_that_is_stretched_by_a_tenth_still_matches():
    template = random_template(3)
    wide = template_of(np.rint(template.x * 1.1), template.y, template.direction, width=480)
    assert compare(prepare(template), prepare(wide)) > SAME


def test_golden_scores_of_synthetic_templates():
    """Other figures here mean other scores everywhere: the curves must be fitted anew."""
    prints = [prepare(random_template(seed, 20 + 5 * seed)) for seed in range(4)]
    part = prepare(only(moved(random_template(3, 35), 20, 10, -15), np.arange(35) % 4 != 0))
    assert compare_many(part, prints).tolist() == pytest.approx(GOLDEN, rel=1e-12)


GOLDEN = [0.022488755456791836, 0.014892901359359743, 0.019549110509556367, 0.8999563984792769]


def test_a_match_tells_which_minutiae_met_and_how_the_prints_lie():
    template = random_template(1)
    kept = np.flatnonzero(np.arange(30) % 5 != 0)
    part = only(moved(template, 30, 12, -7), kept)
    for found, turn in ((match(prepare(part), prepare(template)), -30), (match(prepare(template), prepare(part)), 30)):
        assert found.score == compare(prepare(template), prepare(part)) > SAME
        assert found.turn == pytest.approx(turn, abs=2)
        assert all(0 <= alike <= 1 for _, _, alike in found.pairs)
    right = {(kept[mine], mine) for mine in range(len(kept))}
    met = {(i, j) for i, j, _ in match(prepare(template), prepare(part)).pairs}
    assert len(met & right) >= 18
    assert len(met - right) <= 2


def test_the_shift_of_a_match_is_in_the_pictures_own_axes():
    template = random_template(2)
    found = match(prepare(template), prepare(moved(template, 0, 25, -40)))
    assert found.shift == (pytest.approx(25, abs=1), pytest.approx(-40, abs=1))


@pytest.mark.parametrize("part_first", [True, False])
def test_the_shift_moves_the_middle_of_the_first_print_whichever_was_laid_on_the_other(part_first):
    template = random_template(3)
    part = only(moved(template, 25, 30, 10), np.arange(20))
    prints = [prepare(part), prepare(template)] if part_first else [prepare(template), prepare(part)]
    found = match(*prints)
    met = np.array([(i, j) for i, j, _ in found.pairs])
    sides = [part, template] if part_first else [template, part]
    ends = [np.stack([side.x, side.y], axis=1).astype(float)[met[:, k]] for k, side in enumerate(sides)]
    middle = np.array([prints[0].place[:, 0].mean(), -prints[0].place[:, 1].mean()])
    radians = np.radians(found.turn)
    turn = np.array([[np.cos(radians), np.sin(radians)], [-np.sin(radians), np.cos(radians)]])
    there = (ends[0] - middle) @ turn.T + middle + found.shift
    assert np.abs(there - ends[1]).max() < 6


def test_prints_that_share_nothing_match_nowhere():
    few = prepare(random_template(1, 2))
    assert match(few, prepare(random_template(2))).pairs == []
    assert match(few, few).score == 0


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
    template = random_template(9)
    prepared = prepare(template)
    assert len(prepared) == len(prepared.bits) == len(prepared.mask) == len(prepared.place)
    assert 20 <= len(prepared) <= 30
    assert (prepared.bits.dtype, prepared.bits.shape[1]) == (np.uint64, WORDS)
    assert (prepared.mask.dtype, prepared.mask.shape[1]) == (np.uint64, PLANE_WORDS)
    assert prepared.bits.flags.c_contiguous
    assert not (prepared.bits & ~prepared.mask).any()
    assert (prepared.place[:, 0] == template.x[prepared.minutia]).all()
    assert (prepared.place[:, 2] == template.direction[prepared.minutia]).all()
    assert (np.diff(prepared.place[:, 2]) >= 0).all()


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
