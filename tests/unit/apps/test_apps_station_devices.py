"""What a station captures with: real devices, unless its folder or whoever starts it says that nobody is real."""

import pytest

from rekam.apps.place_file import read_place
from rekam.apps.settings import Settings
from rekam.apps.station_devices import station_devices
from rekam.interop.sbi.devices import SbiDevices
from rekam.station.devices.by_modality import ByModality
from rekam.station.devices.folder import FolderDevice
from rekam.station.devices.simulated import SimulatedDevice
from rekam.trust.clock import SystemClock
from station_counter import STATION, provisioned


@pytest.mark.parametrize(
    ("facts", "environment", "kind", "made_up"),
    [
        ({}, None, SbiDevices, False),
        ({"devices": "sbi"}, None, SbiDevices, False),
        ({"devices": "whatever"}, None, SbiDevices, False),
        ({"devices": "simulated"}, None, SimulatedDevice, True),
        ({"devices": "simulated", "samples": "pictures"}, None, FolderDevice, True),
        ({"devices": "simulated"}, "sbi", SbiDevices, False),
        ({"devices": "sbi"}, "sbi-demo", ByModality, True),
        ({}, "simulated", SimulatedDevice, True),
    ],
    ids=["says nothing", "real", "misspelt", "demo", "demo of images", "overruled", "demo over SBI", "practice"],
)
def test_a_made_up_device_is_never_a_default(tmp_path, monkeypatch, facts, environment, kind, made_up):
    monkeypatch.delenv("REKAM_DEVICES", raising=False)
    if environment:
        monkeypatch.setenv("REKAM_DEVICES", environment)
    clock = SystemClock()
    chosen = station_devices(tmp_path, facts, clock, clock.wall, Settings())
    assert (type(chosen.device), chosen.made_up) == (kind, made_up)


def test_a_demo_says_in_its_folder_that_its_devices_are_made_up():
    assert read_place(provisioned() / f"station-{STATION}", "station")["devices"] == "simulated"
