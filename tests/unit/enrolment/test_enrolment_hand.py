"""A photo of the hand belongs to a recording whose fingers are missing for a reason that can be seen."""

from dataclasses import replace

import pytest
from enrolment_strategies import sittings
from hypothesis import HealthCheck, given, settings

from rekam.enrolment.enrolment import Enrolment
from rekam.enrolment.hand import hand_of, hands_to_show
from rekam.enrolment.manifest import ManifestVersionUnknown
from rekam.enrolment.problems import Problem, ProblemKind
from rekam.enrolment.sample import ALL_SLOTS, ExceptionReason, Modality, Sample, SampleException, Slot

relaxed = settings(suppress_health_check=[HealthCheck.too_slow], max_examples=10, deadline=None)
RIGHT, LEFT = Slot(Modality.HAND, 1), Slot(Modality.HAND, 2)


def held(name, reason):
    return SampleException(Slot.parse(name), reason, 0, None, "spv")


@pytest.mark.parametrize(
    ("exceptions", "asked"),
    [
        ([], ()),
        ([("finger-2", ExceptionReason.AMPUTATED)], (RIGHT,)),
        ([("finger-6", ExceptionReason.BANDAGED), ("finger-10", ExceptionReason.WORN)], (LEFT,)),
        ([("finger-7", ExceptionReason.INJURED), ("finger-1", ExceptionReason.AMPUTATED)], (RIGHT, LEFT)),
        ([("finger-3", ExceptionReason.WORN), ("finger-4", ExceptionReason.UNABLE)], ()),
        ([("iris-1", ExceptionReason.BANDAGED), ("iris-2", ExceptionReason.INJURED)], ()),
    ],
    ids=["nothing missing", "one finger", "worn ones do not count", "both hands", "nothing to see", "eyes"],
)
def test_a_hand_is_shown_where_the_reason_can_be_seen_on_it(exceptions, asked):
    assert hands_to_show(held(name, reason) for name, reason in exceptions) == asked


def test_positions_one_to_five_are_the_right_hands():
    assert [hand_of(Slot(Modality.FINGER, position)) for position in (1, 5, 6, 10)] == [RIGHT, RIGHT, LEFT, LEFT]


def test_a_hand_is_none_of_the_fourteen_and_lies_between_fingers_and_eyes():
    assert len(ALL_SLOTS) == 14
    assert RIGHT not in ALL_SLOTS
    assert Slot.parse("finger-10") < RIGHT < LEFT < Slot.parse("iris-1")
    assert Slot.parse("hand-2") == LEFT


@relaxed
@given(sittings())
def test_a_recording_without_a_hand_is_written_as_it_always_was_and_one_with_a_hand_says_so(enrolment):
    assert enrolment.manifest()["version"] == 1
    photo = Sample(RIGHT, "image/jpeg", b"a hand", 90, 1, "browser")
    shown = replace(enrolment, samples=(*enrolment.samples, photo))
    manifest = shown.manifest()
    assert manifest["version"] == 2
    images = {sample.slot: sample.image for sample in shown.samples}
    read = Enrolment.from_manifest(manifest, images)
    assert read.sample(RIGHT) == photo
    assert read.problems() == enrolment.problems(), "no packet is refused for a hand, with or without its photo"
    unable = replace(enrolment, exceptions=(*enrolment.exceptions, held("hand-1", ExceptionReason.NO_CAMERA)))
    assert unable.manifest()["version"] == 2


@relaxed
@given(sittings())
def test_a_hand_twice_is_told_and_a_version_from_the_future_is_no_nonsense(enrolment):
    photo = Sample(LEFT, "image/jpeg", b"a hand", 90, 1, "browser")
    twice = replace(enrolment, samples=(*enrolment.samples, photo, photo))
    assert Problem(ProblemKind.SLOT_TWICE, LEFT) in twice.problems()
    with pytest.raises(ManifestVersionUnknown):
        Enrolment.from_manifest({**enrolment.manifest(), "version": 4}, {})
