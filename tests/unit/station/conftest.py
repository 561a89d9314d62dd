import pytest

from station_counter import counter as make_counter


@pytest.fixture
def counter(tmp_path):
    made = make_counter(tmp_path / "country")
    yield made
    made.station.close()


@pytest.fixture
def operator(counter):
    return counter.sign_in()
