"""The engine changes while a centre holds a gallery: searches wait, templates are made anew, searches go on."""

import os
import signal
import subprocess
import sys
from dataclasses import dataclass, replace
from typing import ClassVar

import pytest

from centre_examples import CENTRE_FACTS, SECRETS, open_centre, resident, town
from rekam.abis.finger.extractors import classical
from rekam.abis.slots import Modality
from rekam.apps.place_file import write_place
from rekam.apps.re_extraction_told import tell
from rekam.centre.registry import GalleryOutdated
from rekam.centre.sql import QUERIES
from rekam.trust import keyfile

SITI, DEWI, RINI = resident(1, "SITI RAHMAWATI"), resident(2, "DEWI LESTARI"), resident(3, "RINI WULANDARI")
FINGERS = ("finger-2", "finger-7")


@dataclass(frozen=True)
class NewerExtractor:
    """The classical extractor after an upgrade, by its version."""

    name: ClassVar[str] = "rekam-classical"
    version: ClassVar[int] = 200

    def extract(self, image):
        return replace(classical().extract(image), version=self.version)


def upgraded(here):
    """The same database and folder under a new engine."""
    here.centre.close()
    here.centre = open_centre(here.centre.pool, here.centre.folder, NewerExtractor())
    return here


@pytest.fixture
def here(tmp_path):
    with town(tmp_path / "centre", SITI, DEWI, RINI) as here:
        yield here


def refresh(centre):
    with centre.pool.connection() as tx:
        centre.registry.refresh(lambda query, **facts: tx.execute(getattr(QUERIES, query), facts).fetchall())


def ignored(done: int, total: int) -> None:
    """Nobody watches."""


def test_after_an_upgrade_searches_wait_and_nothing_else_does(here):
    here.record(SITI, 1, slots=FINGERS)
    here.work()
    upgraded(here)
    second = here.record(DEWI, 1, slots=FINGERS, impression=1)
    here.work()
    assert here.centre.casebook.history(second)[-1].stage == "quality"
    assert here.centre.counts().quarantined == 0
    with pytest.raises(GalleryOutdated, match="re-extract"):
        refresh(here.centre)


def test_once_the_templates_are_made_anew_the_waiting_search_finds_the_duplicate(here):
    first = here.record(SITI, 1, slots=FINGERS)
    here.work()
    upgraded(here)
    second = here.record(DEWI, 1, slots=FINGERS, impression=1)
    here.work()
    seen = []
    outcome = here.centre.reextraction().run(lambda done, total: seen.append((done, total)))
    assert (outcome.report.complete, outcome.report.made, outcome.less, seen) == (True, 1, {}, [(1, 1)])
    here.work()
    assert here.status(second) == "DUPLICATE_RECORD"
    assert here.status(first) == "PRINT_READY_RECORD"
    assert here.centre.registry._gallery.kinds[Modality.FINGER].version == 200


def test_a_case_extracted_before_the_upgrade_is_searched_with_templates_of_after(here):
    worker = here.centre.worker()
    packet = here.record(SITI, 1, slots=FINGERS)
    for _ in range(6):
        worker.run_once()
    assert here.centre.casebook.history(packet)[-1].stage == "quality"
    upgraded(here).work()
    assert here.status(packet) == "PRINT_READY_RECORD"
    refresh(here.centre)
    assert here.centre.registry._gallery.kinds[Modality.FINGER].version == 200


def test_experts_see_likenesses_of_one_engine_whenever_the_records_were_made(here):
    first = here.record(SITI, 1, slots=FINGERS)
    here.work()
    upgraded(here)
    here.centre.reextraction().run(ignored)
    second = here.record(DEWI, 1, slots=FINGERS, impression=1)
    here.work()
    assert len(here.centre.records.likeness(second, first).of_slots) == len(FINGERS)


def test_the_old_gallery_and_the_old_templates_stay(here):
    here.record(SITI, 1, slots=FINGERS)
    here.work()
    old = here.centre.engine.kinds[Modality.FINGER]
    refresh(here.centre)
    upgraded(here)
    here.centre.reextraction().run(ignored)
    refresh(here.centre)
    here.centre.close()
    assert here.centre.folder.joinpath("gallery.before-1").is_dir()
    back = open_centre(here.centre.pool, here.centre.folder)
    refresh(back)
    assert back.registry._gallery.kinds == {Modality.FINGER: old}
    back.close()


def test_a_record_whose_images_are_lost_is_told_and_holds_up_nobody(here, capsys):
    from rich.console import Console

    packet = here.record(SITI, 1, slots=FINGERS)
    here.work()
    number = here.centre.casebook.page(packet).number
    with here.centre.pool.connection() as connection:
        connection.execute("DELETE FROM working_copy WHERE name = 'finger-2'")
    upgraded(here)
    outcome = here.centre.reextraction().run(ignored)
    assert outcome.less == {number: dict.fromkeys(FINGERS, "WorkingCopyMissing")}
    tell(outcome, Console(width=200))
    said = capsys.readouterr().out
    assert number in said
    assert "WorkingCopyMissing" in said
    assert "SITI" not in said
    refresh(here.centre)


WORK = """
import sys
sys.path.insert(0, "tests")
from pathlib import Path
from integration.test_centre_reextraction import NewerExtractor
from rekam.apps.centre_opening import open_centre
from rekam.storage.pool import connect_pool
pool = connect_pool(sys.argv[1])
centre = open_centre(Path(sys.argv[2]), Path(sys.argv[3]), pool, NewerExtractor())
report = centre.reextraction().run(lambda done, total: print(done, flush=True)).report
print("made", report.made, "there", report.there_before, report.complete, flush=True)
"""


def test_a_run_killed_midway_is_taken_up_where_it_was(here, tmp_path):
    for serial, person in ((SITI, 1), (DEWI, 2), (RINI, 3)):
        here.record(serial, person, slots=FINGERS)
    here.work()
    keyfile.save(tmp_path / "centre.keys", SECRETS)
    write_place(here.centre.folder, CENTRE_FACTS)
    places = [str(here.centre.folder), str(tmp_path / "centre.keys")]
    command = [sys.executable, "-c", WORK, here.centre.pool.conninfo, *places]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout.readline().strip() == "1"
        os.kill(run.pid, signal.SIGKILL)
    ended = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    _, made, _, there, complete = ended[-1].split()
    assert (int(made) + int(there), complete) == (3, "True")
    assert int(there) >= 1
    refresh(upgraded(here).centre)


def test_the_command_says_when_there_is_nothing_to_do(here, tmp_path):
    here.record(SITI, 1, slots=FINGERS)
    here.work()
    refresh(here.centre)
    keyfile.save(tmp_path / "centre.keys", SECRETS)
    write_place(here.centre.folder, CENTRE_FACTS)
    command = [sys.executable, "-m", "rekam.apps.cli", "centre", "re-extract", "--data", str(here.centre.folder)]
    command += ["--keys", str(tmp_path / "centre.keys")]
    environment = os.environ | {"DATABASE_URL": here.centre.pool.conninfo}
    said = subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout
    assert "1 records; 0 made anew" in " ".join(said.split())
    assert "Searches go on." in said
