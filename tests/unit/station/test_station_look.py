"""What a live preview calls out."""

import cv2
import numpy as np
import pytest

from rekam.abis.synthetic.person import Person
from rekam.enrolment.sample import Modality
from rekam.station.look import glance
from rekam.station.pages.hints import hints


def jpeg(pixels):
    return cv2.imencode(".jpg", pixels)[1].tobytes()


@pytest.mark.parametrize("person", [1, 2, 3])
@pytest.mark.parametrize(
    ("flaw", "advice"),
    [
        (None, ""),
        ("dry", "too-dry"),
        ("wet", "too-wet"),
        ("blur", "blurred"),
        ("light", "light-pressure"),
        ("partial", "partial"),
    ],
)
def test_what_is_wrong_with_a_finger_on_the_glass_is_called_out(person, flaw, advice):
    assert glance(Modality.FINGER, jpeg(Person(person).finger(7, 1, flaw=flaw).pixels), "red").advice == advice


def test_an_empty_glass_asks_for_a_finger():
    assert glance(Modality.FINGER, jpeg(np.full((300, 300), 246, np.uint8)), "red").advice == "nothing"


def test_an_eye_that_moves_or_sits_in_the_dark_is_called_out():
    eye = Person(2).iris(1, 1).pixels
    assert glance(Modality.IRIS, jpeg(eye), "red").advice == ""
    assert glance(Modality.IRIS, jpeg(Person(2).iris(1, 1, flaw="blur").pixels), "red").advice == "blurred"
    assert glance(Modality.IRIS, jpeg(eye // 4), "red").advice == "too-dark"


def test_a_face_is_judged_as_the_photo_will_be_by_the_background_of_the_birth_year():
    face = cv2.cvtColor(Person(2).photo(1991, 1), cv2.COLOR_RGB2BGR)
    good = glance(Modality.PHOTO, jpeg(face), "red")
    assert (good.advice, good.quality >= 90) == ("", True)
    assert glance(Modality.PHOTO, jpeg(face), "blue").advice == "wrong-background"
    assert glance(Modality.PHOTO, jpeg(face // 5), "red").quality < 40


@pytest.mark.parametrize("modality", [Modality.PHOTO, Modality.FINGER, Modality.IRIS])
def test_a_picture_that_cannot_be_read_calls_for_nothing(modality):
    assert glance(modality, b"\xff\xd8broken", "red").advice == ""


def test_everything_that_a_glance_can_say_has_words():
    from rekam.abis.face.quality import PhotoReason

    assert {str(reason) for reason in PhotoReason} <= hints(Modality.PHOTO).keys()
    assert {"nothing", "blurred", "light-pressure", "too-dry", "too-wet", "partial"} <= hints(Modality.FINGER).keys()
    assert {"too-dark", "too-bright", "blurred"} <= hints(Modality.IRIS).keys()
