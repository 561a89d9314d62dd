"""`rekam check` against a running station."""

import io
import json

import pytest

from exchange_server import serving_app
from rekam.apps.cli import app
from rekam.apps.courier_command import CourierRefused
from rekam.drill.demo import PIN
from station_counter import OPERATOR


@pytest.fixture
def ask(counter, monkeypatch, capsys):
    """Runs the command with these lines in its pipe; exit status and what it printed."""
    with serving_app(counter.app()) as url:

        def run(*lines, json_wanted=True):
            monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
            told = app(
                ["check", "--as", OPERATOR, "--at", url, *(["--json"] if json_wanted else [])],
                result_action="return_value",
                exit_on_error=False,
            )
            assert told is None
            return capsys.readouterr().out

        yield run


def test_the_command_says_the_answer_its_source_and_what_to_do_and_no_name(ask, counter, capsys):
    counter.sign_in()
    resident = counter.adults()[0]
    said = json.loads(ask(PIN, resident.nik))
    assert (said["answer"], said["warns"]) == ("not-recorded", False)
    shown = ask(PIN, resident.nik, json_wanted=False)
    assert "Not known to be recorded (up to 21 November 2026)" in shown
    assert "Record as usual." in shown
    recorded = counter.save(resident.nik)
    with pytest.raises(SystemExit) as ended:
        ask(PIN, resident.nik)
    assert ended.value.code == 1
    warned = capsys.readouterr().out
    assert recorded.number in json.loads(warned)["source_words"]
    for told in (shown, warned):
        assert resident.nik not in told
        assert resident.name not in told


def test_a_wrong_pin_or_a_number_that_is_no_nik_is_refused_in_the_stations_words(ask):
    for lines, code in (((PIN, "12345"), "NikWrongLength"), (("000000", "3174015503900001"), "WrongPin")):
        with pytest.raises(CourierRefused) as refused:
            ask(*lines)
        assert refused.value.facts["code"] == code
