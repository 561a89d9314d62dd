"""What a resident is asked for at once."""

from dataclasses import replace

import pytest

from rekam.enrolment.sample import ExceptionReason, Modality, Slot
from rekam.station.devices.at_once import BOTH_EYES, LEFT_FOUR, RIGHT_FOUR, SLAPS, THUMBS, singly
from rekam.station.devices.port import DeviceHealth, DeviceState
from rekam.station.placement import groups_of, next_placement
from station_counter import capture

FINGERS = tuple(Slot(Modality.FINGER, position) for position in range(1, 11))


@pytest.fixture
def sitting(counter, operator):
    return counter.station.sittings.open(counter.adults()[0].nik, operator)


def holding(sitting, *slots, good=True):
    for slot in slots:
        sitting = sitting.with_capture(capture(slot, good=good))
    return sitting


def test_left_four_right_four_and_both_thumbs_follow_one_another(sitting):
    asked = []
    while placement := next_placement(sitting, FINGERS, SLAPS):
        asked.append(placement)
        sitting = holding(sitting, *placement)
    assert asked == [LEFT_FOUR, RIGHT_FOUR, THUMBS]


def test_one_weak_finger_of_a_slap_is_repeated_alone_and_two_with_their_hand(sitting):
    one_weak = holding(holding(sitting, *LEFT_FOUR), LEFT_FOUR[2], good=False)
    assert next_placement(one_weak, FINGERS, SLAPS) == (LEFT_FOUR[2],)
    assert next_placement(holding(one_weak, LEFT_FOUR[0], good=False), FINGERS, SLAPS) == LEFT_FOUR


def test_a_hand_with_an_excepted_finger_is_still_placed_as_a_whole(sitting):
    without = sitting.with_exception(LEFT_FOUR[0], ExceptionReason.AMPUTATED, "")
    assert next_placement(without, FINGERS, SLAPS) == LEFT_FOUR


def test_a_scanner_for_one_finger_asks_for_one_finger_after_the_other(sitting):
    assert next_placement(sitting, FINGERS, ()) == (FINGERS[0],)
    assert next_placement(holding(sitting, FINGERS[0]), FINGERS, ()) == (FINGERS[1],)


def test_what_can_be_placed_at_once_is_what_a_device_says_of_itself():
    slaps = DeviceState("f", "Scanner", "1", Modality.FINGER, DeviceHealth.READY, (*SLAPS, *singly(Modality.FINGER)))
    one_eye = DeviceState("i", "Camera", "2", Modality.IRIS, DeviceHealth.READY, singly(Modality.IRIS))
    assert groups_of([slaps, one_eye], Modality.FINGER) == SLAPS
    assert groups_of([slaps, one_eye], Modality.IRIS) == ()
    gone = replace(one_eye, health=DeviceHealth.GONE, at_once=(BOTH_EYES,))
    assert groups_of([gone], Modality.IRIS) == (BOTH_EYES,), "an unplugged scanner changes no instruction"
