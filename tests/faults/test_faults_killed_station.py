"""A station killed with -9 at every single step of saving: nothing said is lost, no number is used twice (nevers 1, 2, 5)."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from centre_examples import resident
from patience import WHOLE_RUN_S
from rekam.drill.demo import PIN, SUPERVISOR_PIN
from rekam.exchange.continuity import chain_report
from rekam.exchange.in_memory import InMemoryRegister
from rekam.exchange.inbox import Inbox
from rekam.exchange.remote import LocalRemote
from rekam.exchange.sender import Sender
from rekam.packet.signer import station_key
from rekam.storage.blobs import BlobStore
from rekam.storage.disk import RealDisk
from rekam.trust import keyfile
from rekam.trust.clock import SystemClock
from rekam.trust.keys import SigningKey
from small_country import OPERATOR, STATION, SUPERVISOR, Link, open_station, root_of

pytestmark = pytest.mark.xdist_group("ready")

SITI = resident(1, "SITI RAHMAWATI")


@dataclass(frozen=True)
class Death:
    """One killed process: the steps it began, the last of them undone, and what its screen had said."""

    home: Path
    signal: int
    steps: list[str]
    said: str

    @property
    def before(self) -> str:
        """The step that it died before, with its place among the steps."""
        return f"{len(self.steps)}: {self.steps[-1]}"


@pytest.fixture(scope="module")
def deaths(ready, tmp_path_factory):
    """One process for each step of saving, killed right before it; the last one lived."""
    here, homes = Path(__file__).parent, tmp_path_factory.mktemp("deaths")
    subprocess.run(
        [sys.executable, str(here / "killed_station.py"), str(ready), str(homes)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(here.parent), os.environ.get("PYTHONPATH", "")])},
        check=True,
        timeout=WHOLE_RUN_S,
    )
    lines = [json.loads(line) for line in (homes / "deaths.jsonl").read_text().splitlines()]
    return [Death(Path(line["home"]), line["signal"], line["steps"], line["said"]) for line in lines]


def test_every_step_of_saving_had_its_death(deaths):
    *killed, lived = deaths
    assert {death.signal for death in killed} == {signal.SIGKILL}
    assert lived.signal == 0
    assert [death.steps[-1] for death in killed] == lived.steps
    assert {"write", "fsync file", "rename", "fsync folder"} < set(lived.steps)
    assert {"INSERT INTO recording", "INSERT INTO outbox", "UPDATE chain_head SET", "COMMIT"} < set(lived.steps)


def test_saved_is_said_after_file_folder_and_transaction_are_durable(deaths):
    steps = deaths[-1].steps
    last_fsync = len(steps) - 1 - steps[::-1].index("fsync folder")
    order = [steps.index("fsync file"), steps.index("rename"), last_fsync, steps.index("INSERT INTO recording")]
    order += [steps.index("COMMIT"), steps.index("committed"), steps.index("say saved")]
    assert order == sorted(order)
    assert [bool(death.said) for death in deaths[:-1]] == [False] * (len(steps) - 1) + [True]


def test_a_killed_station_has_all_it_said_and_otherwise_the_whole_sitting(deaths):
    for death in deaths:
        station = open_station(death.home, Link())
        station.sign_in(OPERATOR, PIN)
        here = station.here
        assert here.store.rows("PRAGMA integrity_check") == [("ok",)], death.before
        held = [(recording.packet_id, recording.number) for recording in here.recordings.search()]
        if death.said:
            assert held == [tuple(death.said.split())], death.before
        for packet_id, _ in held:
            here.blobs.verify(packet_id)
        drafts = {sitting.nik: sitting for sitting in here.drafts.open_sittings()}
        assert (SITI.nik in drafts) == (not held), death.before
        assert not any(sitting.problems(OPERATOR) for sitting in drafts.values()), death.before
        station.close()


def test_a_killed_station_goes_on_and_uses_no_number_twice(deaths, ready):
    for death in deaths:
        station = open_station(death.home, Link())
        operator, supervisor = station.sign_in(OPERATOR, PIN), station.supervisor(SUPERVISOR, SUPERVISOR_PIN)
        for sitting in station.here.drafts.open_sittings():
            station.sittings.save(sitting.sitting_id, operator, supervisor=supervisor, consent=True)
        sent = [(each.packet_id, each.number) for each in station.here.line.outbox.waiting(10)]
        assert [number for _, number in sent] == [f"{STATION}/1/000001", f"{STATION}/1/000002"], death.before
        if death.said:
            assert sent[0] == tuple(death.said.split()), death.before
        register = send_all(station, death.home, ready)
        assert register.forks() == [], death.before
        report = chain_report(register.links(STATION, 1))
        assert (report.highest, report.gaps, report.broken) == (2, (), ()), death.before
        assert station.here.line.outbox.waiting(10) == [], death.before
        station.close()


def send_all(station, home, ready) -> InMemoryRegister:
    """Sends everything to an office, which notes each packet with its place in the station's chain."""
    register, root = InMemoryRegister(), root_of(ready)
    office = SigningKey(keyfile.load(ready / "keys" / "office-3174.keys")["signing"])
    inbox = Inbox(
        BlobStore(home / "office", RealDisk()),
        register,
        signer=office,
        clock=SystemClock(),
        kind="custody",
        place="3174",
        verify_sender=lambda chain: station_key(chain, root),
    )
    here = station.here
    Sender(here.line.outbox, here.blobs, LocalRemote(inbox), office.public, kind="custody").run_once()
    return register
