import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rekam.abis.error_rates import ErrorRates
from rekam.abis.evaluation.bootstrap import PeoplePairs, _rates, intervals
from rekam.abis.evaluation.discard import DISCARDED, error_versus_discard
from rekam.abis.evaluation.pairs import PairScores

# few distinct scores, so that ties are common
similarities = st.lists(st.integers(-3, 12), min_size=1, max_size=40).map(lambda scores: np.array(scores) / 8)


def plain_eer(genuine, impostor):
    """Both rates at every threshold, one pair at a time; the crossing by the straight line between two thresholds."""
    before = (1.0, 0.0)
    for threshold in sorted({*genuine, *impostor}):
        fmr = sum(score > threshold for score in impostor) / len(impostor)
        fnmr = sum(score <= threshold for score in genuine) / len(genuine)
        if fnmr >= fmr:
            apart_before, apart = before[0] - before[1], fnmr - fmr
            return before[1] + (fnmr - before[1]) * apart_before / (apart_before + apart)
        before = fmr, fnmr
    raise AssertionError("the rates cross at the highest score at the latest")


def plain_fnmr(genuine, impostor, fmr):
    """The least FNMR over all thresholds that keep the FMR."""
    kept = [
        bar for bar in (-np.inf, *genuine, *impostor) if sum(score > bar for score in impostor) <= fmr * len(impostor)
    ]
    return min(sum(not score > bar for score in genuine) / len(genuine) for bar in kept)


def test_rates_of_well_separated_scores_are_zero():
    rates = ErrorRates(np.array([0.8, 0.9]), np.array([0.1, 0.2]))
    assert (rates.eer(), rates.fnmr_at(1e-3)) == (0.0, 0.0)


def test_rates_of_a_worked_example():
    # at any bar between 0.4 and 0.5 one of four genuine pairs is rejected and one of four impostor pairs accepted
    rates = ErrorRates(np.array([0.3, 0.6, 0.7, 0.8]), np.array([0.1, 0.2, 0.4, 0.65]))
    assert rates.eer() == pytest.approx(0.25)
    assert rates.fnmr_at(0.25) == pytest.approx(0.25)
    assert rates.fnmr_at(0.0) == pytest.approx(0.5)


def test_equal_scores_are_told_apart_by_nobody():
    rates = ErrorRates(np.zeros(10), np.zeros(10))
    assert rates.eer() == pytest.approx(0.5)
    assert rates.fnmr_at(1e-3) == 1.0


@given(genuine=similarities, impostor=similarities)
def test_a_stricter_rate_never_rejects_fewer_genuine_pairs(genuine, impostor):
    rates = ErrorRates(genuine, impostor)
    assert rates.fnmr_at(1e-3) >= rates.fnmr_at(1e-1) >= 0.0
    assert 0.0 <= rates.eer() <= 1.0


@given(genuine=similarities, impostor=similarities, fmr=st.floats(0, 1))
def test_no_more_impostors_match_than_the_rate_allows(genuine, impostor, fmr):
    rates = ErrorRates(genuine, impostor)
    accepted = np.sort(genuine)[::-1][: round((1 - rates.fnmr_at(fmr)) * len(genuine))]
    least = accepted.min() if len(accepted) else np.inf
    assert np.mean(impostor >= least) <= fmr + 1e-9


@given(genuine=similarities, impostor=similarities)
def test_the_equal_error_rate_is_that_of_a_plain_count(genuine, impostor):
    assert ErrorRates(genuine, impostor).eer() == pytest.approx(plain_eer(genuine, impostor))


@given(genuine=similarities, impostor=similarities, fmr=st.sampled_from([0.0, 1e-4, 1e-2, 0.1, 0.25, 0.5, 1.0]))
def test_the_non_match_rate_is_that_of_a_plain_count(genuine, impostor, fmr):
    assert ErrorRates(genuine, impostor).fnmr_at(fmr) == pytest.approx(plain_fnmr(genuine, impostor, fmr))


@given(genuine=similarities, impostor=similarities)
def test_every_point_of_the_thinned_curve_is_true(genuine, impostor):
    for threshold, fmr, fnmr in zip(*ErrorRates(genuine, impostor).det(), strict=True):
        if np.isfinite(threshold):
            assert fmr == pytest.approx(np.mean(impostor > threshold))
            assert fnmr == pytest.approx(np.mean(genuine <= threshold))


def test_failed_extractions_are_rejected_even_when_everything_may_match():
    assert ErrorRates(np.array([-np.inf, 1.0]), np.array([-np.inf, 0.0])).fnmr_at(1.0) == 0.5


def people_pairs(genuine, impostor, people, draw):
    one = draw.integers(0, people, len(impostor))
    other = (one + draw.integers(0, people, len(impostor))) % people
    return PeoplePairs(genuine, draw.integers(0, people, len(genuine)), impostor, np.stack([one, other]), people)


@given(genuine=similarities, impostor=similarities, share=st.sampled_from([0.1, 0.5, 1.0]), seed=st.integers(0, 99))
def test_a_draw_of_everybody_once_gives_the_measured_rates(genuine, impostor, share, seed):
    pairs = people_pairs(genuine, impostor, 3, np.random.default_rng(seed))
    eers, fnmrs, reached = _rates(pairs, np.ones((1, 3), np.int64), (0.25, 1e-3), share)
    assume(reached)
    rates = ErrorRates(genuine, impostor)
    assert eers[0] == pytest.approx(rates.eer())
    assert fnmrs[0] == pytest.approx([rates.fnmr_at(0.25), rates.fnmr_at(1e-3)])


@given(genuine=similarities, impostor=similarities, seed=st.integers(0, 99))
def test_a_person_drawn_twice_is_like_that_persons_pairs_twice(genuine, impostor, seed):
    pairs = people_pairs(genuine, impostor, 3, np.random.default_rng(seed))
    weights = np.array([2, 1, 1])
    one, other = pairs.impostor_of
    times = np.where(one == other, weights[one], weights[one] * weights[other])
    again = ErrorRates(np.repeat(genuine, weights[pairs.genuine_of]), np.repeat(impostor, times))
    eers, fnmrs, _ = _rates(pairs, weights[None], (0.25,), 1.0)
    assert eers[0] == pytest.approx(again.eer())
    assert fnmrs[0, 0] == pytest.approx(again.fnmr_at(0.25))


def test_intervals_hold_the_true_rate_about_as_often_as_they_say():
    truth, held, rounds = 0.1, 0, 60
    for seed in range(rounds):
        draw = np.random.default_rng(seed)
        people, each = 60, 6
        # a bad day spoils all of a person's pairs: one in ten people, so pairs are far from independent
        spoilt = draw.random(people) < truth
        genuine = np.where(np.repeat(spoilt, each), -1.0, 1.0)
        pairs = PeoplePairs(
            genuine, np.repeat(np.arange(people), each), np.zeros(2000), draw.integers(0, people, (2, 2000)), people
        )
        interval = intervals(pairs, [1e-2], draws=200)[1][0]
        held += interval.low <= truth <= interval.high
    assert held / rounds > 0.85


def test_without_an_error_the_interval_still_has_an_upper_end():
    pairs = PeoplePairs(
        np.ones(300),
        np.repeat(np.arange(10), 30),
        np.zeros(1000),
        np.random.default_rng(1).integers(0, 10, (2, 1000)),
        10,
    )
    eer, (fnmr,) = intervals(pairs, [1e-3])
    assert (eer.low, fnmr.low) == (0.0, 0.0)
    assert eer.high == fnmr.high == pytest.approx(0.01)


def test_a_million_pairs_take_seconds():
    draw = np.random.default_rng(3)
    pairs = people_pairs(draw.normal(5, 1, 5000), draw.normal(0, 1, 1_000_000), 200, draw)
    eer, (fnmr,) = intervals(pairs, [1e-3], draws=50)
    rates = ErrorRates(pairs.genuine, pairs.impostor)
    assert eer.low <= rates.eer() <= eer.high
    assert fnmr.low <= rates.fnmr_at(1e-3) <= fnmr.high


def pairs_of(scores, is_genuine, first, second):
    return PairScores(
        np.array(scores, float), np.array(is_genuine), np.array(first), np.array(second), 1.0, len(scores)
    )


def test_discarding_the_images_that_fail_ends_the_misses():
    # four images a person; image 0 of the first fails with all others of that person
    people, each = 10, 4
    first, second = np.triu_indices(people * each, 1)
    is_genuine = first // each == second // each
    scores = np.where(is_genuine & (first != 0), 1.0, 0.0)
    pairs = pairs_of(scores, is_genuine, first, second)
    knows = [10, *[90] * (people * each - 1)]
    points = error_versus_discard(pairs, knows)
    assert [point.discarded for point in points] == list(DISCARDED)
    assert points[0].fnmr == pytest.approx(3 / 60)
    assert points[2].fnmr == 0.0
    wrong = [90, *[10] * (people * each - 1)]
    assert error_versus_discard(pairs, wrong)[-1].fnmr >= 3 / 60


def test_failed_images_are_discarded_first():
    pairs = pairs_of(
        [-np.inf, -np.inf, 1.0, 0, 0, 0, 0, 0, 0, 0],
        [1, 1, 1, *[0] * 7],
        [0, 0, 1, 0, 1, 2, 0, 1, 2, 3],
        [1, 2, 2, 3, 3, 3, 4, 4, 4, 4],
    )
    pairs = PairScores(pairs.scores, pairs.is_genuine.astype(bool), pairs.first, pairs.second, 1.0, 10)
    points = error_versus_discard(pairs, [-1, 0, 50, 50, 50])
    assert points[0].fnmr == pytest.approx(2 / 3)
    assert points[-1].fnmr in {0.0, None}


def test_a_second_curve_is_not_cut_off_by_the_first():
    from matplotlib.figure import Figure

    from rekam.abis.evaluation.discard import DiscardPoint
    from rekam.abis.evaluation.panels import discard

    axis = Figure().subplots()
    discard(axis, [DiscardPoint(0.0, 0.01), DiscardPoint(0.1, 0.0)], "black", "low")
    discard(axis, [DiscardPoint(0.0, 0.2), DiscardPoint(0.1, None)], "black", "high")
    assert axis.get_ylim()[0] == 0
    assert axis.get_ylim()[1] >= 0.2
