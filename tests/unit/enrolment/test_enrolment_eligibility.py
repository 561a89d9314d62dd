from datetime import date

import pytest
from enrolment_strategies import birth_dates
from hypothesis import given
from hypothesis import strategies as st

from rekam.enrolment.eligibility import age, background_colour, may_be_recorded, wajib_ktp

TODAY = date(2016, 9, 14)


@given(birth_dates, birth_dates, st.booleans())
def test_whoever_is_due_a_card_may_be_recorded(birth_date, on, married):
    if wajib_ktp(birth_date, married, on):
        assert may_be_recorded(birth_date, married, on)


@given(birth_dates, birth_dates)
def test_age_grows_by_one_a_year_on_the_birthday(birth_date, on):
    years = age(birth_date, on)
    assert (birth_date.year + years, birth_date.month, birth_date.day) <= (on.year, on.month, on.day)
    assert (birth_date.year + years + 1, birth_date.month, birth_date.day) > (on.year, on.month, on.day)


@pytest.mark.parametrize(
    ("birth_date", "married", "recorded", "due"),
    [
        (date(1999, 9, 14), False, True, True),  # seventeenth birthday
        (date(1999, 9, 15), False, True, False),  # a day short: recorded, the card waits
        (date(2000, 9, 14), False, True, False),
        (date(2000, 9, 15), False, False, False),
        (date(2001, 1, 1), True, True, True),  # married at fifteen
    ],
)
def test_who_may_be_recorded_and_who_is_due_a_card(birth_date, married, recorded, due):
    assert may_be_recorded(birth_date, married, TODAY) is recorded
    assert wajib_ktp(birth_date, married, TODAY) is due


def test_a_foreigner_is_recorded_only_while_the_permit_lasts():
    assert wajib_ktp(date(1980, 1, 1), False, TODAY, itap_until=TODAY)
    assert not wajib_ktp(date(1980, 1, 1), False, TODAY, itap_until=date(2016, 9, 13))
    assert not may_be_recorded(date(1980, 1, 1), True, TODAY, itap_until=date(2016, 9, 13))


def test_leap_day_children_age_on_the_first_of_march():
    assert age(date(2000, 2, 29), date(2017, 2, 28)) == 16
    assert age(date(2000, 2, 29), date(2017, 3, 1)) == 17


def test_the_background_is_red_for_odd_years_and_blue_for_even_ones():
    assert background_colour(date(1991, 1, 1)) == "red"
    assert background_colour(date(1990, 1, 1)) == "blue"
