from datetime import UTC, date, datetime, timedelta

import pytest

from rekam.enrolment.zones import WIB, WIT, WITA, zone_of_region
from rekam.web.format import age, filters, long_date, moment, nik, number, percent, size, time_of_day
from rekam.web.i18n import Language, speaking
from rekam.web.page import environment
from rekam.web.site import Site

A_MOMENT = datetime(2017, 3, 20, 17, 5, tzinfo=UTC)


def test_numbers_have_points_for_thousands_and_a_comma_for_the_fraction():
    assert number(1234.5) == "1.234,5"
    assert number(20_000_000) == "20.000.000"
    assert number(3, 2) == "3,00"
    assert percent(0.047) == "4,7%"
    assert size(1_234_567) == "1,2 MB"
    assert size(999) == "999 B"


def test_english_pages_keep_the_indonesian_signs_in_numbers():
    with speaking(Language.ENGLISH):
        assert number(1234.5) == "1.234,5"
        assert percent(0.047) == "4,7%"


def test_dates_are_written_out_in_the_language_of_the_page():
    assert long_date(date(2017, 3, 20)) == "20 Maret 2017"
    assert long_date("2016-08-17") == "17 Agustus 2016"
    with speaking(Language.ENGLISH):
        assert long_date("2016-08-17") == "17 August 2016"


@pytest.mark.parametrize(
    ("zone", "shown"),
    [(WIB, "21 Maret 2017, 00.05 WIB"), (WITA, "21 Maret 2017, 01.05 WITA"), (WIT, "21 Maret 2017, 02.05 WIT")],
)
def test_moments_are_shown_in_the_zone_of_the_place_and_may_fall_on_the_next_day(zone, shown):
    assert moment(A_MOMENT, zone) == shown
    assert moment(A_MOMENT.isoformat(), zone) == shown
    assert shown.endswith(time_of_day(A_MOMENT, zone))


def test_a_naive_text_is_taken_as_utc_as_the_stores_write_it():
    assert time_of_day("2017-03-20T17:05:00", WIB) == "00.05 WIB"


@pytest.mark.parametrize(
    ("region", "zone"),
    [("317401", WIB), ("6101", WIB), ("6471", WITA), ("5171", WITA), ("7371", WITA), ("8171", WIT), ("9501", WIT)],
)
def test_a_region_lies_in_the_zone_of_its_province(region, zone):
    assert zone_of_region(region) is zone


@pytest.mark.parametrize(
    ("span", "indonesian", "english"),
    [
        (timedelta(seconds=59), "baru saja", "just now"),
        (60, "1 menit", "1 minute"),
        (timedelta(minutes=59, seconds=59), "59 menit", "59 minutes"),
        (timedelta(hours=5), "5 jam", "5 hours"),
        (timedelta(days=3, hours=23), "3 hari", "3 days"),
        (timedelta(days=1200), "1.200 hari", "1.200 days"),
    ],
)
def test_ages_are_told_in_the_largest_unit(span, indonesian, english):
    assert age(span) == indonesian
    with speaking(Language.ENGLISH):
        assert age(span) == english


def test_a_nik_is_grouped_and_what_is_no_nik_is_left_alone():
    assert nik("3174015703900001") == "317401 570390 0001"
    assert nik("3174") == "3174"


def test_what_is_not_known_is_a_dash_in_every_filter():
    pages = environment(Site("office", "Rekam", "Denpasar"))
    for name in filters(WIB):
        assert pages.from_string("{{ value|" + name + " }}").render(value=None) == "–", name


def test_a_template_compiled_for_one_language_speaks_the_other_too():
    template = environment(Site("office", "Rekam", "Denpasar")).from_string("{{ 7300|age }} {{ '2017-03-20'|date }}")
    assert template.render() == "2 jam 20 Maret 2017"
    with speaking(Language.ENGLISH):
        assert template.render() == "2 hours 20 March 2017"
