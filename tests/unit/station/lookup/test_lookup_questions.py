from datetime import date

import pytest

from rekam.station.lookup.birth_dates import dates_in, near
from rekam.station.lookup.numbers import Number, slips

DAY = date(1990, 8, 17)


@pytest.mark.parametrize(
    "typed",
    ["17-08-1990", "17081990", "17 Agu 1990", "17 agustus 1990", "17/8/1990", "17.08.1990", "1990-08-17", "17agt1990"],
)
def test_a_birth_date_is_understood_as_people_type_it(typed):
    assert dates_in(typed) == (" " * 1 + "", [DAY]) or dates_in(typed)[1] == [DAY]
    left, dates = dates_in(f"Budi Santoso {typed}")
    assert (left.split(), dates) == (["Budi", "Santoso"], [DAY])


def test_the_century_of_a_short_year_is_never_guessed():
    assert dates_in("17-08-12")[1] == [date(1912, 8, 17), date(2012, 8, 17)]


@pytest.mark.parametrize(
    "typed", ["31-02-1990", "3174", "17 xyz 1990", "00000000", "99-99-9999", "", "3174010101900001"]
)
def test_what_is_no_date_stays_as_it_is(typed):
    assert dates_in(typed) == (typed, [])


@pytest.mark.parametrize(
    "slipped", ["08-17-1990", "18-08-1990", "17-08-1991", "17-08-1980", "17-09-1990", "17-08-1909", "16-08-1990"]
)
def test_usual_slips_in_a_birth_date_are_near(slipped):
    assert not set(dates_in(slipped)[1]) - near(DAY)


@pytest.mark.parametrize(
    "pasted",
    ["3174010101900001", "317401 010190 0001", "3174.0101.0190.0001", "NIK: 3174010101900001", "3174-0101-0190-0001",
     " 3174010101900001\t", "3174\u00a00101\u20130190/0001", "No. KTP 3174010101900001"],
)  # fmt: skip
def test_a_number_is_read_whatever_stands_between_its_digits(pasted):
    assert Number.of(pasted) == Number("3174010101900001")


@pytest.mark.parametrize("typed", ["3174O101O1900001", "3I740l0101900001"])
def test_letters_that_look_like_digits_are_read_and_told(typed):
    assert Number.of(typed) == Number("3174010101900001", read=True)


@pytest.mark.parametrize("typed", ["BUDI", "OOOO", "12", "Siti 17-08-1990", "", "12 Agu 1990", "B0BB0"])
def test_what_is_no_number_is_none(typed):
    assert Number.of(typed) is None


def test_one_slip_in_a_number_finds_its_way_back():
    right = "3174010101900001"
    for wrong in ("3174010101900007", "3147010101900001", "317401010190001", "31740101019000011"):
        assert right in slips(wrong)
    assert all(len(each) == 16 for each in slips(right))
