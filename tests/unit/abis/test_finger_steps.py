import numpy as np
import pytest
from finger_drawing import drawn, scattered
from finger_impostors import noise

from rekam.abis.errors import WrongKindOfImage
from rekam.abis.finger.extract import extract, steps
from rekam.abis.image import GreyImage
from rekam.abis.synthetic.person import Person

FINGER = Person(11).finger(2)
NAMES = [
    "picture",
    "foreground",
    "even contrast",
    "orientation",
    "period",
    "clarity",
    "enhanced",
    "skeleton",
    "minutiae",
]


def test_every_step_comes_in_order_with_a_picture_of_the_prints_size():
    seen = steps(FINGER)
    assert list(seen) == NAMES
    assert all(seen[name].shape == (400, 300) for name in NAMES[:-1])


def test_the_minutiae_of_the_last_step_are_those_of_the_template():
    template, shown = extract(FINGER), steps(FINGER)["minutiae"]
    assert np.array_equal(shown[:, 0], template.x)
    assert np.array_equal(shown[:, 1], template.y)
    assert np.array_equal(shown[:, 3], template.kind)
    assert np.abs(np.exp(1j * shown[:, 2]) - np.exp(1j * template.angle)).max() < 0.02


def test_an_inverted_picture_shows_how_it_was_turned():
    seen = steps(GreyImage(255 - FINGER.pixels, 500.0))
    assert list(seen)[:2] == ["picture", "turned"]
    assert np.array_equal(seen["picture"] + seen["turned"], np.full((400, 300), 255))


def test_a_refused_picture_shows_how_far_it_came():
    with pytest.raises(WrongKindOfImage):
        extract(noise(2))
    assert list(steps(noise(2))) == NAMES[:6]


def test_a_picture_refused_before_any_step_is_refused_here_too():
    with pytest.raises(WrongKindOfImage, match="mm"):
        steps(GreyImage(np.zeros((10, 10), np.uint8), 500.0))


def test_skeleton_and_enhanced_picture_stay_inside_the_foreground():
    seen = steps(drawn(scattered(seed=3)))
    assert not seen["skeleton"][~seen["foreground"]].any()
    assert not seen["enhanced"][~seen["foreground"]].any()
