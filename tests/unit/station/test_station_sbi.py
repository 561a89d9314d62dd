"""A station that records with SBI devices: what they give passes the same judgement as any other sample."""

import pytest

from rekam.enrolment.sample import Slot
from rekam.interop.sbi.errors import DeviceGone
from rekam.interop.sbi.simulator.faults import Fault
from rekam.trust.jwt import JwtAltered
from sbi_examples import PORT, bench
from station_counter import counter as make_counter

FINGER, EYE, PHOTO = Slot.parse("finger-2"), Slot.parse("iris-1"), Slot.parse("photo")


@pytest.fixture
def held():
    return bench()


@pytest.fixture
def counter(tmp_path, held):
    made = make_counter(tmp_path / "country", device=held.devices)
    yield made
    made.station.close()


@pytest.fixture
def sitting(counter):
    operator = counter.sign_in()
    return counter.station.sittings.open(counter.adults()[0].nik, operator).sitting_id


def captured(counter, sitting, slot):
    return counter.station.sittings.capture(sitting, slot)[0].captures[slot]


@pytest.mark.parametrize("slot", [FINGER, EYE], ids=str)
def test_a_print_and_an_eye_from_a_device_are_good_enough_to_keep(counter, sitting, slot):
    kept = captured(counter, sitting, slot)
    assert kept.good, kept.reasons
    assert kept.media_type == "image/png"
    assert "SIM" in kept.device


def test_a_photo_is_kept_once_the_right_cloth_hangs_behind(counter, sitting):
    captured(counter, sitting, PHOTO)
    assert captured(counter, sitting, PHOTO).good


def test_a_lie_or_a_pulled_plug_keeps_the_sitting_as_it_was(counter, sitting, held):
    before = captured(counter, sitting, FINGER)
    held.service.fault, held.service.times = Fault.WRONG_SIGNATURE, 1
    with pytest.raises(JwtAltered):
        captured(counter, sitting, FINGER)
    del held.wire.services[PORT]
    with pytest.raises(DeviceGone):
        captured(counter, sitting, FINGER)
    after = counter.station.sittings.find(sitting)
    assert after.captures[FINGER].image == before.image
    assert after.attempts[FINGER] == before.attempts
