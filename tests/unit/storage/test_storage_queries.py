import pytest

from rekam.storage.errors import MissingQuery
from rekam.storage.queries import Queries

TEXT = """
-- name: oldest
-- The packet that waits longest,
-- whatever its station.
SELECT packet_id FROM packet
ORDER BY received_at -- not the station's clock
LIMIT 1;

-- name: count
-- How many there are.
SELECT count(*) FROM packet;
"""


def test_a_query_is_found_by_its_name_and_carries_its_description():
    queries = Queries(TEXT, "test.sql")
    assert queries.count == "SELECT count(*) FROM packet;"
    assert queries.oldest.startswith("SELECT packet_id")
    assert queries.oldest.endswith("LIMIT 1;")
    assert queries.oldest.description == "The packet that waits longest, whatever its station."
    assert dir(queries) == ["count", "oldest"]


def test_an_unknown_name_is_told_with_its_file():
    with pytest.raises(MissingQuery, match=r'"newest" in test\.sql'):
        Queries(TEXT, "test.sql").newest


@pytest.mark.parametrize("text", ["-- name: bare\nSELECT 1", "-- name: empty\n-- Says something.\n", TEXT + TEXT])
def test_a_query_without_description_or_statement_or_named_twice_is_refused(text):
    with pytest.raises(ValueError):
        Queries(text, "test.sql")
