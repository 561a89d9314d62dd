import json

import numpy as np
import pytest

from rekam.abis import calibration
from rekam.abis.calibration import Pairs, fit_curve
from rekam.abis.curves import Curve, curve_of, read_curves
from rekam.abis.errors import CurveMissing
from rekam.abis.impostor_tail import BinomialTail, ParetoTail, fit_binomial, fit_pareto


def normal_pairs(draw: np.random.Generator, genuine: int, impostor: int, *, apart: float = 3.0) -> Pairs:
    """Standard normal impostors, genuine ones `apart` higher; the true ratio is apart * s - apart**2 / 2."""
    subjects = np.arange(genuine, dtype=np.int32) % 200
    a, b = draw.integers(0, 200, (2, impostor)).astype(np.int32)
    return Pairs(
        np.concatenate([draw.normal(apart, 1, genuine), draw.normal(0, 1, impostor)]),
        draw.integers(40, 90, genuine + impostor).astype(np.uint8),
        np.arange(genuine + impostor) < genuine,
        np.concatenate([subjects, a]),
        np.concatenate([subjects, b]),
    )


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(calibration, "REPLICATES", 30)


def asked(curve: Curve, *scores: float) -> np.ndarray:
    return curve.llrs(np.array(scores), np.full(len(scores), 65.0))


def test_a_fitted_curve_comes_near_the_true_ratio_and_stops_where_nothing_was_measured(quick):
    curve = fit_curve("made-up", normal_pairs(np.random.default_rng(1), 6000, 60_000), fit_pareto, {})
    assert asked(curve, 0.5, 1.0, 1.5, 2.0) == pytest.approx([-3.0, -1.5, 0.0, 1.5], abs=0.7)
    assert asked(curve, 100.0) < 16
    for level in curve.levels:
        assert (np.diff(level.llrs) >= 0).all()
        assert (np.diff(level.similarities) > 0).all()


def test_ratios_err_low_so_that_strangers_seldom_pass(quick):
    curve = fit_curve("made-up", normal_pairs(np.random.default_rng(1), 3000, 30_000), fit_pareto, {})
    fresh = np.random.default_rng(2).normal(0, 1, 200_000)
    for bar in (2.3, 4.6):
        assert np.mean(asked(curve, *fresh) >= bar) < np.exp(-bar)


def test_few_people_are_believed_less_than_many(quick):
    few, many = (normal_pairs(np.random.default_rng(3), n, 10 * n, apart=8.0) for n in (300, 6000))
    assert fit_curve("few", few, fit_pareto, {}).most < fit_curve("many", many, fit_pareto, {}).most - 1


def test_a_poor_pair_says_less_than_a_good_one(quick):
    """Strangers' poor prints look more alike, and a person's own look less alike."""
    draw = np.random.default_rng(4)
    pairs = normal_pairs(draw, 6000, 60_000, apart=4.0)
    good = pairs.quality >= 65
    similarity = np.where(
        good, pairs.similarity, np.where(pairs.genuine, pairs.similarity - 1.5, pairs.similarity * 1.3)
    )
    curve = fit_curve("made-up", Pairs(similarity, pairs.quality, pairs.genuine, pairs.a, pairs.b), fit_pareto, {})
    poor, fine = (curve.llrs(np.array([0.0, 5.0]), np.full(2, quality)) for quality in (45.0, 85.0))
    assert abs(poor[0]) < abs(fine[0])
    assert poor[1] < fine[1]


def test_a_curve_survives_its_file(quick):
    curve = fit_curve("made-up", normal_pairs(np.random.default_rng(5), 1000, 9000), fit_pareto, {"date": "today"})
    read = Curve.from_map("made-up", json.loads(json.dumps(curve.to_map())))
    scores = np.linspace(-2, 6, 50)
    assert asked(read, *scores) == pytest.approx(asked(curve, *scores), abs=0.01)
    assert read.fitted["date"] == "today"


def test_nothing_compared_says_nothing_and_is_not_taken_for_zero():
    assert np.isnan(asked(curve_of("iris"), np.nan)).all()


def test_a_kind_that_was_never_measured_is_refused():
    with pytest.raises(CurveMissing, match="finger/unheard-of"):
        curve_of("finger/unheard-of")


@pytest.mark.parametrize("kind", sorted(read_curves()))
def test_the_curves_in_use_are_monotone_and_deny_little_what_one_slot_cannot_know(kind):
    curve = curve_of(kind)
    qualities = [level.quality for level in curve.levels]
    assert qualities == sorted(qualities)
    for level in curve.levels:
        assert (np.diff(level.similarities) > 0).all()
        assert (np.diff(level.llrs) >= 0).all()
        assert -5.5 < level.llrs[0] < 0 < level.llrs[-1] < 20
        assert (level.strangers[1] <= level.strangers[0]).all()
        assert (level.strangers[0] <= level.strangers[2]).all()


def test_a_pareto_tail_is_found_again():
    draw = np.random.default_rng(6)
    scores = draw.pareto(4.0, 200_000)  # shape 1/4, scale 1/4
    edges = np.linspace(0, 60, 20_001)
    counts, _ = np.histogram(scores, edges)
    tail = fit_pareto((edges[1:] + edges[:-1]) / 2, counts.astype(float), 0.0)
    assert tail.shape == pytest.approx(0.25, abs=0.03)
    assert tail.scale == pytest.approx(0.25, abs=0.02)


def test_a_bounded_tail_is_taken_for_an_exponential_one():
    edges = np.linspace(0, 1, 1001)
    tail = fit_pareto((edges[1:] + edges[:-1]) / 2, np.ones(1000), 0.9)
    assert tail.shape == 0.0


def test_degrees_of_freedom_and_turns_are_found_again():
    draw = np.random.default_rng(7)
    distances = draw.binomial(250, 0.5, (40_000, 12)).min(axis=1) / 250
    similarities = -distances + draw.uniform(-0.002, 0.002, len(distances))
    edges = np.linspace(-0.6, -0.2, 401)
    counts, _ = np.histogram(similarities, edges)
    tail = fit_binomial((edges[1:] + edges[:-1]) / 2, counts.astype(float), float(np.quantile(similarities, 0.99)))
    assert tail.freedom == pytest.approx(250, rel=0.12)
    assert tail.turns == pytest.approx(12, rel=0.35)


@pytest.mark.parametrize("tail", [ParetoTail(1.0, 0.2, 0.3), ParetoTail(1.0, 0.2, 0.0), BinomialTail(-0.3, 240, 15)])
def test_tails_fall_from_one(tail):
    beyond = tail.start + np.linspace(0, 0.2, 20)
    survival = tail.survival(beyond)
    assert survival[0] == pytest.approx(1.0)
    assert (np.diff(survival) < 0).all()
