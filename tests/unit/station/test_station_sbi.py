"""A station that records with SBI devices: what they give passes the same judgement as any other sample."""

import pytest

from rekam.drill.demo import PIN
from rekam.enrolment.sample import Modality, Slot
from rekam.interop.sbi.errors import DeviceGone
from rekam.interop.sbi.simulator.faults import Fault
from rekam.interop.sbi.simulator.people import Bodies
from rekam.interop.sbi.simulator.service import SimulatedService, make_devices
from rekam.station.devices.port import DeviceHealth
from rekam.trust.device_maker import UnsafeDeviceMaker
from rekam.trust.jwt import JwtAltered, Makers
from rekam.trust.random import SeededRandomUnsafeForTests
from rekam.web.testing import PageClient
from sbi_examples import ENV, PORT, bench
from station_counter import OPERATOR
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


def devices_page(counter):
    with PageClient(counter.app()) as client:
        client.post("/sign-in", {"operator": OPERATOR, "pin": PIN})
        return client.get("/devices").text


def test_the_page_of_devices_says_so_where_the_people_are_made_up_and_only_there(counter, held):
    counter.sign_in()
    assert {each.made_up for each in held.devices.state()} == {True}
    assert "Alat tiruan" in devices_page(counter)
    real = UnsafeDeviceMaker.create(held.clock.wall(), "A maker of scanners")
    keys = make_devices(real, held.clock, SeededRandomUnsafeForTests("real"), [Modality.FINGER])
    held.wire.services[PORT] = SimulatedService(real, keys, held.clock, Bodies(bad_attempts=False), env=ENV)
    held.makers[0] = Makers([real.root])
    held.devices.look()
    (ready,) = [each for each in held.devices.state() if each.health is DeviceHealth.READY]
    assert not ready.made_up


@pytest.mark.parametrize("claimed", [None, "", "good", "-1"], ids=["left out", "empty", "a word", "below nothing"])
def test_a_device_that_tells_no_quality_is_judged_by_the_station_alone(counter, sitting, held, monkeypatch, claimed):
    told = held.service._payload

    def silent(*asked):
        payload = told(*asked)
        payload.pop("qualityScore")
        return payload if claimed is None else {**payload, "qualityScore": claimed}

    monkeypatch.setattr(held.service, "_payload", silent)
    good = captured(counter, sitting, FINGER)
    assert (good.good, good.quality >= 70) == (True, True)
    held.service.fault = Fault.LOW_QUALITY
    _, judged = counter.station.sittings.capture(sitting, EYE)
    assert judged.quality < 50
    assert judged.reasons, "what to do is told all the same"


def test_a_plug_pulled_in_mid_capture_and_put_back_costs_nothing_but_that_attempt(counter, sitting, held):
    service = held.wire.services.pop(PORT)
    with pytest.raises(DeviceGone):
        counter.station.sittings.capture(sitting, FINGER)
    assert counter.station.sittings.find(sitting).attempts == {}
    held.wire.services[PORT + 3] = service  # into another socket
    assert captured(counter, sitting, FINGER).good
