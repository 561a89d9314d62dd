from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekam.documents.dates import half_a_year_after, long_date, moment, short_date
from rekam.enrolment.regions import Regions
from rekam.enrolment.zones import zone_of_region


def test_dates_are_written_as_indonesians_write_them():
    assert long_date(date(2017, 3, 20)) == "20 Maret 2017"
    assert long_date(date(2016, 8, 1)) == "1 Agustus 2016"
    assert short_date(date(2017, 3, 2)) == "02-03-2017"


@pytest.mark.parametrize(
    ("region", "text"),
    [
        ("31.74.01", "20 Maret 2017 pukul 23.30 WIB"),
        ("510301", "21 Maret 2017 pukul 00.30 WITA"),
        ("91.71", "21 Maret 2017 pukul 01.30 WIT"),
    ],
)
def test_a_moment_is_told_in_the_places_zone(region, text):
    assert moment(datetime(2017, 3, 20, 16, 30, tzinfo=UTC), zone_of_region(region)) == text


def test_every_province_has_a_zone():
    zones = [zone_of_region(province).tzname(None) for province in Regions.load().children()]
    assert (zones.count("WIB"), zones.count("WITA"), zones.count("WIT")) == (18, 12, 8)


@pytest.mark.parametrize(
    ("day", "end"),
    [
        (date(2017, 3, 21), date(2017, 9, 21)),
        (date(2016, 8, 31), date(2017, 2, 28)),
        (date(2015, 8, 31), date(2016, 2, 29)),
        (date(2016, 12, 31), date(2017, 6, 30)),
        (date(2016, 7, 1), date(2017, 1, 1)),
    ],
)
def test_half_a_year_is_six_calendar_months(day, end):
    assert half_a_year_after(day) == end


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_half_a_year_is_never_more_than_184_days(day):
    assert 181 <= (half_a_year_after(day) - day).days <= 184
