"""Segmentation against the truth of made-up eyes, under the flaws that mislead it."""

import dataclasses
import math

import cv2
import numpy as np
import pytest

from rekam.abis.errors import AbisError
from rekam.abis.image import GreyImage
from rekam.abis.iris.evidence import doubt_of, require_iris
from rekam.abis.iris.segmentation import segment
from rekam.abis.synthetic.eye import draw_eye, draw_glance
from rekam.abis.synthetic.eye_picture import picture
from rekam.abis.synthetic.eye_truth import eye_truth
from rekam.abis.synthetic.iris_texture import iris_texture
from rekam.abis.synthetic.lids import Lids
from rekam.abis.synthetic.streams import stream

SEEDS = range(3)


def _eye(seed, **glance):
    """The picture, writable, and the truth of person `seed`'s right eye at a glance changed as told."""
    rng = stream(seed, "segmentation")
    eye = draw_eye(seed, 1)
    plain = dataclasses.replace(draw_glance(rng, None), **glance)
    return picture(eye, plain, iris_texture(seed, 1), rng).copy(), eye_truth(eye, plain)


def _errors(found, truth):
    """Largest error of centre or radius of pupil and limbus, each in true limbus radii."""
    for contour, true in ((found.boundaries.pupil, truth.pupil), (found.boundaries.limbus, truth.limbus)):
        circle = contour.circle.scaled(1 / found.working.scale)
        aside = math.hypot(circle.x - true[0], circle.y - true[1])
        yield max(aside, abs(circle.radius - true[2])) / truth.limbus[2]


def _between_lids(truth, points):
    """Bool [...]: which of the points [..., 2] (x, y) no lid covers; lashes and lamps may."""
    glance = truth.glance
    x, y = ((points[..., axis] - glance.centre[axis]) / glance.scale for axis in (0, 1))
    cosine, sine = math.cos(glance.tilt), math.sin(glance.tilt)
    u, v = (x * cosine + y * sine).astype(np.float32), (y * cosine - x * sine).astype(np.float32)
    return Lids(truth.eye, glance).opening(u, v) > 0.5


def _lamp_on_the_edge(pixels, truth):
    x, y, radius = truth.pupil
    cv2.circle(pixels, (round(x + 0.7 * radius), round(y + 0.7 * radius)), 5, 255, -1)


def _two_lamps(pixels, truth):
    x, y, radius = truth.pupil
    for side in (-1, 1):
        cv2.circle(pixels, (round(x + side * radius), round(y)), 4, 255, -1)


def _brow(pixels, truth):
    cv2.ellipse(pixels, (150, 16), (150, 14), 3, 0, 360, 25, -1)


def _glasses(pixels, truth):
    """A dark frame round the eye and the lamp's broad reflection in the glass, beside the iris."""
    cv2.rectangle(pixels, (8, 22), (311, 226), 18, 9)
    cv2.ellipse(pixels, (round(truth.limbus[0] - 92), round(truth.limbus[1] - 20)), (24, 12), 20, 0, 360, 255, -1)


def _nothing(pixels, truth):
    pass


FLAWS = {
    "none": ({}, _nothing),
    "lamp on the pupil's edge": ({}, _lamp_on_the_edge),
    "a lamp either side of the pupil": ({}, _two_lamps),
    "dark brow": ({}, _brow),
    "glasses": ({}, _glasses),
    "drooping lid": ({"opening": 0.7}, _nothing),
    "head tilted 20 degrees": ({"tilt": 0.35}, _nothing),
    "looking aside": ({"gaze": (22.0, 5.0)}, _nothing),
    "wide pupil": ({"pupil": 0.62}, _nothing),
    "narrow pupil": ({"pupil": 0.24}, _nothing),
    "pupil off the middle": ({"pupil_shift": (4.0, -3.0)}, _nothing),
    "far from the camera": ({"scale": 0.75}, _nothing),
    "off-centre": ({"centre": (115.0, 150.0)}, _nothing),
    "out of focus": ({"blur": 2.0}, _nothing),
}


@pytest.mark.parametrize("flaw", FLAWS)
@pytest.mark.parametrize("seed", SEEDS)
def test_pupil_and_limbus_are_found_in_spite_of(flaw, seed):
    glance, spoil = FLAWS[flaw]
    pixels, truth = _eye(seed, **glance)
    spoil(pixels, truth)
    found = segment(GreyImage(pixels))
    pupil, limbus = _errors(found, truth)
    assert pupil < 0.05
    assert limbus < 0.08
    assert doubt_of(found.evidence) is None


@pytest.mark.parametrize("opening", [0.95, 0.8, 0.7])
@pytest.mark.parametrize("seed", SEEDS)
def test_what_counts_as_seen_lies_between_the_lids(seed, opening):
    pixels, truth = _eye(seed, opening=opening)
    found = segment(GreyImage(pixels))
    between = _between_lids(truth, found.sheet / found.working.scale)
    seen = found.visible.pixels
    assert np.mean(seen & ~between) < 0.04
    assert np.mean(seen & between) > 0.7 * np.mean(between)


def test_the_lower_the_lid_the_less_is_seen():
    shares = [segment(GreyImage(_eye(1, opening=opening)[0])).evidence for opening in (1.0, 0.8, 0.65)]
    assert shares[0].lids < shares[1].lids < shares[2].lids
    assert shares[0].visible > shares[1].visible > shares[2].visible


@pytest.mark.parametrize("opening", [0.05, 0.1, 0.15])
@pytest.mark.parametrize("seed", SEEDS)
def test_a_closed_eye_is_refused(seed, opening):
    pixels, _ = _eye(seed, opening=opening)
    with pytest.raises(AbisError):
        require_iris(segment(GreyImage(pixels), "iris-1").evidence, "iris-1")


def _circles(pixels):
    found = segment(GreyImage(np.ascontiguousarray(pixels)))
    scale = 1 / found.working.scale
    return [
        np.array([circle.x, circle.y, circle.radius])
        for circle in (found.boundaries.pupil.circle.scaled(scale), found.boundaries.limbus.circle.scaled(scale))
    ]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_moved_eye_is_found_where_it_went(seed):
    pixels, _ = _eye(seed)
    moved = cv2.warpAffine(pixels, np.float32([[1, 0, 14], [0, 1, -9]]), (320, 240), borderMode=cv2.BORDER_REPLICATE)
    for before, after in zip(_circles(pixels), _circles(moved), strict=True):
        assert np.abs(after - before - (14, -9, 0)).max() < 1.5


@pytest.mark.parametrize("seed", SEEDS)
def test_a_mirrored_eye_is_found_mirrored(seed):
    pixels, _ = _eye(seed)
    for before, after in zip(_circles(pixels), _circles(pixels[:, ::-1]), strict=True):
        assert np.abs(after - (319 - before[0], before[1], before[2])).max() < 1.5


@pytest.mark.parametrize("change", ["dim", "brighter", "darker middle tones", "lighter middle tones"])
def test_brightness_does_not_move_the_contours(change):
    pixels, _ = _eye(0)
    levels = np.arange(256)
    curve = {
        "dim": levels * 0.5 + 20,
        "brighter": levels * 0.9 + 25,
        "darker middle tones": 255 * (levels / 255) ** 1.4,
        "lighter middle tones": 255 * (levels / 255) ** 0.75,
    }[change]
    changed = curve.astype(np.uint8)[pixels]
    assert doubt_of(segment(GreyImage(changed)).evidence) is None
    for before, after in zip(_circles(pixels), _circles(changed), strict=True):
        assert np.abs(after - before).max() < 1.5


def test_every_candidate_and_step_can_be_looked_at():
    found = segment(GreyImage(_eye(1)[0]))
    assert found.eye in found.eyes
    assert found.sheet.shape == (*found.strip.shape, 2)
    assert found.visible.pixels.shape == found.strip.shape
