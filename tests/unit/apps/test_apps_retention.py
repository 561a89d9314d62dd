from datetime import timedelta

import pytest

from rekam.apps.retention import RetentionRefused, office_retention, station_retention


def test_a_station_keeps_thirty_days_and_an_office_for_ever_unless_told():
    assert station_retention({}) == timedelta(days=30)
    assert office_retention({}) is None


def test_each_place_may_say_otherwise():
    assert station_retention({"retention_days": 90}) == timedelta(days=90)
    assert station_retention({"retention_days": None}) is None
    assert office_retention({"retention_days": 365}) == timedelta(days=365)


@pytest.mark.parametrize("days", [0, -1, 1.5, "30", True, 10**9])
def test_what_is_no_time_is_refused_before_anything_starts(days):
    with pytest.raises(RetentionRefused):
        station_retention({"retention_days": days})


def test_an_office_never_keeps_shorter_than_its_stations():
    with pytest.raises(RetentionRefused, match="at least 31"):
        office_retention({"retention_days": 30})
