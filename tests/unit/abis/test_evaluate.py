import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekam.abis.calibration import MeasuredSet, fit
from rekam.abis.error_rates import ErrorRates
from rekam.abis.errors import ImpressionSetEmpty, ImpressionSetMissing, UnknownModality
from rekam.abis.evaluate import evaluate
from rekam.abis.impressions import impressions_in
from rekam.abis.synthetic.person import Person
from rekam.abis.synthetic.png import encode_png

similarities = st.lists(st.floats(-1, 1), min_size=1, max_size=40).map(np.array)


@pytest.fixture(scope="module")
def fingers(tmp_path_factory):
    """Three synthetic fingers, two impressions of each, and one file that is no image."""
    folder = tmp_path_factory.mktemp("three_fingers")
    for seed in (1, 2, 3):
        for impression in (0, 1):
            (folder / f"{seed}_{impression}.png").write_bytes(encode_png(Person(seed).finger(2, impression)))
    (folder / "3_2.png").write_bytes(b"not an image")
    (folder / "README.md").write_text("passed over")
    return folder


@pytest.fixture(scope="module")
def report(fingers):
    return evaluate(fingers, "finger")


def test_pairs_are_counted_with_the_failed_image(report):
    assert (report.images, report.failed) == (7, 1)
    assert (report.genuine, report.impostor) == (1 + 1 + 3, 21 - 5)


def test_a_failed_extraction_counts_as_a_non_match(report):
    assert report.fnmr_at_fmr_1e_3 >= 2 / 5


def test_the_report_is_one_json_object_with_the_agreed_keys(report):
    agreed = (
        "set images failed genuine impostor eer fnmr_at_fmr_1e-2 fnmr_at_fmr_1e-3 extract_ms comparisons_per_second"
    )
    told = json.loads(json.dumps(report.to_map()))
    assert set(agreed.split()) <= set(told)
    assert told["set"].startswith("three_fingers")
    assert 0 <= told["eer"] <= 1
    assert told["extract_ms"] > 0
    assert told["comparisons_per_second"] > 0


def test_progress_reaches_its_end_in_both_steps(fingers):
    told = []
    evaluate(fingers, "finger", lambda *step: told.append(step))
    assert ("extract", 7, 7) in told
    assert told[-1] == ("compare", 6, 6)


def test_images_of_another_modality_all_fail_and_never_match(fingers):
    report = evaluate(fingers, "iris")
    assert report.failed == report.images
    assert report.fnmr_at_fmr_1e_3 == 1.0


def test_a_folder_that_is_missing_is_told(tmp_path):
    with pytest.raises(ImpressionSetMissing, match="does not exist"):
        evaluate(tmp_path / "nowhere", "finger")


def test_a_folder_without_impressions_is_told(tmp_path):
    (tmp_path / "notes.txt").write_text("")
    with pytest.raises(ImpressionSetEmpty, match="0 found"):
        evaluate(tmp_path, "iris")


def test_a_folder_without_impostor_or_genuine_pairs_is_told(tmp_path):
    for name in ("a_1.png", "a_2.png"):
        (tmp_path / name).write_bytes(b"")
    with pytest.raises(ImpressionSetEmpty, match="2 found"):
        evaluate(tmp_path, "iris")


def test_an_unknown_modality_is_told(tmp_path):
    with pytest.raises(UnknownModality, match="voice"):
        evaluate(tmp_path, "voice")


def test_the_source_is_what_stands_before_the_last_underscore(tmp_path):
    for name in ("001_L_1.png", "001_L_2.png", "001_R_1.png", "plain.png", "_1.png"):
        (tmp_path / name).write_bytes(b"")
    assert [impression.source for impression in impressions_in(tmp_path)] == ["001_L", "001_L", "001_R"]


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


def test_a_fitted_curve_comes_near_the_true_ratio_and_stops_where_nothing_was_measured():
    draw = np.random.default_rng(1)
    measured = MeasuredSet(draw.normal(3, 1, 4000), draw.normal(0, 1, 40_000))
    curve = fit([measured])
    for score in (0.5, 1.0, 1.5, 2.0):
        assert np.interp(score, curve.scores, curve.llrs) == pytest.approx(3 * score - 4.5, abs=0.6)
    assert max(curve.llrs) < 14
    assert list(curve.llrs) == sorted(curve.llrs)


def test_the_worse_of_two_sets_holds_the_curve_down():
    draw = np.random.default_rng(2)
    sharp = MeasuredSet(draw.normal(6, 1, 2000), draw.normal(0, 1, 20_000))
    blunt = MeasuredSet(draw.normal(6, 1, 2000), draw.normal(0, 2, 20_000))
    alone, both = fit([sharp]), fit([sharp, blunt])
    assert np.interp(4.0, both.scores, both.llrs) < np.interp(4.0, alone.scores, alone.llrs)
