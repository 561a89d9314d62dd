"""The drill over real processes: it passes on a country whose machines are years off, and sees what is done behind its
back. One country serves all who only reckon; the command has one of its own, with right clocks and faults.
"""

import json
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from patience import PATIENCE_S, WHOLE_RUN_S
from rekam.apps.provision import make_country
from rekam.drill.drill import Drill, play_of
from rekam.drill.options import Options
from rekam.drill.progress import Progress
from rekam.storage.blobs import BlobStore
from rekam.storage.disk import RealDisk
from rekam.trust.pin import Cost
from wrong_clock import CAN_BE_WRONG, wrong_clock

pytestmark = pytest.mark.slow

CHEAP = Cost(memory_kib=8 * 1024, passes=1)
SHARED = pytest.mark.xdist_group("drill")  # these reckon over one country, each with a sabotage of its own
OPTIONS = Options(people=3, stations=2, second_recordings=2, outage_s=0.5, seed=5)
OFFSETS = {"office-3174": "-6y", "station-317401-01": "+11y", "station-317402-01": "+400d"}
WRONG_CLOCKS = pytest.mark.skipif(not CAN_BE_WRONG, reason="faketime is not installed, and apt could not install it")
IN_OUTAGE = [f"{service}_in_outage" for service in ("recorded", "checks", "proofs", "sukets", "cards")]


def make(folder, plan):
    make_country(folder, plan, cost=CHEAP)


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """A drill after its last result, the country still running. Where libfaketime is here, all clocks but the centre's
    are years off, each by another span.
    """
    made = Drill(OPTIONS, play_of(OPTIONS), tmp_path_factory.mktemp("drill"), make, Progress(quiet=True))
    for place in made.country.places:
        if CAN_BE_WRONG and place.name in OFFSETS:
            place.environment = wrong_clock(OFFSETS[place.name])
    with made as drill:
        drill.play()
        assert drill.reckon().problems == []
        yield drill


def place(drill, name) -> Path:
    return drill.country.folder / name


def victim(drill) -> str:
    return drill.witness.testimonies()[0].packet_id


def packet_file(folder, packet_id) -> Path:
    return BlobStore(folder / "packets", RealDisk()).path(packet_id)


def year_at(drill, name) -> int:
    """As the database of that place reads its clock."""
    with psycopg.connect((place(drill, name) / "database.dsn").read_text()) as connection:
        return int(connection.execute("SELECT extract(year FROM clock_timestamp())").fetchone()[0])


def centre_sql(drill, *statements):
    with psycopg.connect((place(drill, "centre") / "database.dsn").read_text()) as connection:
        for statement in statements:
            connection.execute(statement)


@contextmanager
def gone(path):
    """The file is away for a while."""
    away = path.with_suffix(".away")
    path.rename(away)
    try:
        yield
    finally:
        away.rename(path)


@SHARED
def test_nothing_is_lost_and_no_service_stops(played):
    outcome = played.reckon()
    assert outcome.exit_code == 0
    assert outcome.recorded + outcome.duplicates_at_counter == 5
    assert outcome.recorded == outcome.backed_up == outcome.received == outcome.proofs == outcome.sukets
    assert outcome.unique == outcome.print_ready == outcome.cards == 3
    assert all(getattr(outcome, name) > 0 for name in IN_OUTAGE)
    assert outcome.kills >= 1
    assert outcome.corrected == 1


@SHARED
@WRONG_CLOCKS
def test_a_country_with_clocks_years_off_loses_and_doubles_nothing(played):
    assert datetime.now(UTC).year - year_at(played, "office-3174") in {5, 6, 7}, "its clock was not wrong"
    assert abs(datetime.now(UTC).year - year_at(played, "centre")) <= 1
    outcome = played.reckon()
    assert outcome.problems == []
    assert (outcome.lost, outcome.double_counted, outcome.missed_duplicates, outcome.false_duplicates) == (0, 0, 0, 0)
    assert outcome.recorded == outcome.received == outcome.backed_up


@WRONG_CLOCKS
def test_a_python_under_a_wrong_clock_reads_it_and_still_sleeps():
    """As the stations of that country run, which have no database to be asked."""
    program = "import datetime, time; time.sleep(0.01); print(datetime.datetime.now().year)"
    asked = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | wrong_clock("+11y"),
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(asked.stdout) - datetime.now(UTC).year in {10, 11}


@SHARED
def test_second_recordings_are_caught_at_the_counter_that_knows_them_and_else_at_the_centre(played):
    outcome = played.reckon()
    assert outcome.duplicates_at_counter == 1
    assert outcome.duplicates_at_centre + outcome.adjudicated == 1


@SHARED
@pytest.mark.parametrize("name", ["centre", "office-3174"])
def test_a_packet_deleted_at_a_place_is_lost(played, name):
    packet_id = victim(played)
    with gone(packet_file(place(played, name), packet_id)):
        outcome = played.reckon()
    assert outcome.lost == 1
    assert outcome.exit_code == 1
    assert f"lost: {packet_id}" in outcome.problems


@SHARED
def test_a_packet_with_one_changed_byte_is_lost(played):
    packet_id = victim(played)
    path = packet_file(place(played, "office-3174"), packet_id)
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    try:
        outcome = played.reckon()
    finally:
        path.write_bytes(whole)
    assert (outcome.lost, outcome.exit_code) == (1, 1)


@SHARED
def test_a_saved_that_no_place_knows_is_lost(played):
    """The witness is believed, not the places: all of them agree on having nothing."""
    path = played.country.folder.parent / "witness.jsonl"
    noted = path.read_text()
    told = json.loads(noted.splitlines()[0]) | {"packet_id": "0" * 64, "number": "317401-01/1/000099", "person": "x"}
    path.write_text(noted + json.dumps(told) + "\n")
    try:
        outcome = played.reckon()
    finally:
        path.write_text(noted)
    assert (outcome.lost, outcome.exit_code) == (1, 1)


@SHARED
def test_a_result_that_stands_twice_in_the_table_is_counted(played):
    packet_id = victim(played)
    row = f"SELECT packet_id, status, reason, candidate, decided_at FROM result WHERE packet_id = '{packet_id}'"
    centre_sql(
        played,
        "ALTER TABLE result DROP CONSTRAINT result_pkey CASCADE",
        f"INSERT INTO result (packet_id, status, reason, candidate, decided_at) {row}",
    )
    try:
        outcome = played.reckon()
    finally:
        centre_sql(
            played,
            "ALTER TABLE result DISABLE TRIGGER result_is_final",
            f"DELETE FROM result WHERE ctid = (SELECT max(ctid) FROM result WHERE packet_id = '{packet_id}')",
            "ALTER TABLE result ENABLE TRIGGER result_is_final",
            "ALTER TABLE result ADD PRIMARY KEY (packet_id)",
        )
    assert (outcome.double_counted, outcome.exit_code) == (1, 1)
    assert f"double: {packet_id}" in outcome.problems


@SHARED
def test_a_result_that_the_feed_tells_twice_is_counted(played):
    packet_id = victim(played)
    assert f"double: {packet_id}" not in played.reckon().problems
    centre_sql(
        played,
        "INSERT INTO exchange.feed_entry (feed, kind, body) SELECT feed, kind, body FROM exchange.feed_entry "
        f"WHERE kind = 'result' AND feed LIKE 'office/%' AND position('{packet_id}'::bytea in body) > 0 LIMIT 1",
    )
    deadline = time.monotonic() + PATIENCE_S
    while f"double: {packet_id}" not in (outcome := played.reckon()).problems:
        assert time.monotonic() < deadline, "the office never heard of the second result"
        time.sleep(0.3)
    assert (outcome.double_counted, outcome.exit_code, outcome.lost) == (1, 1, 0)


def test_the_command_passes_through_faults_and_prints_one_json_object(tmp_path):
    asked = "--people 2 --stations 1 --second-recordings 0 --outage 0 --seed 3 --faults --json"
    command = [sys.executable, "-m", "rekam.apps.cli", "drill", *asked.split(), "--keep", str(tmp_path / "kept")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=WHOLE_RUN_S, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout)  # and nothing else
    assert done.stdout.count("\n") == 1
    assert (told["recorded"], told["received"], told["backed_up"], told["unique"]) == (2, 2, 2, 2)
    assert told["lost"] == told["double_counted"] == told["missed_duplicates"] == told["false_duplicates"] == 0
    assert (told["corrected"], told["kills"] >= 1) == (1, True)
    assert all(told[name] > 0 for name in IN_OUTAGE)
