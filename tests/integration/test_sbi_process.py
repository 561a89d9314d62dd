"""A simulated SBI device in a process of its own: plugged in, pulled, stuck, and back, with nothing restarted here."""

import json
import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from itertools import islice

import httpx
import numpy as np
import pytest

from device_contract import RIGHT_INDEX
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


@contextmanager
def plugged_in(home, port, *more):
    command = [sys.executable, "-m", "rekam.apps.cli", "devices", "simulate", "--port", str(port), "--delay", "0"]
    keys = ["--keys", str(home / "maker.keys"), "--trusted-by", str(home), "--images", str(home / "images"), *more]
    with subprocess.Popen([*command, *keys, "--with-parent"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout.readline().startswith(b"simulated SBI devices")
            _answers(port)
            yield process
        finally:
            process.send_signal(signal.SIGCONT)
            process.kill()


def _answers(port):
    for _ in range(200):
        try:
            httpx.request("MOSIPDISC", f"http://127.0.0.1:{port}/device", timeout=5)
        except httpx.TransportError:
            continue
        return
    raise AssertionError("the simulator does not answer")


@pytest.fixture(scope="module")
def ports():
    wire = HttpWire(SystemClock())
    return [port for port in range(4540, 4601) if not wire.listening([port])]


@pytest.fixture(scope="module")
def process(home, ports):
    with plugged_in(home, ports[0]) as process:
        yield process


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
        capture_s=4.0,
        grace_s=1.0,
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


def test_faults_are_ordered_while_it_runs_and_nonsense_is_refused(process, devices, ports):
    order = f"http://127.0.0.1:{ports[0]}/simulate"
    assert httpx.post(order, json={"fault": "sing"}).status_code == 422
    assert httpx.post(order, json={"error_code": "111", "times": 1}).status_code == 200
    with pytest.raises(DeviceBusy):
        devices.capture(Wanted((RIGHT_INDEX,), SITTING))
    assert devices.capture(Wanted((RIGHT_INDEX,), SITTING)).captured


def test_a_stuck_device_is_given_up_and_used_again_once_it_answers(process, devices):
    devices.look()
    os.kill(process.pid, signal.SIGSTOP)
    try:
        with pytest.raises(DeviceHangs):
            devices.capture(Wanted((RIGHT_INDEX,), SITTING))
        devices.look()
        assert finger(devices).health is DeviceHealth.NOT_READY
    finally:
        os.kill(process.pid, signal.SIGCONT)
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
    with plugged_in(home, ports[1], "--kinds", "iris") as pulled:
        devices.look()
        assert len(devices.state()) == 4
        pulled.kill()
        pulled.wait()
        devices.look()
    gone = [state for state in devices.state() if state.health is DeviceHealth.GONE]
    assert [(type(state.trouble), state.modality) for state in gone] == [(DeviceGone, Modality.IRIS)]
    assert devices.capture(Wanted((RIGHT_INDEX,), SITTING)).captured
