import numpy as np
import pytest
from finger_drawing import Spiral, drawn, scattered
from finger_impostors import landscape, noise

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


@pytest.mark.parametrize(
    "image",
    [
        pytest.param(GreyImage(np.full((400, 340), 255, np.uint8), 500.0), id="blank page"),
        pytest.param(GreyImage(np.tile(np.arange(340, dtype=np.uint8), (400, 1)), 500.0), id="grey wedge"),
        *(pytest.param(noise(sigma), id=f"noise of {sigma} pixels") for sigma in (0, 1, 2, 3, 5)),
        pytest.param(landscape(), id="1/f picture"),
        pytest.param(Person(3).iris("left"), id="iris"),
    ],
)
def test_what_is_no_fingerprint_is_refused(image):
    with pytest.raises(WrongKindOfImage, match="a finger"):
        extract(image)


def test_ridges_without_a_minutia_fail_with_a_reason():
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


GOLDEN = {
    (11, 2): [(204, 102, 246, 2), (120, 115, 139, 2), (265, 139, 241, 1), (141, 142, 142, 1), (113, 151, 161, 2),
              (60, 180, 165, 2), (244, 222, 115, 2), (131, 228, 204, 2), (249, 234, 243, 2), (195, 261, 234, 1),
              (106, 322, 101, 2), (108, 348, 107, 2)],
    (12, 6): [(199, 110, 236, 1), (169, 114, 248, 1), (82, 155, 164, 2), (204, 170, 209, 1), (248, 181, 214, 2),
              (201, 215, 181, 2), (220, 218, 192, 1), (228, 246, 183, 2), (123, 254, 112, 2), (86, 266, 102, 1),
              (100, 292, 122, 2), (159, 341, 12, 1)],
}  # fmt: skip


@pytest.mark.parametrize(("person", "position"), GOLDEN)
def test_the_surest_minutiae_of_a_known_synthetic_finger_are_found_where_they_were(person, position):
    template = extract(Person(person).finger(position))
    for x, y, direction, _kind in GOLDEN[person, position]:
        index, distance = nearest(template, x, y)
        turned = (int(template.direction[index]) - direction + 128) % 256 - 128
        assert distance <= 4
        assert abs(turned) <= 12
