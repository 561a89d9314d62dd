import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekam.enrolment.sample import (
    ALL_SLOTS,
    REASON_WORDS,
    EmptySample,
    ExceptionReason,
    InvalidSample,
    Modality,
    ReasonDoesNotFit,
    Sample,
    SampleException,
    Slot,
)
from rekam.enrolment.slot import UnknownSlot


def test_a_sitting_has_fourteen_slots_in_capture_order():
    fingers = [f"finger-{position}" for position in range(1, 11)]
    assert [str(slot) for slot in ALL_SLOTS] == ["photo", "signature", *fingers, "iris-1", "iris-2"]
    assert sorted(ALL_SLOTS, reverse=True) == list(reversed(ALL_SLOTS))


@given(st.sampled_from(ALL_SLOTS))
def test_a_slot_reads_back_from_its_name_and_has_labels(slot):
    assert Slot.parse(str(slot)) == slot
    assert slot.label() != slot.label("en")


@given(st.text(max_size=12) | st.from_regex(r"(finger|iris|photo)-?[0-9]{0,3}", fullmatch=True))
def test_only_the_fourteen_names_are_slots(text):
    if text in map(str, ALL_SLOTS):
        assert str(Slot.parse(text)) == text
    else:
        with pytest.raises(UnknownSlot):
            Slot.parse(text)


@pytest.mark.parametrize(("modality", "position"), [("finger", 0), ("finger", 11), ("iris", 3), ("photo", 1)])
def test_positions_that_no_body_has_are_refused(modality, position):
    with pytest.raises(UnknownSlot):
        Slot(Modality(modality), position)


def test_a_sample_is_known_by_the_digest_of_its_image():
    sample = Sample(Slot.parse("iris-1"), "image/png", b"eye", 70, 1, "simulated/1")
    assert sample.digest == hashlib.sha256(b"eye").digest()
    assert sample.forced is False


@pytest.mark.parametrize(
    ("facts", "error"),
    [
        ({"image": b""}, EmptySample),
        ({"quality": 101}, InvalidSample),
        ({"quality": -1}, InvalidSample),
        ({"attempts": 0}, InvalidSample),
    ],
)
def test_an_impossible_sample_is_refused(facts, error):
    usable = {"image": b"x", "quality": 50, "attempts": 1}
    with pytest.raises(error, match="finger-7"):
        Sample(slot=Slot.parse("finger-7"), media_type="image/png", device="d", **{**usable, **facts})


def test_a_blind_eye_explains_an_iris_and_no_finger():
    held = SampleException(Slot.parse("iris-1"), ExceptionReason.BLIND_EYE, 0, None, "supervisor-1")
    assert held.note == ""
    with pytest.raises(ReasonDoesNotFit):
        SampleException(Slot.parse("finger-1"), ExceptionReason.BLIND_EYE, 0, None, "supervisor-1")


def test_every_photo_is_taken_and_every_other_kind_of_sample_has_reasons_to_choose_from():
    assert ExceptionReason.choices(Modality.PHOTO) == ()
    for modality in (Modality.SIGNATURE, Modality.FINGER, Modality.IRIS):
        assert ExceptionReason.UNABLE in ExceptionReason.choices(modality)
        assert ExceptionReason.NOT_HELD not in ExceptionReason.choices(modality)
    assert set(REASON_WORDS) == set(ExceptionReason)


def test_impossible_exceptions_are_refused():
    with pytest.raises(InvalidSample):
        SampleException(Slot.parse("finger-1"), ExceptionReason.WORN, -1, None, "")
    with pytest.raises(InvalidSample):
        SampleException(Slot.parse("finger-1"), ExceptionReason.WORN, 3, 200, "")
