from datetime import date, time

import pytest

from rekam.station.outing.plan import OutingPlan
from station_counter import OPERATOR, SUPERVISOR
from station_counter import counter as make_counter

VILLAGE = "31.74.01.1006"


@pytest.fixture
def counter(tmp_path):
    made = make_counter(tmp_path / "country")
    yield made
    made.station.close()


@pytest.fixture
def operator(counter):
    unlocked = counter.sign_in()
    counter.station.here.legal.set(counter.clock.stamp().wall_ms)
    return unlocked


@pytest.fixture
def here(counter, operator):
    return counter.station.here


@pytest.fixture
def plan():
    return OutingPlan(
        "Balai desa", VILLAGE, date(2026, 11, 23), date(2026, 11, 25), time(8), time(16), (OPERATOR, SUPERVISOR)
    )


@pytest.fixture
def outing(here, plan):
    return here.outings.plan(plan, by=OPERATOR, once="form-1")
