"""What a print, an eye, a portrait and a signature must show."""

import cv2
import numpy as np
import pytest

from rekam.abis.synthetic import Person
from rekam.abis.synthetic import parameters as p
from rekam.abis.synthetic.eye import draw_eye, draw_glance
from rekam.abis.synthetic.fields import smooth_field
from rekam.abis.synthetic.finger import grow_finger
from rekam.abis.synthetic.iris_texture import ring_noise
from rekam.abis.synthetic.lids import Lids
from rekam.abis.synthetic.pattern import Pattern, draw_pattern, ridge_directions
from rekam.abis.synthetic.ridges import grow_ridges
from rekam.abis.synthetic.streams import stream


def turns_around(directions, centre, radius=12):
    """How often the direction turns by pi on a small circle: +1 a core, -1 a delta, 0 neither."""
    angle = np.linspace(0, 2 * np.pi, 121)
    height, width = directions.shape
    columns = np.round(width / 2 + centre.real + radius * np.cos(angle)).astype(int)
    rows = np.round(height / 2 - centre.imag - radius * np.sin(angle)).astype(int)
    steps = np.diff(directions[rows, columns])
    return round(float(((steps + np.pi / 2) % np.pi - np.pi / 2).sum() / np.pi))


@pytest.mark.parametrize("seed", range(12))
def test_cores_and_deltas_turn_the_ridges_as_they_must(seed):
    rng = stream(seed, "test")
    pattern = draw_pattern(rng, 1 + seed % 10)
    directions = ridge_directions(rng, pattern)
    # the cores of a tight whorl lie within one circle: ask about each only where it is alone
    alone = len(pattern.cores) < 2 or abs(pattern.cores[0] - pattern.cores[1]) > 30
    for core in pattern.cores if alone else ():
        assert turns_around(directions, core) == 1
    for delta in pattern.deltas:
        assert turns_around(directions, delta) == -1


def test_classes_come_as_often_as_in_nature():
    kinds = [draw_pattern(stream(seed, "class"), 1 + seed % 10).kind for seed in range(3000)]
    for kind, share in (("whorl", 0.279), ("arch", 0.037), ("tented arch", 0.029)):
        assert kinds.count(kind) / 3000 == pytest.approx(share, abs=0.03)
    assert kinds.count("left loop") + kinds.count("right loop") == pytest.approx(0.655 * 3000, abs=90)


def test_loops_of_the_right_hand_open_to_the_right():
    right = [draw_pattern(stream(seed, "hand"), 2).kind for seed in range(600)]
    left = [draw_pattern(stream(seed, "hand"), 7).kind for seed in range(600)]
    assert right.count("right loop") > 10 * right.count("left loop")
    assert left.count("left loop") > 10 * left.count("right loop")


def test_ridges_run_along_the_directions_and_at_the_period_asked():
    rng = stream(5, "ridges")
    shape = (120, 120)
    ridges = grow_ridges(rng, np.full(shape, np.pi / 2, np.float32), np.full(shape, 9.0, np.float32))
    spectrum = np.abs(np.fft.fft2(ridges - ridges.mean()))[:60]
    row, column = np.unravel_index(spectrum.argmax(), spectrum.shape)
    column = min(column, 120 - column)
    assert row <= 1  # upright ridges: the wave runs across
    assert 120 / np.hypot(row, column) == pytest.approx(9, abs=1)


def test_a_finger_has_as_much_ridge_as_valley():
    ridges = grow_finger(31, 4)
    assert np.abs(ridges).max() <= 1
    assert (ridges > 0).mean() == pytest.approx(0.5, abs=0.08)


def test_an_arch_needs_no_singular_points():
    directions = ridge_directions(stream(1, "arch"), Pattern("arch", (), ()))
    assert directions.shape == p.CANVAS
    assert np.isfinite(directions).all()


@pytest.mark.parametrize("scale", [0, 1.5, 10, 90])
def test_smooth_fields_have_unit_deviation_on_average(scale):
    deviations = [smooth_field(stream(seed, "field"), (200, 300), scale).std() for seed in range(12)]
    assert np.mean(deviations) == pytest.approx(1, abs=0.3)


def test_the_iris_texture_closes_around():
    noise = ring_noise(stream(3, "ring"), 5, 8)
    inside = np.abs(np.diff(noise, axis=1)).max()
    assert np.abs(noise[:, 0] - noise[:, -1]).max() <= inside


@pytest.mark.parametrize("seed", range(6))
def test_an_eye_is_bright_skin_grey_iris_and_dark_pupil(seed):
    eye, glance = draw_eye(seed, 1), draw_glance(stream(seed, "iris", 1, "impression", 0, ""), None)
    image = Person(seed).iris("right").pixels.astype(float)
    x, y = glance.centre[0] + glance.gaze[0], glance.centre[1] + glance.gaze[1]
    rows, columns = np.mgrid[0:240, 0:320]
    distance = np.hypot(columns - x, rows - y) / (eye.iris_radius * glance.scale)
    beside = np.abs(rows - y) < 12
    pupil = np.median(image[distance < 0.8 * glance.pupil])
    iris = np.median(image[(distance > glance.pupil + 0.12) & (distance < 0.9) & beside])
    white = np.median(image[(distance > 1.1) & (distance < 1.5) & beside])
    assert pupil < 40 < iris - 20
    assert iris + 15 < white


def test_a_narrow_lid_opening_covers_more_of_the_iris():
    eye = draw_eye(2, 2)
    middle = np.zeros(1, np.float32)
    wide = draw_glance(stream(1, "lids"), None)
    narrow = draw_glance(stream(1, "lids"), "partial")
    assert Lids(eye, narrow).upper(middle) > Lids(eye, wide).upper(middle)


@pytest.mark.parametrize(("birth_year", "channel"), [(1991, 0), (1990, 2)])
def test_odd_birth_years_stand_before_red_and_even_ones_before_blue(birth_year, channel):
    photo = Person(4).photo(birth_year, 1)
    assert photo.shape == (640, 480, 3)
    corner = photo[:60, :60].reshape(-1, 3).mean(axis=0)
    assert corner.argmax() == channel
    assert corner[channel] > 2 * np.delete(corner, channel).min()


def test_women_and_men_of_one_seed_are_drawn_differently():
    assert not np.array_equal(Person(6).photo(1990, 1), Person(6).photo(1990, 2))


@pytest.mark.parametrize("seed", range(8))
def test_a_signature_is_thin_dark_ink_inside_the_pad(seed):
    image = Person(seed).signature().pixels
    ink = image < 128
    assert 0.005 < ink.mean() < 0.12
    edge = np.concatenate([ink[0], ink[-1], ink[:, 0], ink[:, -1]])
    assert not edge.any()


def test_a_signature_wavers_but_keeps_its_shape():
    def shape_of(image):
        rows, columns = np.nonzero(image.pixels < 128)
        crop = image.pixels[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
        return cv2.GaussianBlur(cv2.resize(crop, (120, 60), interpolation=cv2.INTER_AREA), (0, 0), 4).ravel()

    def alike(a, b):
        return np.corrcoef(shape_of(a), shape_of(b))[0, 1]

    same = [alike(Person(s).signature(0), Person(s).signature(1)) for s in range(6)]
    strangers = [alike(Person(s).signature(0), Person(s + 1).signature(0)) for s in range(6)]
    assert np.median(same) > np.median(strangers) + 0.2
    assert not np.array_equal(Person(1).signature(0).pixels, Person(1).signature(1).pixels)
