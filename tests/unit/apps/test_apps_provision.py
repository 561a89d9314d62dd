"""A country is made whole or not at all, keys apart from data, and no resident readable in any file of it."""

import stat
from dataclasses import replace
from datetime import date

import pytest

from rekam.apps.place_file import read_place
from rekam.apps.provision import CountryExists, make_country
from rekam.drill.demo import demo_country
from rekam.drill.plan import CountryPlan
from rekam.drill.population import Population
from rekam.station.residents import Residents
from rekam.station.store import StationStore
from rekam.station.unlock import Operators
from rekam.trust import keyfile
from rekam.trust.certificates import verify_chain
from rekam.trust.clock import SystemClock
from rekam.trust.keyfile import KeyFileExists
from rekam.trust.keys import VerifyKey
from rekam.trust.pin import Cost

CHEAP = Cost(memory_kib=8 * 1024, passes=1)
ON = date(2026, 11, 21)
PLACES = {"centre", "portal", "office-3174", "station-317401-01", "station-317402-01"}


def plan() -> CountryPlan:
    return demo_country(ON, tuple(Population(("317401", "317402"), seed=1, on=ON).residents(12)))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("provision") / "country"
    make_country(folder, plan(), cost=CHEAP)
    return folder


def files(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def test_every_place_has_a_folder_and_a_key_file_outside_it(made):
    assert {path.name for path in made.iterdir()} == {*PLACES, "keys"}
    assert {path.stem for path in (made / "keys").iterdir()} == {*PLACES, "root"}


def test_a_station_captures_with_real_devices_unless_the_plan_says_that_nobody_is_real(made, tmp_path):
    def told(country):
        return read_place(country / "station-317401-01", "station")["devices"]

    make_country(tmp_path / "real", replace(plan(), devices="sbi"), cost=CHEAP)
    assert (told(made), told(tmp_path / "real")) == ("simulated", "sbi")
    assert CountryPlan((), (), (), ON).devices == "sbi"


def test_keys_are_readable_by_their_owner_alone(made):
    for path in (made / "keys").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
    for path in (made, made / "keys", *(made / name for name in PLACES)):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_no_private_key_lies_in_a_data_folder(made):
    secrets = {key for path in (made / "keys").iterdir() for key in keyfile.load(path).values() if len(key) >= 16}
    assert len(secrets) > 10
    for path in files(made):
        if path.parent.name != "keys":
            content = path.read_bytes()
            assert not any(key in content or key.hex().encode() in content for key in secrets), path


def test_no_resident_can_be_read_in_any_file(made):
    people = plan().residents
    words = {str(word) for one in people for word in (one.nik, one.kk, one.name, one.mother_name, one.address)}
    for path in files(made):
        content = path.read_bytes()
        told = [word for word in words if word.encode() in content or word.encode("utf-16-le") in content]
        assert told == [], path


def test_the_same_residents_are_there_for_who_has_pin_and_key(made):
    folder = made / "station-317401-01"
    pepper = keyfile.load(made / "keys" / "station-317401-01.keys")["pepper"]
    operators = Operators(folder / "operators.cbor", SystemClock(), pepper=pepper)
    store = StationStore.open(folder / "station.db", operators.sign_in("op-317401-01", "123456").store_key)
    for person in plan().residents:
        assert Residents(store).find(person.nik) == person
    store.close()


def test_every_chain_leads_to_the_one_root(made):
    for name, kind in (("centre", "centre"), ("portal", "portal"), ("office-3174", "office")):
        facts = read_place(made / name, kind)
        leaf = verify_chain(tuple(map(bytes.fromhex, facts["chain"])), VerifyKey(bytes.fromhex(facts["root"])))[0]
        assert leaf.kind == kind


def test_a_second_country_in_the_same_folder_is_refused_and_changes_nothing(made):
    before = {path: path.read_bytes() for path in files(made)}
    with pytest.raises(CountryExists, match="Nothing was changed"):
        make_country(made, plan(), cost=CHEAP)
    assert {path: path.read_bytes() for path in files(made)} == before


def test_a_folder_with_somebody_elses_files_is_refused(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(CountryExists):
        make_country(tmp_path, plan(), cost=CHEAP)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_an_empty_folder_becomes_the_country(tmp_path):
    small = replace(plan(), offices=(replace(plan().offices[0], stations=()),))
    (tmp_path / "data").mkdir()
    make_country(tmp_path / "data", small, cost=CHEAP)
    assert (tmp_path / "data" / "centre" / "place.json").exists()


def test_a_country_that_cannot_be_made_leaves_neither_folder_nor_keys(tmp_path):
    office = plan().offices[0]
    broken = replace(office, stations=(*office.stations, office.stations[0]))  # its number is given twice
    with pytest.raises(KeyFileExists):
        make_country(tmp_path / "data", replace(plan(), offices=(broken,)), cost=CHEAP)
    assert list(tmp_path.iterdir()) == []


def test_what_an_interrupted_start_left_is_replaced(tmp_path):
    (tmp_path / ".data.new" / "keys").mkdir(parents=True)
    (tmp_path / ".data.new" / "keys" / "root.keys").write_bytes(b"half")
    small = replace(plan(), offices=(replace(plan().offices[0], stations=()),))
    make_country(tmp_path / "data", small, cost=CHEAP)
    assert [path.name for path in tmp_path.iterdir()] == ["data"]
    assert "root" in keyfile.load(tmp_path / "data" / "keys" / "root.keys")
