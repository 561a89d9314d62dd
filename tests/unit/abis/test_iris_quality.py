import dataclasses

import numpy as np
import pytest

from rekam.abis.errors import ExtractionFailed, WrongKindOfImage
from rekam.abis.iris import segmentation_parameters as p
from rekam.abis.iris.contour import Contour
from rekam.abis.iris.evidence import Evidence, doubt_of, require_iris
from rekam.abis.iris.flaws import Flaws
from rekam.abis.iris.grain import Grain
from rekam.abis.iris.quality import iris_quality
from rekam.abis.iris.template import IrisReason
from rekam.abis.iris.working_image import WorkingImage

GOOD = Evidence(
    pupil_contrast=28.0,
    limbus_contrast=12.0,
    pupil_support=0.95,
    limbus_support=0.75,
    drop=70.0,
    clarity=10.0,
    roughness=0.1,
    dilation=0.4,
    sharpness=20.0,
    visible=0.9,
)
CLEAN = Flaws(evenness=0.95, grain=Grain(coarse=3.0, fine=2.5, repetition=0.15), glare=0.0, upright=0.2, eyes=1)


def _working(scale=2.0):
    blank = np.zeros((480, 640), np.float32)
    return WorkingImage(blank, blank, scale)


def _limbus(x=320.0, radius=110.0):
    return Contour(x, 240.0, np.full(p.CONTOUR_ANGLES, radius), 1.0)


def test_a_good_image_has_full_quality_and_no_reason():
    assert iris_quality(_working(), _limbus(), GOOD, CLEAN) == (100, ())


@pytest.mark.parametrize(
    ("flaw", "reason"),
    [
        ({"visible": 0.5}, IrisReason.COVERED),
        ({"sharpness": 9.0}, IrisReason.BLURRED),
        ({"limbus_contrast": 5.5}, IrisReason.FAINT),
        ({"drop": 18.0}, IrisReason.FAINT),
        ({"dilation": 0.72}, IrisReason.DILATED),
        ({"dilation": 0.16}, IrisReason.CONSTRICTED),
    ],
    ids=["lids", "focus", "faint limbus", "faint pupil", "wide pupil", "pinhole pupil"],
)
def test_each_flaw_is_named_and_costs_quality(flaw, reason):
    quality, reasons = iris_quality(_working(), _limbus(), dataclasses.replace(GOOD, **flaw), CLEAN)
    assert reasons == (reason,)
    assert quality < 60


@pytest.mark.parametrize(
    ("flaw", "reason"),
    [
        ({"evenness": 0.5}, IrisReason.MOTION),
        ({"grain": Grain(3.0, 2.5, 0.5)}, IrisReason.CONTACT_LENS),
        ({"grain": Grain(1.2, 0.8, 0.15)}, IrisReason.NO_TEXTURE),
        ({"grain": Grain(3.0, 5.0, 0.15)}, IrisReason.NO_TEXTURE),
        ({"glare": 0.08}, IrisReason.GLASSES_REFLECTIONS),
        ({"upright": -0.08}, IrisReason.TURNED),
        ({"eyes": 2}, IrisReason.SEVERAL_EYES),
    ],
    ids=["moved", "printed lens", "no texture", "noise only", "glasses", "lying", "two eyes"],
)
def test_each_flaw_that_an_operator_can_put_right_is_named(flaw, reason):
    quality, reasons = iris_quality(_working(), _limbus(), GOOD, dataclasses.replace(CLEAN, **flaw))
    assert reasons == (reason,)
    assert quality < 60


def test_looking_aside_is_named():
    aside = dataclasses.replace(GOOD, pupil_flattening=0.06, limbus_flattening=0.015)
    quality, reasons = iris_quality(_working(), _limbus(), aside, CLEAN)
    assert reasons == (IrisReason.GAZE,)
    assert quality < 60


def test_an_iris_cut_by_the_border_is_off_centre():
    quality, reasons = iris_quality(_working(), _limbus(x=50.0), GOOD, CLEAN)
    assert reasons == (IrisReason.OFF_CENTRE,)
    assert quality < 60


def test_an_iris_of_few_source_pixels_is_small():
    _, reasons = iris_quality(_working(scale=4.0), _limbus(), GOOD, CLEAN)
    assert reasons == (IrisReason.SMALL,)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("pupil_contrast", 10.0),
        ("limbus_contrast", 3.0),
        ("limbus_support", 0.1),
        ("pupil_flattening", 0.5),
        ("drop", 5.0),
        ("clarity", 1.0),
        ("roughness", 0.9),
        ("dilation", 0.9),
    ],
)
def test_what_does_not_look_like_an_eye_is_the_wrong_kind_of_image(field, value):
    with pytest.raises(WrongKindOfImage, match="iris-1"):
        require_iris(dataclasses.replace(GOOD, **{field: value}), "iris-1")


def test_an_eye_of_which_too_little_is_seen_fails_with_the_share():
    with pytest.raises(ExtractionFailed, match="12%"):
        require_iris(dataclasses.replace(GOOD, visible=0.12), "iris-2")


def test_a_good_eye_passes():
    require_iris(GOOD, "iris-1")
    assert doubt_of(GOOD) is None
