"""A simulated SBI device in a process of its own: plugged in, pulled, stuck, and back, with nothing restarted here."""

import json
from itertools import islice

import numpy as np
import pytest

from device_contract import RIGHT_INDEX
from patience import PATIENCE_S
from rekam.abis.synthetic.png import encode_png
from rekam.apps.devices_command import app
from rekam.enrolment.sample import ALL_SLOTS, Modality
from rekam.exchange.lanes import ThreadLanes
from rekam.interop.sbi.devices import SbiDevices
from rekam.interop.sbi.errors import DeviceBusy, DeviceGone, DeviceHangs
from rekam.interop.sbi.http_wire import HttpWire
from rekam.station.devices.at_once import LEFT_FOUR
from rekam.station.devices.port import DeviceHealth, Wanted
from rekam.trust.clock import SystemClock
from rekam.trust.jwt import Makers
from rekam.trust.random import SystemRandom
from sbi_process import Plugged, free_ports

SITTING = "0" * 32


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Images instead of made-up people, who take a while to grow."""
    home = tmp_path_factory.mktemp("devices")
    (home / "images").mkdir()
    for slot in ALL_SLOTS:
        shade = np.full((400, 300), 40 + 10 * slot.position, np.uint8)
        (home / "images" / f"{slot}.png").write_bytes(encode_png(shade, dpi=500))
    return home


@pytest.fixture(scope="module")
def ports():
    with free_ports(4560, 4601) as free:
        yield free


@pytest.fixture(scope="module")
def process(home, ports):
    with Plugged(home, ports[0], images(home)) as process:
        yield process


@pytest.fixture(autouse=True)
def alone(monkeypatch, ports):
    """Other tests of this run plug in devices of their own beside these; on a busy machine an answer may take long."""
    monkeypatch.setattr("rekam.interop.sbi.finder.PORTS", ports[:2])
    monkeypatch.setattr("rekam.interop.sbi.finder.WITHIN_S", PATIENCE_S)


def images(home):
    return ("--images", str(home / "images"))


@pytest.fixture
def devices(home):
    clock = SystemClock()
    makers = home / "makers"
    return SbiDevices(
        HttpWire(clock),
        lambda: Makers.of_folder(makers),
        clock,
        SystemRandom(),
        env="Developer",
        lanes=ThreadLanes(8),
        capture_s=PATIENCE_S,
    )


def finger(devices):
    return next(state for state in devices.state() if state.key.startswith("finger"))


def test_devices_are_found_previewed_and_captured_from(process, devices):
    assert len(devices.look()) == 3
    frames = devices.preview(Wanted(LEFT_FOUR, SITTING))
    assert all(frame.jpeg.startswith(b"\xff\xd8") for frame in islice(frames, 3))
    frames.close()
    shot = devices.capture(Wanted(LEFT_FOUR, SITTING))
    assert [captured.slot for captured in shot.captured] == list(LEFT_FOUR)


def test_faults_are_ordered_while_it_runs_and_nonsense_is_refused(process, devices):
    assert process.order(fault="sing").status_code == 422
    assert process.order(error_code="111", times=1).status_code == 200
    with pytest.raises(DeviceBusy):
        devices.capture(Wanted((RIGHT_INDEX,), SITTING))
    assert devices.capture(Wanted((RIGHT_INDEX,), SITTING)).captured


def test_a_stuck_device_is_given_up_and_used_again_once_it_answers(process, devices, monkeypatch):
    devices.look()
    process.stop()
    with monkeypatch.context() as hurried:
        hurried.setattr("rekam.interop.sbi.finder.WITHIN_S", 0.5)
        for wait in ("_capture_s", "_grace_s"):
            hurried.setattr(devices, wait, 0.5)
        try:
            with pytest.raises(DeviceHangs):
                devices.capture(Wanted((RIGHT_INDEX,), SITTING))
            devices.look()
            assert finger(devices).health is DeviceHealth.NOT_READY
        finally:
            process.go_on()
    assert devices.capture(Wanted((RIGHT_INDEX,), SITTING)).captured


def test_the_command_line_says_what_is_plugged_in(process, home, capsys):
    arguments = ["list", "--makers", str(home / "makers"), "--environment", "Developer", "--json"]
    with pytest.raises(SystemExit) as ended:
        app(arguments)
    told = json.loads(capsys.readouterr().out)
    assert {(one["takes"], one["health"]) for one in told} == {
        ("finger", "ready"),
        ("iris", "ready"),
        ("photo", "ready"),
    }
    assert not ended.value.code


def test_a_device_that_was_pulled_is_told_and_the_others_go_on(process, home, devices, ports):
    with Plugged(home, ports[1], (*images(home), "--kinds", "iris")) as pulled:
        devices.look()
        assert len(devices.state()) == 4
        pulled.pull()
        devices.look()
    gone = [state for state in devices.state() if state.health is DeviceHealth.GONE]
    assert [(type(state.trouble), state.modality) for state in gone] == [(DeviceGone, Modality.IRIS)]
    assert devices.capture(Wanted((RIGHT_INDEX,), SITTING)).captured
