"""The command line: an error is one sentence on standard error and exit code 2, never a traceback."""

import json
import re
import socket
import subprocess
import sys
from contextlib import suppress
from datetime import date

import pytest
import structlog

from rekam.apps import cli
from rekam.apps.provision import make_country
from rekam.drill.demo import demo_country
from rekam.drill.population import Population
from rekam.drill.ports import free_port
from rekam.trust.pin import Cost

ON = date(2026, 11, 21)


@pytest.fixture(scope="module")
def country(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cli") / "country"
    people = tuple(Population(("317401",), seed=1, on=ON).residents(2))
    make_country(folder, demo_country(ON, people), cost=Cost(memory_kib=8 * 1024, passes=1))
    return folder


def place(country, name, *, port=None, data=None):
    kind = name.partition("-")[0]
    given = [kind, "--data", str(data or country / name), "--keys", str(country / "keys" / f"{name}.keys")]
    upstream = {"office": "--centre", "portal": "--centre", "station": "--office"}.get(kind)
    given += [upstream, "http://127.0.0.1:9"] if upstream else []
    return [*given, "--port", str(port or free_port())]


@pytest.fixture
def told(monkeypatch, capsys):
    """Runs a command line in this process: its exit code and what it said."""

    def run(*arguments, database_url=None):
        monkeypatch.setattr(sys, "argv", ["rekam", *arguments])
        if database_url:
            monkeypatch.setenv("DATABASE_URL", database_url)
        with pytest.raises(SystemExit) as ended:
            cli.main()
        captured = capsys.readouterr()
        assert captured.out == ""
        assert "Traceback" not in captured.err
        return ended.value.code, captured.err

    before = structlog.get_config()
    yield run
    structlog.configure(**before)  # the command line logs to a standard error that ends with this test


@pytest.mark.parametrize("asked", [(), ("--help",), ("centre", "--help"), ("office", "-h"), ("station", "--help")])
def test_help_says_what_each_command_does(asked, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["rekam", *asked])
    monkeypatch.setattr(cli, "_log_to_stderr", lambda _style: None)
    with suppress(SystemExit):
        cli.main()
    listed = capsys.readouterr().out.partition("Commands")[2].partition("\n╰")[0].splitlines()[1:]
    assert listed
    assert [line for line in listed if re.fullmatch(r"│ \S+ +│", line)] == []


ALL = ["centre", "office-3174", "portal", "station-317401-01"]


@pytest.mark.parametrize("name", ALL)
def test_a_folder_that_is_no_place_is_told_and_not_made(told, country, tmp_path, name):
    code, said = told(*place(country, name, data=tmp_path / "nowhere"))
    assert code == 2
    assert said.startswith("NoSuchPlace ")
    assert said.count("\n") == 1
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("name", ALL)
def test_a_port_in_use_is_told_before_the_folder_is_touched(told, country, name):
    before = sorted(country.rglob("*"))
    with socket.create_server(("127.0.0.1", 0)) as other:
        code, said = told(*place(country, name, port=other.getsockname()[1]))
    assert (code, said.split()[0]) == (2, "PortInUse")
    assert sorted(country.rglob("*")) == before


@pytest.mark.parametrize("name", ["centre", "office-3174", "portal"])
def test_a_missing_database_is_told_and_its_password_is_not(told, country, name):
    nowhere = f"postgresql://rekam:s3cret@127.0.0.1:{free_port()}/rekam"
    code, said = told(*place(country, name), database_url=nowhere)
    assert (code, said.split()[0]) == (2, "MissingDatabase")
    assert "DATABASE_URL" in said
    assert "s3cret" not in said


@pytest.mark.parametrize("name", ALL)
def test_data_from_a_newer_version_is_told_and_left_alone(told, country, name):
    marker = country / name / "rekam.json"
    before = marker.read_bytes() if marker.exists() else None
    marker.write_text(json.dumps({"place": name.partition("-")[0], "layout": 99}))
    try:
        code, said = told(*place(country, name))
        assert json.loads(marker.read_text())["layout"] == 99
    finally:
        marker.unlink() if before is None else marker.write_bytes(before)
    assert (code, said.split()[0]) == (2, "FolderFromNewerVersion")
    assert "Install the newer version" in said


@pytest.mark.parametrize("name", ALL)
def test_missing_keys_are_told(told, country, tmp_path, name):
    given = place(country, name)
    given[given.index("--keys") + 1] = str(tmp_path / "no.keys")
    code, said = told(*given)
    assert (code, said.split()[0]) == (2, "KeyFileMissing")


def test_a_notice_while_the_centre_is_not_running_is_told(told, country):
    held = ["--data", str(country / "centre"), "--keys", str(country / "keys" / "centre.keys")]
    code, said = told("centre", "notice", "Server dipelihara", *held)
    assert (code, said.split()[0]) == (2, "CentreNotRunning")


def test_up_in_a_folder_of_other_files_is_told_and_changes_nothing(told, tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    code, said = told("up", "--data", str(tmp_path), "--port", str(free_port()))
    assert (code, "CountryExists" in said) == (2, True)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ("--stations 0", "ImpossibleDrill"),
        ("--people 1", "ImpossibleDrill"),
        ("--people 3 --second-recordings 4", "ImpossibleDrill"),
        ("--outage -1", "ImpossibleDrill"),
        ("--people 2 --second-recordings 0 --samples {tmp}/nowhere", "TooFewSamples"),
    ],
)
def test_a_drill_that_cannot_be_is_told_at_once(told, tmp_path, options, error):
    code, said = told("drill", *options.format(tmp=tmp_path).split(), "--json")
    assert (code, said.split()[0]) == (2, error)


@pytest.mark.parametrize("words", ["nonsense", "drill --people many"])
def test_what_the_command_line_does_not_know_ends_with_two(words):
    done = subprocess.run([sys.executable, "-m", "rekam.apps.cli", *words.split()], capture_output=True, text=True)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr + done.stdout


def test_brackets_in_a_path_are_told_as_they_stand(told, country, tmp_path):
    odd = tmp_path / "[bold]data[" / "x"
    _, said = told(*place(country, "centre", data=odd))
    assert str(odd) in said
