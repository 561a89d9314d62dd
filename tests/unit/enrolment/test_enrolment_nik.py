from datetime import date

import pytest
from enrolment_strategies import birth_dates, districts, sexes
from hypothesis import given
from hypothesis import strategies as st

from rekam.enrolment.codes import Sex
from rekam.enrolment.nik import (
    InvalidNik,
    Nik,
    NikHasLetters,
    NikImpossibleDate,
    NikSerialZero,
    NikUnknownProvince,
    NikWarning,
    NikWrongLength,
    nik_warnings,
)

serials = st.integers(1, 9999)


@given(districts, birth_dates, sexes, serials)
def test_a_composed_nik_agrees_with_what_it_was_composed_of(district, birth_date, sex, serial):
    nik = Nik.compose(district.replace(".", ""), birth_date, sex, serial)
    assert Nik.parse(nik.grouped()) == nik
    assert (nik.region, nik.is_female_by_number, nik.serial) == (
        district.replace(".", ""),
        sex is Sex.FEMALE,
        f"{serial:04d}",
    )
    assert nik_warnings(nik, birth_date=birth_date, sex=sex, region=district + ".1001") == ()


@given(districts, birth_dates, sexes, serials, birth_dates)
def test_another_birth_date_is_a_warning_unless_only_the_century_differs(district, birth_date, sex, serial, other):
    nik = Nik.compose(district.replace(".", ""), birth_date, sex, serial)
    same_digits = f"{birth_date:%d%m%y}" == f"{other:%d%m%y}"
    assert (NikWarning.BIRTH_DATE_DIFFERS in nik_warnings(nik, birth_date=other, sex=sex)) is not same_digits


@given(st.text(max_size=24))
def test_any_text_is_a_nik_or_an_error_of_the_family(text):
    try:
        nik = Nik.parse(text)
    except InvalidNik:
        return
    assert len(nik) == 16
    assert nik.isascii()


@given(st.from_regex(r"[0-9]{16}", fullmatch=True))
def test_sixteen_digits_are_accepted_exactly_when_some_century_has_their_date(digits):
    day, month, year = int(digits[6:8]), int(digits[8:10]), int(digits[10:12])

    def exists(century):
        try:
            date(century + year, month, day - 40 if day > 40 else day)
        except ValueError:
            return False
        return True

    try:
        Nik(digits)
    except NikUnknownProvince:
        return
    except NikImpossibleDate:
        assert not exists(1900)
        assert not exists(2000)
    else:
        assert exists(1900) or exists(2000)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("317401570390000", NikWrongLength),
        ("31740157039000011", NikWrongLength),
        ("", NikWrongLength),
        ("317401570390OOO1", NikHasLetters),
        ("٣١٧٤٠١٥٧٠٣٩٠٠٠٠١", NikHasLetters),
        ("9974015703900001", NikUnknownProvince),
        ("3174010000900001", NikImpossibleDate),
        ("3174013204900001", NikImpossibleDate),
        ("3174014004900001", NikImpossibleDate),
        ("3174017204900001", NikImpossibleDate),
        ("3174019004900001", NikImpossibleDate),
        ("3174011513900001", NikImpossibleDate),
        ("3174013106900001", NikImpossibleDate),
        ("3174012902900001", NikImpossibleDate),
    ],
)
def test_what_was_never_issued_is_refused(text, error):
    with pytest.raises(error):
        Nik.parse(text)


@pytest.mark.parametrize("text", ["3174012902000001", "3174016902960001", "3174012902040001"])
def test_leap_days_are_accepted_without_choosing_a_century(text):
    assert Nik.parse(text) == text


@pytest.mark.parametrize(
    ("prefix", "where"),
    [
        ("910101", "Merauke before Papua Selatan"),
        ("640401", "a gap regency: Kalimantan Utara before 2012"),
        ("732101", "a gap regency: Sulawesi Barat before 2004"),
        ("317401", "today"),
    ],
)
def test_prefixes_of_regions_since_split_or_renumbered_stay_valid_without_a_warning(prefix, where):
    nik = Nik.parse(f"{prefix}1503900001")
    assert nik_warnings(nik, birth_date=date(1990, 3, 15), sex=Sex.MALE) == (), where


def test_a_district_in_no_edition_is_a_warning():
    assert nik_warnings(Nik("3174991503900001"), birth_date=date(1990, 3, 15), sex=Sex.MALE) == (
        NikWarning.REGION_UNKNOWN,
    )


def test_serial_zero_warns_and_is_never_issued():
    nik = Nik("3174011503900000")
    assert nik_warnings(nik, birth_date=date(1990, 3, 15), sex=Sex.MALE) == (NikWarning.SERIAL_ZERO,)
    with pytest.raises(NikSerialZero):
        Nik.compose("317401", date(1990, 3, 15), Sex.MALE, 0)


def test_a_mover_a_corrected_birth_date_and_a_wrong_sex_are_warnings_only():
    nik = Nik("3174015503900001")
    assert nik_warnings(nik, birth_date=date(1991, 3, 15), sex=Sex.MALE, region="34.02.01.2001") == (
        NikWarning.BIRTH_DATE_DIFFERS,
        NikWarning.SEX_DIFFERS,
        NikWarning.REGION_DIFFERS,
    )


@pytest.mark.parametrize("region", ["31", "31.74", "3174", "31.74.01", "31.74.01.1001"])
def test_the_home_region_may_be_given_at_any_depth(region):
    assert NikWarning.REGION_DIFFERS not in nik_warnings(
        Nik("3174015503900001"), birth_date=date(1990, 3, 15), sex=Sex.FEMALE, region=region
    )


def test_every_warning_is_a_sentence_in_both_languages():
    for warning in NikWarning:
        assert warning.words().endswith(".")
        assert warning.words("en") != warning.words("id")


def test_people_read_it_in_groups():
    assert Nik.parse("317401.550390.0001").grouped() == "317401 550390 0001"
