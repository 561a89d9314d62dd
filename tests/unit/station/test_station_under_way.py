"""Captures that go on while pages come and go, with devices that hang, fail and answer late."""

import threading
import time

import pytest

from patience import PATIENCE_S
from rekam.drill.demo import PIN, SUPERVISOR_PIN
from rekam.enrolment.sample import Slot
from rekam.station.devices.port import NothingCaptured
from rekam.station.pages import taking
from rekam.web.testing import PageClient
from station_counter import OPERATOR, SUPERVISOR
from station_counter import capture as picture

PHOTO, SIGNATURE = Slot.parse("photo"), Slot.parse("signature")


@pytest.fixture
def device(moody):
    return moody


@pytest.fixture
def counter(moody_counter):
    return moody_counter


@pytest.fixture
def client(counter, monkeypatch):
    monkeypatch.setattr(taking, "PATIENCE_S", 0.05)
    with PageClient(counter.app()) as client:
        client.post("/sign-in", {"operator": OPERATOR, "pin": PIN})
        yield client


@pytest.fixture
def at(client, counter):
    at = client.post("/sittings", {"nik": counter.adults()[0].nik}).headers["location"]
    client.post(f"{at}/biodata")
    return at


def settled(client, at):
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if client.get(f"{at}/capture").json()["going"] is None:
            return
        threading.Event().wait(0.02)
    raise AssertionError("the capture did not end")


def attempts(counter, at):
    return sum(counter.station.sittings.find(at.rpartition("/")[2]).attempts.values())


def test_a_device_that_hangs_leaves_the_page_free_with_three_ways_on(client, at, device, counter):
    device.free.clear()
    assert client.post(f"{at}/capture", {"slot": "photo"}).headers["location"] == f"{at}/photo"
    waiting = client.get(f"{at}/photo").text
    assert "Sedang mengambil" in waiting
    counter.clock.advance(9)
    slow = client.get(f"{at}/photo").text
    assert "Alat belum menjawab" in slow
    assert all(words in slow for words in ("Coba lagi", "Lewati dulu", "Kecualikan"))
    assert client.post(f"{at}/give-up", {"skip": "1"}).headers["location"] == f"{at}/signature"
    assert client.get(f"{at}/capture").json() == {"going": None}


def test_a_slow_capture_leads_on_without_a_key_as_a_quick_one_does(client, device, counter):
    eyes = tuple(Slot.parse(f"iris-{side}") for side in (1, 2))
    sitting_id = counter.filled(counter.adults()[0].nik, counter.sign_in(), leave=eyes)
    at = f"/sittings/{sitting_id}"
    device.free.clear()
    assert client.post(f"{at}/capture", {"slot": [str(eye) for eye in eyes]}).headers["location"] == f"{at}/irises"
    device.free.set()
    settled(client, at)
    assert client.get(f"{at}/capture").json() == {"going": None, "to": f"{at}/review"}


def test_an_answer_that_comes_after_the_capture_was_given_up_is_not_used(client, at, device, counter):
    device.free.clear()
    client.post(f"{at}/capture", {"slot": "photo"})
    client.post(f"{at}/give-up")
    late = [thread for thread in threading.enumerate() if thread.name == "capture"]
    device.free.set()
    for thread in late:
        thread.join(PATIENCE_S)
    assert (device.asked, attempts(counter, at)) == (1, 0)


def test_a_double_click_and_a_second_tab_take_one_capture(client, at, device, counter):
    device.free.clear()
    for _ in range(3):
        client.post(f"{at}/capture", {"slot": "photo", "seen": "0"})
    device.free.set()
    settled(client, at)
    client.post(f"{at}/capture", {"slot": "photo", "seen": "0"})  # a tab that shows the state before
    assert (device.asked, attempts(counter, at)) == (1, 1)
    client.post(f"{at}/capture", {"slot": "photo", "seen": "1"})
    settled(client, at)
    assert (device.asked, attempts(counter, at)) == (2, 2)


def test_a_capture_ends_for_the_page_that_comes_back(client, at, device, counter):
    device.free.clear()
    client.post(f"{at}/capture", {"slot": "photo"})
    client.get("/")
    device.free.set()
    settled(client, at)
    assert "Pas foto selesai" in client.get(f"{at}/photo").text
    assert attempts(counter, at) == 1


def test_a_device_that_fails_costs_no_attempt_and_starts_nothing_by_itself(client, at, device, counter):
    device.fault = NothingCaptured(slot=PHOTO, reason="the cable")
    client.post(f"{at}/capture", {"slot": "photo"})
    settled(client, at)
    page = client.get(f"{at}/photo").text
    assert 'role="alert"' in page
    assert "data-automatic" not in page.partition('id="frame"')[2].partition(">")[0]
    assert attempts(counter, at) == 0


def test_a_device_whose_program_breaks_is_told_in_a_sentence(client, at, device):
    device.fault = ZeroDivisionError()
    client.post(f"{at}/capture", {"slot": "photo"})
    settled(client, at)
    assert "ZeroDivisionError" in client.get(f"{at}/photo").text


def test_a_power_cut_during_a_capture_costs_that_attempt_alone(client, at, device, counter):
    client.post(f"{at}/capture", {"slot": "photo"})
    settled(client, at)
    device.free.clear()
    client.post(f"{at}/capture", {"slot": "signature"})
    counter.restart()
    counter.sign_in()
    kept = counter.station.sittings.find(at.rpartition("/")[2])
    assert (set(kept.captures), kept.attempts) == ({PHOTO}, {PHOTO: 1})


def test_several_exceptions_are_noted_at_once_and_one_pin_confirms_them_all_at_saving(client, counter):
    three = [Slot.parse(f"finger-{position}") for position in (7, 8, 10)]
    sitting_id = counter.filled(counter.adults()[0].nik, counter.sign_in(), leave=tuple(three))
    at = f"/sittings/{sitting_id}"
    offered = [str(slot) for slot in three]
    page = client.get(f"{at}/exception?slot=finger-7&slot=finger-8&slot=finger-10").text
    assert page.count('name="offered"') == 3
    refused = client.post(f"{at}/exception", {"offered": offered, "reason": "worn"})
    assert "Tidak ada yang dipilih" in refused.text
    assert client.post(f"{at}/exception", {"offered": offered, "slot": offered}).status_code == 422
    given = {"offered": offered, "slot": offered, "reason": "worn"}
    assert client.post(f"{at}/exception", given).headers["location"] == f"{at}/review"
    review = client.get(f"{at}/review").text
    assert "Simpan rekaman" in review
    assert client.post(f"{at}/review", {"consent": "yes"}).status_code == 422, "no supervisor, nothing saved"
    wrong = {"consent": "yes", "supervisor": SUPERVISOR, "pin": "000000"}
    assert client.post(f"{at}/review", wrong).status_code == 422
    saved = client.post(f"{at}/review", {**wrong, "pin": SUPERVISOR_PIN})
    assert saved.headers["location"].endswith("/saved")
    assert counter.station.here.recordings.count() == 1


def test_an_exception_that_was_a_mistake_is_taken_back(client, counter):
    sitting_id = counter.filled(counter.adults()[0].nik, counter.sign_in(), leave=(SIGNATURE,))
    at = f"/sittings/{sitting_id}"
    client.post(f"{at}/exception", {"offered": "signature", "slot": "signature", "reason": "unable"})
    assert SIGNATURE in counter.station.sittings.find(sitting_id).exceptions
    back = client.post(f"{at}/exception/take-back", {"slot": "signature"})
    assert back.headers["location"] == f"{at}/signature?slot=signature"
    assert SIGNATURE not in counter.station.sittings.find(sitting_id).exceptions


def test_a_picture_is_good_or_weak_whatever_else_was_captured_with_it(counter):
    operator = counter.sign_in()
    sitting_id = counter.station.sittings.open(counter.adults()[0].nik, operator).sitting_id
    fingers = [Slot.parse(f"finger-{position}") for position in (7, 8)]
    sitting = counter.station.sittings.find(sitting_id)
    good = picture(fingers[0], quality=100)
    counter.station.here.drafts.keep(sitting.with_capture(good), good)
    outcome = counter.station.sittings.capture_together(sitting_id, fingers)
    assert outcome.sitting.captures[fingers[0]].image == good.image, "the better one stays"
    assert {str(slot): count for slot, count in outcome.sitting.attempts.items()} == {"finger-7": 2, "finger-8": 1}
