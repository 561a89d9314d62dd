import math

import cv2
import numpy as np
import pytest
from iris_drawing import drawn_eye

from rekam.abis.errors import AbisError, ExtractionFailed, ImageTooSmall, WrongKindOfImage
from rekam.abis.image import GreyImage
from rekam.abis.iris.compare import compare
from rekam.abis.iris.extract import extract
from rekam.abis.iris.template import IrisReason
from rekam.abis.synthetic.person import Person


@pytest.mark.parametrize(
    ("pupil", "limbus"),
    [
        ((160, 120, 22), (161, 120, 55)),
        ((120, 100, 14), (118, 102, 58)),
        ((200, 130, 34), (200, 131, 56)),
        ((160, 120, 45), (160, 122, 105)),
    ],
    ids=["centred", "constricted, off-centre", "dilated", "near the sensor"],
)
def test_pupil_and_limbus_are_found_within_a_pixel_and_a_half(pupil, limbus):
    template = extract(drawn_eye(pupil=pupil, limbus=limbus))
    for found, drawn in ((template.pupil, pupil), (template.limbus, limbus)):
        assert math.hypot(found.x - drawn[0], found.y - drawn[1]) < 1.5
        assert abs(found.radius - drawn[2]) < 1.5


def test_a_lamp_on_the_pupils_edge_does_not_move_it():
    template = extract(drawn_eye(lamp=(160 + 22, 120)))
    assert math.hypot(template.pupil.x - 160, template.pupil.y - 120) < 1.5
    assert abs(template.pupil.radius - 22) < 1.5


def test_a_dark_brow_is_not_taken_for_the_pupil():
    pixels = drawn_eye().pixels.copy()
    cv2.ellipse(pixels, (150, 20), (140, 14), 3, 0, 360, 15, -1)
    assert abs(extract(GreyImage(pixels)).pupil.y - 120) < 2


def test_the_same_image_gives_the_same_bytes():
    assert extract(drawn_eye(3)).to_bytes() == extract(drawn_eye(3)).to_bytes()


def test_size_of_the_image_does_not_matter():
    small = drawn_eye(5)
    large = GreyImage(cv2.resize(small.pixels, (960, 720), interpolation=cv2.INTER_CUBIC))
    assert compare(extract(small), extract(large)).distance < 0.1
    assert extract(large).limbus.radius == pytest.approx(3 * extract(small).limbus.radius, rel=0.02)


def test_a_lid_is_masked_and_lowers_quality():
    open_eye, drooping = extract(drawn_eye(7)), extract(drawn_eye(7, lid=100))
    assert int(np.unpackbits(drooping.mask).sum()) < 0.75 * int(np.unpackbits(open_eye.mask).sum())
    assert drooping.quality < open_eye.quality
    assert compare(open_eye, drooping).distance < 0.25


def test_blur_lowers_quality_and_is_named():
    sharp = drawn_eye(8, noise=1.0)
    blurred = GreyImage(cv2.GaussianBlur(sharp.pixels, (0, 0), 3.5))
    assert extract(blurred).quality < extract(sharp).quality
    assert IrisReason.BLURRED in extract(blurred).reasons


def test_an_eye_all_but_closed_is_refused_with_a_reason():
    with pytest.raises(AbisError) as refusal:
        extract(drawn_eye(lid=160), "iris-2")
    assert isinstance(refusal.value, WrongKindOfImage | ExtractionFailed)
    assert "iris-2" in str(refusal.value)


def _ridges(seed):
    """A fingerprint-like picture: oriented ridges of 9 px in a bright field."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:374, 0:388].astype(np.float64)
    bend = cv2.GaussianBlur(rng.normal(size=x.shape), (0, 0), 40) * 400
    ridges = 128 + 110 * np.sin(2 * np.pi / 9 * (np.hypot(x - 190, y - 170) + bend))
    return np.where(np.hypot((x - 190) / 1.0, (y - 190) / 1.2) < 140, ridges, 250).astype(np.uint8)


def _face(seed):
    """A cat of discs and triangles: two eyes, ears, whiskers."""
    picture = np.full((300, 300), 200, np.uint8)
    cv2.circle(picture, (150, 170), 100, 120, -1)
    for x in (100, 200):
        cv2.fillPoly(picture, [np.array([[x - 35, 110], [x, 30], [x + 35, 110]])], 110)
        cv2.ellipse(picture, (x, 150), (22, 14), 0, 0, 360, 230, -1)
        cv2.ellipse(picture, (x, 150), (5, 13), 0, 0, 360, 20, -1)
    for k in range(3):
        cv2.line(picture, (150, 200), (20, 180 + 20 * k), 240, 1)
        cv2.line(picture, (150, 200), (280, 180 + 20 * k), 240, 1)
    noise = np.random.default_rng(seed).normal(0, 3, picture.shape)
    return np.clip(picture + noise, 0, 255).astype(np.uint8)


WRONG = {
    "blank": np.full((240, 320), 128, np.uint8),
    "black": np.zeros((240, 320), np.uint8),
    "noise": np.random.default_rng(1).integers(0, 256, (240, 320)).astype(np.uint8),
    "clouds": cv2.normalize(
        cv2.GaussianBlur(np.random.default_rng(2).normal(size=(240, 320)), (0, 0), 12), None, 0, 255, cv2.NORM_MINMAX
    ).astype(np.uint8),
    "gradient": np.tile(np.linspace(0, 255, 320).astype(np.uint8), (240, 1)),
    "ridges": _ridges(3),
    "cat": _face(4),
    "finger": Person(5).finger(2).pixels,
    "portrait": cv2.cvtColor(Person(6).photo(1980, 1), cv2.COLOR_RGB2GRAY),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_eye_is_refused(name):
    with pytest.raises(WrongKindOfImage):
        extract(GreyImage(WRONG[name]))


def test_a_thumbnail_is_too_small():
    with pytest.raises(ImageTooSmall):
        extract(GreyImage(np.zeros((60, 80), np.uint8)))


@pytest.mark.parametrize("seed", range(4))
def test_a_made_up_person_is_recognised_and_told_from_others(seed):
    right, again, left = (
        extract(Person(seed).iris(side, shot)) for side, shot in (("right", 0), ("right", 1), ("left", 0))
    )
    other = extract(Person(seed + 100).iris("right", 0))
    own = compare(right, again).distance
    assert own < 0.3
    assert own < min(compare(right, left).distance, compare(right, other).distance)
