"""What every capture device owes the station, whichever adapter speaks to it."""

import io
from dataclasses import dataclass
from itertools import islice

import pytest
from PIL import Image

from rekam.enrolment.errors import RekamError
from rekam.enrolment.sample import ALL_SLOTS, HAND_SLOTS, Modality, Slot
from rekam.station.devices.at_once import BOTH_EYES, LEFT_FOUR, THUMBS
from rekam.station.devices.port import Device, DeviceHealth, Wanted

PHOTO, RIGHT_INDEX = Slot(Modality.PHOTO), Slot(Modality.FINGER, 2)
GROUPS = {
    "four fingers": LEFT_FOUR,
    "two thumbs": THUMBS,
    "both eyes": BOTH_EYES,
    "one finger": (RIGHT_INDEX,),
    "a photo": (PHOTO,),
}


@dataclass
class DeviceHarness:
    """A device that is there and well, with somebody in front of it."""

    device: Device
    resident: object = None
    sitting: str = "5b0f9b1c6e2a4d3f8c7a1e0d9b8f7a6c"

    def wanted(self, *slots, **more):
        return Wanted(slots, self.sitting, self.resident, **more)


class DeviceContract:
    """Subclasses give the fixture `harness`."""

    @pytest.mark.parametrize("group", GROUPS.values(), ids=GROUPS)
    def test_one_capture_fills_every_slot_that_was_asked_for_each_with_a_picture(self, harness, group):
        shot = harness.device.capture(harness.wanted(*group))
        assert [captured.slot for captured in shot.captured] == list(group)
        assert not shot.missed
        for captured in shot.captured:
            with Image.open(io.BytesIO(captured.image)) as picture:
                assert picture.width >= 100
                assert picture.height >= 100
            assert captured.media_type.startswith("image/")
            assert captured.device
            assert captured.quality is None or 0 <= captured.quality <= 100

    def test_a_finger_that_the_resident_does_not_have_is_told_and_the_others_come(self, harness):
        gone = LEFT_FOUR[1]
        shot = harness.device.capture(harness.wanted(*LEFT_FOUR, missing=frozenset({gone})))
        assert [captured.slot for captured in shot.captured] == [slot for slot in LEFT_FOUR if slot != gone]
        assert set(shot.missed) == {gone}

    def test_two_attempts_at_a_finger_are_two_pictures(self, harness):
        first = harness.device.capture(harness.wanted(RIGHT_INDEX))
        second = harness.device.capture(harness.wanted(RIGHT_INDEX, attempts={RIGHT_INDEX: 2}))
        assert first.captured[0].image != second.captured[0].image

    @pytest.mark.parametrize("group", GROUPS.values(), ids=GROUPS)
    def test_the_preview_shows_whole_jpeg_pictures_for_as_long_as_it_is_asked(self, harness, group):
        frames = harness.device.preview(harness.wanted(*group))
        for frame in islice(frames, 5):
            with Image.open(io.BytesIO(frame.jpeg)) as picture:
                assert picture.format == "JPEG"
                picture.load()
            assert frame.quality is None or 0 <= frame.quality <= 100
        frames.close()

    def test_after_a_preview_that_was_closed_the_device_captures(self, harness):
        frames = harness.device.preview(harness.wanted(RIGHT_INDEX))
        next(frames)
        frames.close()
        assert harness.device.capture(harness.wanted(RIGHT_INDEX)).captured

    def test_it_tells_which_devices_there_are_and_what_they_take_at_once(self, harness):
        states = harness.device.state()
        assert {Modality.PHOTO, Modality.FINGER, Modality.IRIS} <= {state.modality for state in states}
        assert len({state.key for state in states}) == len(states)
        for state in states:
            assert state.name
            assert state.health is DeviceHealth.READY
            assert state.trouble is None
            assert all(
                slot in (*ALL_SLOTS, *HAND_SLOTS) and slot.modality is state.modality
                for group in state.at_once
                for slot in group
            )
            assert state.at_once

    def test_what_cannot_be_captured_is_an_error_that_says_what_to_do(self, harness):
        with pytest.raises(RekamError) as told:
            harness.device.capture(harness.wanted(RIGHT_INDEX, missing=frozenset({RIGHT_INDEX})))
        assert len(str(told.value).split(".")) > 2
