from functools import cache

import numpy as np
import pytest
from finger_drawing import drawn, scattered

from rekam.abis.finger.extract import extract
from rekam.abis.finger.quality import quality_of
from rekam.abis.finger.quality_parameters import LIMITS
from rekam.abis.finger.ridge_map import ridge_map_of
from rekam.abis.finger.template import REASONS
from rekam.abis.image import GreyImage
from rekam.abis.synthetic.person import Person

WHOLE = drawn(scattered(seed=2, count=30), seed=1)
PEOPLE = [Person(seed) for seed in range(100, 106)]

SHOWN_BY = {
    "few-minutiae": ("tip", 1.0),
    "small-area": ("tip", 0.8),
    "too-dry": ("dry", 0.9),
    "too-wet": ("wet", 0.95),
    "low-contrast": ("faint", 1.0),
    "unclear-ridges": ("worn", 0.8),
    "light-pressure": ("light", 1.0),
    "off-centre": ("off-centre", 1.0),
    "partial": ("tip", 0.8),
    "smudged": ("blur", 0.9),
    "several-fingers": ("several", 1.0),
    "inverted": ("inverted", 1.0),
}


@cache
def flawed(flaw, strength):
    """The templates of six people's fingers with the flaw."""
    prints = [person.finger(1 + i % 5, 1, flaw=flaw, strength=strength) for i, person in enumerate(PEOPLE)]
    return [extract(image) for image in prints]


def test_every_reason_is_shown_by_a_flaw():
    assert set(SHOWN_BY) == set(REASONS)


@pytest.mark.parametrize(("reason", "flaw", "strength"), [(r, *shown) for r, shown in SHOWN_BY.items()])
def test_a_flaw_is_told_by_its_reason_on_most_fingers_and_on_no_good_one(reason, flaw, strength):
    told = [reason in template.reasons for template in flawed(flaw, strength)]
    assert sum(told) >= 4, told
    assert not any(reason in template.reasons for template in flawed(None, 1.0))


@pytest.mark.parametrize("flaw", ["dry", "wet", "light", "partial", "tip", "blur", "faint", "worn"])
def test_quality_falls_as_a_flaw_grows(flaw):
    strengths = (0.2, 0.5, 0.8) if flaw == "worn" else (0.2, 0.6, 1.0)
    means = [np.mean([template.quality for template in flawed(flaw, strength)]) for strength in strengths]
    assert means[0] + 0.5 >= means[1] >= means[2]
    assert means[0] > means[2] + 1


@pytest.mark.parametrize("flaw", ["several", "inverted"])
def test_what_may_not_be_the_finger_asked_for_is_never_of_high_quality(flaw):
    assert all(template.quality <= LIMITS["inverted"] for template in flawed(flaw, 1.0))


def test_good_prints_of_synthetic_people_have_high_quality():
    assert min(template.quality for template in flawed(None, 1.0)) >= 90


def test_a_whole_clear_print_has_high_quality_and_no_reason_against_it():
    template = extract(WHOLE)
    assert template.quality >= 90
    assert template.reasons == ()


def test_the_tip_of_a_finger_alone_is_a_small_area_of_lower_quality():
    pixels = WHOLE.pixels.copy()
    pixels[130:] = 245
    template = extract(GreyImage(pixels, 500.0))
    assert "small-area" in template.reasons
    assert template.quality < 80


def test_noise_over_the_ridges_lowers_the_quality_of_minutiae():
    grain = np.random.default_rng(1).normal(0, 60, WHOLE.pixels.shape)
    noisy = GreyImage(np.clip(WHOLE.pixels + grain, 0, 255).astype(np.uint8), 500.0)
    assert np.median(extract(noisy).quality_of) < np.median(extract(WHOLE).quality_of)


def test_minutiae_fewer_by_the_count_of_any_extractor_lower_the_quality():
    ridges = ridge_map_of(PEOPLE[0].finger(2))
    found = extract(PEOPLE[0].finger(2))
    x, y = found.x.astype(int), found.y.astype(int)
    all_of_them, five, none = (quality_of(ridges, x[:n], y[:n])[0] for n in (len(x), 5, 0))
    assert all_of_them > five > none >= 0
