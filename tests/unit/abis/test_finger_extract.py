import cv2
import numpy as np
import pytest
from finger_drawing import Spiral, drawn, scattered

from rekam.abis.errors import ExtractionFailed, WrongKindOfImage
from rekam.abis.finger.extract import extract
from rekam.abis.image import GreyImage
from rekam.abis.synthetic.person import Person

KNOWN = scattered(seed=7, count=14)


def nearest(template, x, y):
    distance = np.hypot(template.x - x, template.y - y)
    return int(np.argmin(distance)), float(distance.min())


def test_every_minutia_that_was_drawn_is_found_and_no_other():
    template = extract(drawn(KNOWN))
    found = {nearest(template, spiral.x, spiral.y) for spiral in KNOWN}
    assert max(distance for _, distance in found) < 7
    assert len({index for index, _ in found}) == len(KNOWN) == len(template)


def test_directions_point_back_along_the_ridge_that_ends_or_into_the_fork():
    spirals = [Spiral(75, 180, +1), Spiral(150, 110, -1), Spiral(225, 180, +1), Spiral(150, 260, -1)]
    template = extract(drawn(spirals))
    for spiral in spirals:
        index, distance = nearest(template, spiral.x, spiral.y)
        # going down the picture, a phase that winds with +atan2 gains a turn to the right of the spiral: one ridge more
        towards_the_additional_ridge = np.cos(template.angle[index]) * spiral.sense
        assert distance < 7
        assert towards_the_additional_ridge > 0.5


def test_a_print_at_1000_dpi_gives_the_minutiae_of_the_same_print_at_500_dpi():
    fine = extract(drawn(KNOWN, dpi=1000.0))
    assert (fine.width, fine.height) == (300, 360)
    assert max(nearest(fine, spiral.x, spiral.y)[1] for spiral in KNOWN) < 7


def test_an_image_without_declared_resolution_is_taken_as_500_dpi():
    told = drawn(KNOWN)
    assert extract(GreyImage(told.pixels, None)) == extract(told)


def test_the_same_image_gives_the_same_bytes_every_time():
    image = drawn(KNOWN, seed=3)
    assert extract(image).to_bytes() == extract(image).to_bytes()


def test_the_image_is_left_as_it_was():
    image = drawn(KNOWN)
    before = image.pixels.copy()
    image.pixels.setflags(write=False)
    extract(image)
    assert np.array_equal(image.pixels, before)


@pytest.mark.parametrize("position", [1, 7])
def test_a_synthetic_finger_gives_a_good_template(position):
    template = extract(Person(11).finger(position))
    assert len(template) >= 20
    assert template.quality >= 80


def noise(sigma, seed=5):
    picture = np.random.default_rng(seed).normal(size=(400, 340))
    if sigma:
        picture = cv2.GaussianBlur(picture, (0, 0), sigma)
    return GreyImage(np.clip(128 + 50 * picture / picture.std(), 0, 255).astype(np.uint8), 500.0)


def photograph_like(seed=5):
    """1/f noise: the statistics of natural scenes, fur and leaves (Field 1987)."""
    spectrum = np.fft.fft2(np.random.default_rng(seed).normal(size=(400, 340)))
    radius = np.hypot(np.fft.fftfreq(400)[:, None], np.fft.fftfreq(340))
    picture = np.fft.ifft2(spectrum / np.maximum(radius, 1e-3)).real
    return GreyImage(np.clip(128 + 50 * picture / picture.std(), 0, 255).astype(np.uint8), 500.0)


@pytest.mark.parametrize(
    "image",
    [
        pytest.param(GreyImage(np.full((400, 340), 255, np.uint8), 500.0), id="blank page"),
        pytest.param(GreyImage(np.tile(np.arange(340, dtype=np.uint8), (400, 1)), 500.0), id="grey wedge"),
        *(pytest.param(noise(sigma), id=f"noise of {sigma} pixels") for sigma in (0, 1, 2, 3, 5)),
        pytest.param(photograph_like(), id="1/f picture"),
        pytest.param(Person(3).iris("left"), id="iris"),
    ],
)
def test_what_is_no_fingerprint_is_refused(image):
    with pytest.raises(WrongKindOfImage, match="a finger"):
        extract(image)


def test_stripes_without_a_minutia_fail_with_a_reason():
    with pytest.raises(ExtractionFailed, match="minutiae"):
        extract(drawn([]))


@pytest.mark.parametrize("dpi", [20.0, 9000.0])
def test_a_resolution_no_scanner_has_is_refused_with_a_reason(dpi):
    with pytest.raises(WrongKindOfImage, match="dpi"):
        extract(GreyImage(drawn(KNOWN).pixels, dpi))


@pytest.mark.parametrize("shape", [(1, 1), (59, 400), (400, 12), (3000, 4000)])
def test_a_picture_of_no_fingerprints_size_is_refused_before_any_work(shape):
    with pytest.raises(WrongKindOfImage, match="mm"):
        extract(GreyImage(np.zeros(shape, np.uint8), None))
