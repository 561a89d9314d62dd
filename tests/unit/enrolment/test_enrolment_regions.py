import subprocess
import sys
from importlib.resources import files

import pytest
from enrolment_strategies import districts
from hypothesis import given

from rekam.enrolment.regions import Regions, UnknownRegion, known_prefix, known_province


def test_the_table_of_today_has_the_official_number_of_regions():
    regions = Regions.load()
    codes = list(regions._names)
    assert [sum(code.count(".") == depth for code in codes) for depth in range(3)] == [38, 514, 7285]
    assert len(regions._villages) == 83762


def test_the_edition_of_2015_has_34_provinces_and_names_of_its_time():
    regions = Regions.load("2015")
    assert len(regions.children()) == 34
    assert regions.name("76.01") == "KAB. MAMUJU UTARA"
    assert Regions.load().name("76.01") == "Kabupaten Pasangkayu"


@given(districts)
def test_every_district_lies_in_the_children_of_each_parent(district):
    regions = Regions.load()
    province, regency = regions.parents(district)
    assert district in regions.children(regency)
    assert regency in regions.children(province)
    assert known_prefix(district.replace(".", ""))


def test_a_village_is_named_and_placed():
    regions = Regions.load()
    assert regions.name("31.74.01.1001") == "Tebet Timur"
    assert regions.parents("31.74.01.1001") == ("31", "31.74", "31.74.01")
    assert "31.74.01.1001" in regions.children("31.74.01")


@pytest.mark.parametrize("code", ["", "99", "31.99", "31.74.99", "31.74.01.9999", "317401", "31.74.01.1001.1"])
def test_an_unknown_code_is_refused_with_the_code_in_the_sentence(code):
    with pytest.raises(UnknownRegion, match=f"'{code}'"):
        Regions.load().name(code)


def test_villages_of_2015_are_not_held_and_not_made_up():
    assert not Regions.load("2015").exists("31.74.01.1001")
    assert Regions.load("2015").children("31.74.01") == ()


def test_old_prefixes_count_and_invented_ones_do_not():
    assert known_prefix("910101")
    assert known_prefix("640499"), "districts of gap regencies are in no edition at all"
    assert not known_prefix("317499")
    assert known_province("31")
    assert not known_province("00")


def test_licence_and_source_travel_with_the_data():
    data = files("rekam.enrolment") / "data"
    assert "Cahya DSN" in (data / "LICENSE.cahyadsn-wilayah.txt").read_text("utf-8")
    assert "b7ad440a1322e7be3189a16a8cac35f7d4c3d7f7" in (data / "SOURCE.md").read_text("utf-8")


def test_importing_the_package_reads_no_data_files():
    program = (
        "import rekam.enrolment.enrolment, rekam.enrolment.status, rekam.enrolment.regions as regions;"
        "print(regions.Regions.load.__func__.cache_info().currsize, regions._prefixes.cache_info().currsize)"
    )
    ran = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert ran.stdout == "0 0\n"
