"""Devices that lie, hang, break and go away: what is refused, what is told, and that all recovers without a restart."""

import threading
from datetime import timedelta

import pytest

from device_contract import RIGHT_INDEX
from patience import PATIENCE_S
from rekam.enrolment.errors import RekamError
from rekam.enrolment.sample import Modality, Slot
from rekam.interop.sbi.errors import (
    CODES,
    CannotTakeSoMany,
    CertificateNotInForce,
    DeviceBusy,
    DeviceGone,
    DeviceHangs,
    DeviceNotFound,
    DeviceNotReady,
    DeviceSaysOtherwise,
    DeviceUnreadable,
    MakersOwnError,
    NoDevice,
    NothingSeen,
    RegisteredForOther,
    Said,
    WrongMoment,
)
from rekam.interop.sbi.simulator.faults import Fault
from rekam.station.devices.at_once import BOTH_EYES, LEFT_FOUR
from rekam.station.devices.port import DeviceHealth, Wanted
from rekam.trust.jwt import JwtAltered, Makers, NoSuchMaker
from rekam.web.i18n import read_catalogue
from sbi_examples import NOW, PORT, SITTING, bench, service

LIES = [
    (Fault.WRONG_SIGNATURE, JwtAltered, None),
    (Fault.STRANGER, NoSuchMaker, None),
    (Fault.WRONG_CHAIN, DeviceSaysOtherwise, Said.CHAIN),
    (Fault.WRONG_TRANSACTION, DeviceSaysOtherwise, Said.TRANSACTION),
    (Fault.WRONG_SERIAL, DeviceSaysOtherwise, Said.DEVICE),
    (Fault.WRONG_ENVIRONMENT, DeviceSaysOtherwise, Said.ENVIRONMENT),
    (Fault.WRONG_FINGER, DeviceSaysOtherwise, Said.KIND),
    (Fault.OLD_TIMESTAMP, WrongMoment, None),
    (Fault.GARBAGE, DeviceUnreadable, None),
    (Fault.GARBAGE_RECORD, DeviceUnreadable, None),
]


def finger_state(held):
    return next(state for state in held.devices.state() if state.modality is Modality.FINGER)


@pytest.mark.parametrize(("fault", "error", "what"), LIES, ids=[lie[0].value for lie in LIES])
def test_a_lying_device_gives_nothing_and_its_next_honest_answer_counts(fault, error, what):
    held = bench()
    held.service.fault, held.service.times = fault, 1
    with pytest.raises(error) as told:
        held.capture()
    assert type(told.value) is error
    assert told.value.facts.get("what") is what
    assert isinstance(finger_state(held).trouble, error)
    assert held.capture().captured
    assert finger_state(held).trouble is None


@pytest.mark.parametrize("code", sorted(CODES))
def test_each_error_of_the_standard_is_a_sentence_with_what_to_do_in_both_languages(code):
    held = bench()
    held.service.error_code, held.service.times = code, 1
    with pytest.raises(CODES[code]) as told:
        held.capture()
    sentence = str(told.value)
    assert "Rekam simulated finger scanner" in sentence
    indonesian = told.value.text(read_catalogue("errors_id")[told.value.template], "id")
    assert indonesian != sentence
    assert all(text.count(".") >= 2 for text in (sentence, indonesian))
    assert held.capture().captured


def test_a_makers_own_error_shows_its_code_for_the_technician():
    held = bench()
    held.service.error_code, held.service.times = "533", 1
    with pytest.raises(MakersOwnError) as told:
        held.capture()
    assert "533" in str(told.value)


def test_an_unplugged_device_is_told_stays_on_the_list_and_is_found_on_another_port():
    held = bench()
    plugged = held.wire.services.pop(PORT)
    with pytest.raises(DeviceGone) as told:
        held.capture()
    assert "Rekam simulated finger scanner" in str(told.value)
    assert finger_state(held).health is DeviceHealth.GONE
    held.wire.services[PORT + 42] = plugged
    assert held.capture().captured
    assert finger_state(held).health is DeviceHealth.READY


def test_a_device_program_without_its_device_says_to_plug_it_in():
    held = bench()
    held.service.fault, held.service.times = Fault.UNPLUGGED, 1
    with pytest.raises(DeviceNotFound):
        held.capture()
    held.devices.look()
    assert held.capture().captured


@pytest.mark.parametrize(("fault", "error"), [(Fault.BUSY, DeviceBusy), (Fault.NOT_READY, DeviceNotReady)])
def test_a_device_that_is_not_ready_yet_is_told_and_used_once_it_is(fault, error):
    held = bench()
    held.service.fault = fault
    held.devices.look()
    assert isinstance(finger_state(held).trouble, error)
    with pytest.raises(error):
        held.capture()
    held.service.fault = None
    assert held.capture().captured


def test_a_device_that_hangs_is_given_up_and_recovers_by_itself():
    held = bench()
    held.service.fault = Fault.HANG
    with pytest.raises(DeviceHangs):
        held.capture()
    assert finger_state(held).health is DeviceHealth.NOT_READY
    held.devices.look()
    assert finger_state(held).health is DeviceHealth.NOT_READY
    held.service.fault = None
    assert held.capture().captured


def test_a_device_slower_than_it_may_be_is_given_up_and_its_chain_is_not_broken():
    held = bench()
    held.capture()
    held.service.delay_s = 3600
    with pytest.raises(DeviceHangs):
        held.capture()
    held.service.delay_s = 0
    held.devices.look()
    assert held.capture().captured


def test_a_hanging_device_delays_no_other():
    held = bench()
    held.wire.services = {PORT: service(held.clock, [Modality.FINGER]), PORT + 1: service(held.clock, [Modality.IRIS])}
    held.devices.look()
    held.wire.services[PORT].fault = Fault.HANG
    assert held.capture(*BOTH_EYES).captured
    held.devices.look()
    assert held.capture(*BOTH_EYES).captured


def test_a_second_capture_of_a_device_at_work_is_refused_at_once():
    held = bench()
    begun, finish = threading.Event(), threading.Event()
    answer = held.service.captured

    def slow(request):
        begun.set()
        finish.wait(PATIENCE_S)
        return answer(request)

    held.service.captured = slow
    first = threading.Thread(target=held.capture)
    first.start()
    assert begun.wait(PATIENCE_S)
    try:
        assert finger_state(held).health is DeviceHealth.BUSY
        with pytest.raises(DeviceBusy):
            held.capture()
    finally:
        finish.set()
        first.join()
    assert finger_state(held).health is DeviceHealth.READY


def test_a_device_whose_clock_is_years_off_captures_as_long_as_it_is_off_by_the_same():
    held = bench()
    own = type(held.clock)(NOW - timedelta(days=4000))
    held.service.clock = own
    held.devices.look()
    assert held.capture().captured
    held.service.fault, held.service.times = Fault.OLD_TIMESTAMP, 1
    with pytest.raises(WrongMoment):
        held.capture()


def test_an_expired_certificate_is_told_and_does_not_stop_a_counter_that_is_offline():
    held = bench()
    held.service.fault = Fault.EXPIRED
    held.devices.look()
    state = finger_state(held)
    assert state.health is DeviceHealth.READY
    assert isinstance(state.trouble, CertificateNotInForce)
    assert held.capture().captured


def test_a_device_of_a_maker_who_is_not_trusted_is_refused_before_anything_is_captured():
    held = bench()
    trusted = held.makers[0]
    held.makers[0] = Makers()
    held.devices.look()
    assert finger_state(held).health is DeviceHealth.REFUSED
    with pytest.raises(NoSuchMaker):
        held.capture()
    held.makers[0] = trusted  # the office's file was put into the folder: no restart
    assert held.capture().captured


def test_a_device_of_another_environment_is_refused():
    held = bench()
    held.service.env = "Staging"
    held.devices.look()
    with pytest.raises(RegisteredForOther, match="registered for Staging") as told:
        held.capture()
    assert told.value.facts["wanted"] == "Developer"


def test_the_chain_runs_through_a_sitting_over_all_devices_and_begins_anew_for_the_next():
    held = bench()
    asked = []
    answer = held.service.captured

    def noting(request):
        asked.append(request["bio"][0]["previousHash"])
        return answer(request)

    held.service.captured = noting
    held.capture(*LEFT_FOUR)
    held.capture(*BOTH_EYES)
    held.capture(sitting="another")
    assert len({*asked}) == 2
    assert asked[0] == asked[2] != asked[1]


def test_no_two_captures_bear_the_same_number():
    held = bench()
    numbers = []
    answer = held.service.captured

    def noting(request):
        numbers.append(request["transactionId"])
        return answer(request)

    held.service.captured = noting
    held.capture()
    held.capture()
    assert len({*numbers}) == 2
    assert all(4 <= len(number) <= 50 for number in numbers)


def test_nothing_of_the_resident_goes_to_a_device():
    held = bench()
    asked = []
    held.service.captured = lambda request: asked.append(request) or b"{}"
    with pytest.raises(NothingSeen):
        held.capture()
    assert set(asked[0]) == {
        "env",
        "purpose",
        "specVersion",
        "timeout",
        "captureTime",
        "transactionId",
        "bio",
        "customOpts",
    }
    assert asked[0]["customOpts"] == {}


def test_without_a_device_the_page_says_what_to_do():
    held = bench()
    held.wire.services.clear()
    with pytest.raises(NoDevice):
        bench_without_any(held).capture(Wanted((Slot(Modality.IRIS, 1),), SITTING))


def bench_without_any(held):
    from rekam.interop.sbi.devices import SbiDevices

    return SbiDevices(held.wire, lambda: held.makers[0], held.clock, None, env="Developer")


def test_a_scanner_of_single_fingers_says_that_it_cannot_take_four():
    held = bench()
    held.service.finger_kind = "Single"
    held.devices.look()
    with pytest.raises(CannotTakeSoMany):
        held.capture(*LEFT_FOUR)
    assert held.capture(RIGHT_INDEX).captured


def test_a_preview_of_garbage_is_told_and_the_capture_still_works():
    held = bench()
    held.service.fault = Fault.GARBAGE_STREAM
    with pytest.raises(DeviceUnreadable):
        next(held.devices.preview(Wanted((RIGHT_INDEX,), SITTING)))
    held.service.fault = None
    assert held.capture().captured


def test_a_look_at_nothing_but_strangers_finds_nothing_and_says_nothing():
    held = bench()
    held.wire.ask = lambda *_, **__: b"HTTP/1.0 teapot"
    fresh = bench_without_any(held)
    assert fresh.look() == ()
    with pytest.raises(RekamError):
        fresh.capture(Wanted((RIGHT_INDEX,), SITTING))
