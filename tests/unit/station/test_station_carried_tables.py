"""What comes over from an old store: every table is decided upon."""

import pytest

from rekam.station.carried_tables import CARRIED, LEFT
from rekam.station.store import StationStore
from rekam.storage.sqlite import open_encrypted


@pytest.fixture
def store(tmp_path):
    store = StationStore(open_encrypted(tmp_path / "station.db", bytes(32)))
    yield store
    store.close()


def test_every_table_of_a_station_comes_over_or_stays_for_a_reason(store):
    """A new table fails here until somebody decided: `CARRIED`, or `LEFT` with the reason."""
    tables = {name for (name,) in store.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    assert {*CARRIED, *LEFT} == tables
    assert not set(CARRIED) & set(LEFT)
    assert all(LEFT.values())


def test_rows_come_over_after_those_that_they_name(store):
    for at, table in enumerate(CARRIED):
        named = {row[2] for row in store.rows(f"PRAGMA foreign_key_list({table})")} - {table}
        assert named <= set(CARRIED[:at]), table
