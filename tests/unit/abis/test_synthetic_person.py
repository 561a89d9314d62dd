"""A person is the same person every time, and nobody else."""

import io
import time

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from rekam.abis.image import load_image
from rekam.abis.synthetic import Person, encode_png
from rekam.abis.synthetic.finger import grow_finger
from rekam.abis.synthetic.iris_texture import iris_texture
from rekam.abis.synthetic.streams import stream


def correlation(a, b):
    return abs(float(np.corrcoef(np.asarray(a, dtype=float).ravel(), np.asarray(b, dtype=float).ravel())[0, 1]))


def test_equal_seeds_give_equal_pictures_even_after_the_caches_are_emptied():
    def everything():
        person = Person(11)
        return [
            person.finger(3, 1).pixels,
            person.iris("left", 1).pixels,
            person.photo(1987, 2),
            person.signature(1).pixels,
        ]

    before = everything()
    grow_finger.cache_clear()
    iris_texture.cache_clear()
    for first, second in zip(before, everything(), strict=True):
        assert np.array_equal(first, second)


def test_drawing_leaves_the_global_random_state_alone():
    before = np.random.get_state()[1].copy()  # noqa: NPY002 - the global state is what is watched
    Person(12).signature()
    Person(12).iris(1)
    assert np.array_equal(before, np.random.get_state()[1])  # noqa: NPY002 - likewise


def test_fingers_are_500_dpi_prints_and_eyes_are_scanner_sized():
    finger, iris = Person(13).finger(1), Person(13).iris("right")
    assert (finger.height, finger.width, finger.dpi) == (400, 300, 500.0)
    assert (iris.height, iris.width, iris.dpi) == (240, 320, None)
    assert not finger.pixels.flags.writeable
    assert not iris.pixels.flags.writeable


def test_sides_may_be_named_or_numbered():
    assert np.array_equal(Person(14).iris("right").pixels, Person(14).iris(1).pixels)
    assert np.array_equal(Person(14).iris("left").pixels, Person(14).iris(2).pixels)
    assert not np.array_equal(Person(14).iris(1).pixels, Person(14).iris(2).pixels)


@pytest.mark.parametrize("flaw", [None, "dry", "partial", "blur"])
def test_impressions_differ_and_so_do_flawed_ones(flaw):
    person = Person(15)
    assert not np.array_equal(person.finger(2, 0).pixels, person.finger(2, 1, flaw=flaw).pixels)
    assert not np.array_equal(person.iris(1, 0).pixels, person.iris(1, 1, flaw=flaw).pixels)


def test_blur_takes_detail_away_and_partial_contact_takes_area():
    person = Person(16)

    def detail(image):
        # a light blur first: sensor noise is no detail
        return np.abs(np.diff(cv2.GaussianBlur(image.pixels.astype(np.float32), (0, 0), 1.5), axis=1)).mean()

    def inked(image):
        return (image.pixels < 128).mean()

    assert detail(person.finger(7, flaw="blur")) < 0.5 * detail(person.finger(7))
    assert detail(person.iris(1, flaw="blur")) < 0.7 * detail(person.iris(1))
    assert inked(person.finger(7, flaw="partial")) < 0.5 * inked(person.finger(7))
    assert inked(person.finger(7, flaw="dry")) < 0.9 * inked(person.finger(7))


def test_the_ten_fingers_of_a_person_are_strangers_to_one_another():
    fingers = [grow_finger(17, position) for position in range(1, 11)]
    for i, one in enumerate(fingers):
        for other in fingers[i + 1 :]:
            assert correlation(one, other) < 0.1


@settings(max_examples=25, deadline=None)
@given(st.integers(), st.integers())
def test_the_irises_of_two_people_are_strangers(a, b):
    expected_same = a == b
    # the collarette is common to all; the rest of the texture must not be
    assert (correlation(iris_texture(a, 1), iris_texture(b, 1)) > 0.99) == expected_same
    assert correlation(iris_texture(a, 1), iris_texture(a, 2)) < 0.6


@given(st.lists(st.tuples(st.integers(), st.text(max_size=8), st.integers(0, 99)), min_size=2, max_size=2, unique=True))
def test_streams_of_unequal_names_differ(names):
    first, second = (stream(seed, word, number).integers(0, 2**63, 4).tolist() for seed, word, number in names)
    assert first != second


@pytest.mark.parametrize("position", [0, 11, -1])
def test_nobody_has_an_eleventh_finger(position):
    with pytest.raises(ValueError, match="1 to 10"):
        Person(1).finger(position)


def test_other_sides_and_sexes_are_refused():
    with pytest.raises(ValueError, match="right"):
        Person(1).iris(3)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="sex"):
        Person(1).photo(1990, 0)


def test_a_png_tells_its_resolution_and_comes_back_bit_for_bit():
    finger = Person(18).finger(2)
    again = load_image(encode_png(finger))
    assert again.dpi == pytest.approx(500, abs=0.1)
    assert np.array_equal(again.pixels, finger.pixels)
    assert encode_png(finger)[37:41] == b"pHYs"
    assert b"pHYs" not in encode_png(Person(18).iris(1))


def test_a_colour_photo_keeps_its_colours_as_png():
    photo = Person(19).photo(1980, 1)
    with Image.open(io.BytesIO(encode_png(photo, dpi=300))) as read:
        assert read.info["dpi"] == pytest.approx((300, 300), abs=0.1)
        assert np.array_equal(np.asarray(read), photo)


def test_further_impressions_of_a_finger_are_cheap():
    person = Person(20)
    person.finger(1)
    start = time.process_time()
    for impression in range(1, 11):
        person.finger(1, impression)
    # 10 ms each on one quiet core; the bound leaves room for a crowded machine
    assert (time.process_time() - start) / 10 < 0.25
