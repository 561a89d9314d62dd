from dataclasses import replace
from datetime import date

import cbor2
import pytest
from enrolment_strategies import biodata
from hypothesis import HealthCheck, given, settings

from rekam.enrolment.biodata import Biodata, InvalidBiodata, MalformedBiodata, UnknownBiodataCode
from rekam.enrolment.codes import Sex
from rekam.enrolment.nik import Nik, NikWarning
from resident_examples import SITI


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(biodata())
def test_biodata_survive_cbor_and_stay_valid(resident):
    read = Biodata.from_map(cbor2.loads(cbor2.dumps(resident.to_map())))
    assert read == resident
    assert read.validate() == resident
    assert isinstance(read.nik, Nik)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": " SITI"}, "name"),
        ({"name": "SI\x00TI"}, "name"),
        ({"name": "A" * 101}, "name"),
        ({"address": "  "}, "address"),
        ({"rt": "4"}, "rt"),
        ({"rw": "a07"}, "rw"),
        ({"religion": 9}, "religion"),
        ({"blood_type": 0}, "blood_type"),
        ({"marital_status": 5}, "marital_status"),
        ({"occupation": 100}, "occupation"),
        ({"citizenship": 3}, "citizenship"),
        ({"village": "31.74.01.9999"}, "village"),
        ({"village": "31.74.01"}, "village"),
        ({"citizenship": 2}, "itap_until"),
        ({"itap_until": date(2030, 1, 1)}, "itap_until"),
    ],
)
def test_a_value_that_cannot_stand_names_its_field(change, field):
    with pytest.raises(InvalidBiodata, match=field):
        replace(SITI, **change).validate()


def test_an_unknown_code_is_its_own_error():
    with pytest.raises(UnknownBiodataCode, match="agama"):
        replace(SITI, religion=9).validate()


def test_a_birth_date_after_today_is_refused_only_where_today_is_known():
    tomorrow = replace(SITI, birth_date=date(2016, 9, 15))
    assert tomorrow.validate() is tomorrow
    with pytest.raises(InvalidBiodata, match="birth_date"):
        tomorrow.validate(on=date(2016, 9, 14))


def test_a_village_of_a_district_that_only_earlier_editions_have_is_accepted():
    old = replace(SITI, village="91.01.01.1001")
    assert old.validate() is old


def test_what_contradicts_the_nik_warns_and_validates():
    moved = replace(SITI, village="34.02.01.2001", sex=Sex.MALE)
    assert set(moved.warnings()) == {NikWarning.REGION_DIFFERS, NikWarning.SEX_DIFFERS}
    assert moved.validate() is moved


@pytest.mark.parametrize(
    "change",
    [
        {"nik": 3174015503900001},
        {"sex": 3},
        {"birth_date": "15-03-1990"},
        {"birth_date": None},
        {"blood_type": "4"},
        {"rt": 4},
        {"religion": True},
        {"mother_name": 1},
        {"nickname": "Ti"},
    ],
)
def test_a_map_that_is_no_biodata_is_refused(change):
    with pytest.raises(MalformedBiodata):
        Biodata.from_map({**SITI.to_map(), **change})


def test_a_missing_field_is_refused():
    values = SITI.to_map()
    del values["address"]
    with pytest.raises(MalformedBiodata):
        Biodata.from_map(values)


@pytest.mark.parametrize(("code", "married"), [(1, False), (2, True), (3, True), (4, True)])
def test_who_is_or_was_married_counts_as_ever_married(code, married):
    assert replace(SITI, marital_status=code).ever_married is married
