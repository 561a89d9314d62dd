"""What one run of the drill ends with, and what becomes of its folder; the drill itself is played by the journeys."""

import tempfile

import pytest

from rekam.drill import drill
from rekam.drill.drill import run_drill
from rekam.drill.options import Options
from rekam.drill.outcome import Outcome

WELL = {f"{service}_in_outage": 1 for service in ("recorded", "checks", "proofs", "sukets", "cards")}
SMALL = Options(people=2, stations=1, second_recordings=0)


@pytest.fixture
def played(monkeypatch, tmp_path):
    """`played(outcome)`: every drill goes through its steps in a temporary folder of this test, and ends with that."""
    steps = []
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def ends_with(outcome):
        class Played:
            def __init__(self, _options, _play, folder, _make, _progress):
                (folder / "evidence").write_text("everything")

            def __enter__(self):
                return self

            def __exit__(self, *exc):
                steps.append("closed")

            def play(self):
                steps.append("played")

            def reckon(self):
                steps.append("reckoned")
                return outcome

        monkeypatch.setattr(drill, "Drill", Played)
        return steps

    return ends_with


def test_a_drill_that_lost_a_packet_ends_with_one_and_keeps_its_evidence(played, tmp_path):
    steps = played(Outcome(lost=1, **WELL))
    outcome = run_drill(SMALL, lambda *_: None)
    assert (outcome.lost, outcome.exit_code) == (1, 1)
    (kept,) = tmp_path.iterdir()
    assert (kept / "evidence").exists()
    assert outcome.problems == [f"the evidence is kept in {kept}"]
    assert steps == ["played", "reckoned", "closed"], "it is reckoned while the country runs"


def test_a_drill_that_found_nothing_ends_with_zero_and_leaves_nothing_behind(played, tmp_path):
    played(Outcome(**WELL))
    assert run_drill(SMALL, lambda *_: None).exit_code == 0
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_was_asked_for_is_kept_whatever_was_found(played, tmp_path):
    folder = tmp_path / "asked for"
    folder.mkdir()
    played(Outcome(**WELL))
    assert run_drill(Options(people=2, stations=1, second_recordings=0, folder=folder), lambda *_: None).problems == []
    assert (folder / "evidence").exists()
