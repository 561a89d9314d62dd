"""The witness: what was noted is there after any end, in order, each packet once."""

import os
import subprocess
import sys

from rekam.drill.witness import Testimony as Said
from rekam.drill.witness import Witness


def note(number: int) -> Said:
    return Said(f"{number:064x}", f"317401-01/1/{number:06d}", "3174015503900001", "317401-01", "person-1", "before")


def test_it_tells_everything_in_order(tmp_path):
    with Witness(tmp_path / "witness.jsonl") as witness:
        for number in (3, 1, 2):
            witness.note(note(number))
        assert witness.testimonies() == [note(3), note(1), note(2)]


def test_a_saved_that_a_station_said_twice_counts_once(tmp_path):
    with Witness(tmp_path / "witness.jsonl") as witness:
        for number in (1, 1, 2, 1):
            witness.note(note(number))
        assert witness.testimonies() == [note(1), note(2)]


def test_it_goes_on_where_an_earlier_one_stopped(tmp_path):
    for number in (1, 2):
        with Witness(tmp_path / "witness.jsonl") as witness:
            witness.note(note(number))
    with Witness(tmp_path / "witness.jsonl") as witness:
        assert [said.packet_id for said in witness.testimonies()] == [note(1).packet_id, note(2).packet_id]


def test_a_note_outlives_the_process_that_dies_right_after_it(tmp_path):
    path = tmp_path / "witness.jsonl"
    program = (
        "import os, sys; from pathlib import Path; from rekam.drill.witness import Testimony, Witness;"
        "Witness(Path(sys.argv[1])).note(Testimony('p', 'n', 'nik', 's', 'person', 'outage'));"
        "os.kill(os.getpid(), 9)"
    )
    done = subprocess.run([sys.executable, "-c", program, str(path)], env={**os.environ}, check=False)
    assert done.returncode == -9
    with Witness(path) as witness:
        assert witness.testimonies() == [Said("p", "n", "nik", "s", "person", "outage")]
