"""Every device adapter against the one contract."""

import json

import pytest

from device_contract import DeviceContract, DeviceHarness
from rekam.abis.synthetic.person import Person
from rekam.abis.synthetic.png import encode_png
from rekam.drill.demo import demo_country
from rekam.enrolment.sample import ALL_SLOTS, Modality
from rekam.station.devices.cast import Cast
from rekam.station.devices.folder import FolderDevice, FolderGone
from rekam.station.devices.port import DeviceHealth
from rekam.station.devices.simulated import SimulatedDevice
from sbi_examples import bench
from station_counter import TODAY


@pytest.fixture(scope="module")
def resident():
    return demo_country(TODAY.date()).residents[0]


@pytest.fixture(scope="module")
def cast(resident, tmp_path_factory):
    file = tmp_path_factory.mktemp("cast") / "cast.json"
    slots = [slot for slot in ALL_SLOTS if slot.modality in {Modality.FINGER, Modality.IRIS}]
    files = {str(slot): [f"{slot}_1.png", f"{slot}_2.png"] for slot in slots}
    file.write_text(json.dumps({resident.nik: {"person": 7, "files": files}}), "utf-8")
    return Cast(file)


@pytest.fixture(scope="module")
def images(tmp_path_factory):
    folder = tmp_path_factory.mktemp("set") / "images"
    folder.mkdir()
    person = Person(7)
    for impression in (1, 2):
        for position in range(1, 11):
            picture = encode_png(person.finger(position, impression))
            (folder / f"finger-{position}_{impression}.png").write_bytes(picture)
        for side in (1, 2):
            (folder / f"iris-{side}_{impression}.png").write_bytes(encode_png(person.iris(side, impression)))
    return folder


class TestSimulatedDevice(DeviceContract):
    @pytest.fixture
    def harness(self, resident, cast):
        return DeviceHarness(SimulatedDevice(cast), resident)

    def test_a_device_that_is_only_tried_shows_a_made_up_person(self, harness):
        assert harness.device.capture(DeviceHarness(harness.device).wanted(ALL_SLOTS[0])).captured


class TestFolderDevice(DeviceContract):
    @pytest.fixture
    def harness(self, resident, cast, images):
        return DeviceHarness(FolderDevice(images, cast, SimulatedDevice(cast)), resident)

    def test_a_folder_that_went_away_says_so_and_comes_back(self, harness, images):
        away = images.rename(images.with_name("away"))
        gone = [state for state in harness.device.state() if state.health is DeviceHealth.GONE]
        away.rename(images)
        assert {type(state.trouble) for state in gone} == {FolderGone}
        assert all(state.health is DeviceHealth.READY for state in harness.device.state())


class TestSbiDevices(DeviceContract):
    @pytest.fixture
    def harness(self):
        return DeviceHarness(bench().devices)
