"""Run as a program: kills real station processes with -9, each at another step of saving, and says where.

`python killed_station.py COUNTRY DEATHS` copies COUNTRY for each step into DEATHS/<n>, lets a process of its own save
the prepared sitting there until that step, and writes one JSON line for each death to DEATHS/deaths.jsonl. The last
line is of a process that lived to the end.
"""

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from centre_examples import resident
from rekam.drill.demo import PIN, SUPERVISOR_PIN
from rekam.storage.disk import RealDisk
from rekam.storage.disk_wrappers import RecordingDisk
from small_country import OPERATOR, STATION, SUPERVISOR, Link, open_station

MOST_STEPS = 100
SITI = resident(1, "SITI RAHMAWATI")


class Steps(list):
    """The calls of the disk and the statements of the store as they happen; the process dies before step `last`."""

    def __init__(self, last: int, log: Path) -> None:
        super().__init__()
        self.last, self.armed = last, False
        self.log = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def append(self, call: tuple[str, str]) -> None:
        if not self.armed:
            return
        os.write(self.log, f"{call[0]}\n".encode())
        if len(self) == self.last:
            os.kill(os.getpid(), signal.SIGKILL)
        super().append(call)


def save(home: Path, last: int) -> None:
    """Saves the prepared sitting; whatever the operator's screen would say is in the file `said`, fsynced."""
    steps = Steps(last, home / "steps")
    station = open_station(home, Link(), disk=RecordingDisk(RealDisk(), steps))
    operator, supervisor = station.sign_in(OPERATOR, PIN), station.supervisor(SUPERVISOR, SUPERVISOR_PIN)
    station.here.line.stop()
    sitting = station.here.drafts.open_of(SITI.nik)
    watch(station.here.store._connection, steps)
    steps.armed = True
    saved = station.sittings.save(sitting.sitting_id, operator, supervisor=supervisor, consent=True)
    steps.append(("say saved", ""))
    said = os.open(home / "said", os.O_WRONLY | os.O_CREAT)
    os.write(said, f"{saved.packet_id} {saved.number}".encode())
    os.fsync(said)
    steps.append(("end", ""))


def watch(connection, steps: Steps) -> None:
    def statement(_cursor: object, sql: str, _bindings: object) -> bool:
        words = sql.split()
        if words[0] != "SELECT":
            steps.append((" ".join(words[:3]) if words[0] in {"INSERT", "UPDATE", "DELETE"} else words[0], ""))
        return True

    def in_the_log(*_facts: object) -> int:
        steps.append(("committed", ""))
        return 0

    connection.exec_trace = statement
    connection.set_wal_hook(in_the_log)


def die(home: Path, act: Callable[[], None]) -> int:
    """Runs `act` in a process of its own; returns the signal that ended it, 0 for none."""
    child = os.fork()
    if not child:
        try:
            act()
        finally:
            # a clean end of the interpreter would close the store in order, which a power cut does not
            os._exit(0 if sys.exc_info()[0] is None else 1)
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise SystemExit(f"the station in {home} failed by itself")
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


def main(country: Path, deaths: Path) -> None:
    report = (deaths / "deaths.jsonl").open("w")
    for last in range(MOST_STEPS):
        home = deaths / str(last)
        shutil.copytree(country / f"station-{STATION}", home / f"station-{STATION}")
        shutil.copytree(country / "keys", home / "keys")
        ended_by = die(home, lambda home=home, last=last: save(home, last))
        said = home / "said"
        steps = (home / "steps").read_text().splitlines()
        line = {
            "home": str(home),
            "signal": ended_by,
            "steps": steps,
            "said": said.read_text() if said.exists() else "",
        }
        report.write(json.dumps(line) + "\n")
        report.flush()
        if not ended_by:
            break
    report.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
