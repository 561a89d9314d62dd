import numpy as np
from finger_drawing import drawn, scattered

from rekam.abis.finger.extract import extract
from rekam.abis.image import GreyImage

WHOLE = drawn(scattered(seed=2, count=30), seed=1)


def with_levels(change):
    return GreyImage(np.clip(change(WHOLE.pixels.astype(float)), 0, 255).astype(np.uint8), 500.0)


def test_a_whole_clear_print_has_high_quality_and_no_reason_against_it():
    template = extract(WHOLE)
    assert template.quality >= 90
    assert template.reasons == ()


def test_the_tip_of_a_finger_alone_is_a_small_area_of_lower_quality():
    pixels = WHOLE.pixels.copy()
    pixels[130:] = 245
    template = extract(GreyImage(pixels, 500.0))
    assert "small-area" in template.reasons
    assert "few-minutiae" in template.reasons
    assert template.quality < 70


def test_a_faint_print_is_told_as_low_contrast():
    assert "low-contrast" in extract(with_levels(lambda grey: 200 + (grey - 200) / 6)).reasons


def test_thin_broken_ridges_are_told_as_too_dry():
    assert "too-dry" in extract(with_levels(lambda grey: np.interp(grey, (40, 70, 230), (40, 225, 245)))).reasons


def test_ridges_run_together_are_told_as_too_wet():
    assert "too-wet" in extract(with_levels(lambda grey: np.interp(grey, (40, 200, 230), (40, 60, 245)))).reasons


def test_noise_over_the_ridges_lowers_the_quality_of_minutiae():
    noise = np.random.default_rng(1).normal(0, 60, WHOLE.pixels.shape)
    assert np.median(extract(with_levels(lambda grey: grey + noise)).quality_of) < np.median(extract(WHOLE).quality_of)
