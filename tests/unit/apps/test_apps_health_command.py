import json
from pathlib import Path

import pytest

from exchange_server import serving_app
from rekam.apps.cli import app
from rekam.storage.memory_disk import MemoryDisk
from rekam.web.app import create_app
from rekam.web.probes import disk_probe
from rekam.web.site import Site

GB = 10**9


def place(free: int, *, serves: bool = True):
    probes = (disk_probe(MemoryDisk(free), Path("/data"), GB),)
    site = Site(kind="office", name="Rekam", place="Dinas")
    return create_app(site, checks={"database": lambda: serves}, probes=lambda: probes)


def asked(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        app(["health", *arguments])
    return int(ended.value.code)


@pytest.mark.parametrize(
    ("free", "serves", "code", "status"),
    [(100 * GB, True, 0, "ok"), (3 * GB, True, 1, "attention"), (0, True, 1, "alarm"), (100 * GB, False, 2, "failing")],
)
def test_the_exit_code_says_whether_a_person_is_needed(free, serves, code, status, capsys):
    with serving_app(place(free, serves=serves)) as address:
        assert asked(address, "--json") == code
    (told,) = json.loads(capsys.readouterr().out)["places"]
    assert (told["status"], told["address"]) == (status, address)


def test_a_place_that_does_not_answer_is_told(capsys):
    assert asked("http://127.0.0.1:1") == 2
    assert "does not answer" in capsys.readouterr().out


def test_it_is_told_in_the_language_asked_for(capsys):
    with serving_app(place(3 * GB)) as address:
        asked(address)
        asked(address, "--language", "id")
    out = " ".join(capsys.readouterr().out.split())
    assert "Free disk space today." in out
    assert "Kosongkan ruang disk hari ini." in out
