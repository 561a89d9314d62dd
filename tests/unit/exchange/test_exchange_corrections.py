"""What a correction and a station's question look like on the wire: read strictly, and never half."""

from dataclasses import replace
from datetime import date

import pytest

from office_examples import SITI
from rekam.exchange.corrections import (
    MOST_WAITING,
    Correction,
    CorrectionsUnreadable,
    Note,
    Question,
    Waiting,
    corrections_feed,
)
from rekam.trust import cbor
from rekam.trust.random import SeededRandomUnsafeForTests
from rekam.trust.sealing import OpeningKey

KEY = OpeningKey.generate(random=SeededRandomUnsafeForTests("corrections")).public
ONE = Waiting("317401-01/1/R0001", "2026-11-22T02:00:00+00:00", SITI.nik, SITI.name, {"name": "SITI"}, ("kk",))
ASKED = Question("a" * 32, 3, 17, KEY, (ONE, replace(ONE, number="317401-01/1/R0002", note="nama ibu juga")))
DIED = Correction(17, SITI, Note.DIED, date(2026, 3, 3))


@pytest.mark.parametrize("correction", [Correction(1, SITI), DIED], ids=["biodata", "note"])
def test_a_correction_is_read_as_it_was_said(correction):
    assert Correction.from_bytes(correction.to_bytes()) == correction


@pytest.mark.parametrize("asked", [ASKED, Question("", 0, 0, KEY), Question("", 0, 0, KEY, ())], ids=str)
def test_a_question_is_read_as_it_was_asked(asked):
    assert Question.from_bytes(asked.to_bytes()) == asked


def test_a_note_that_only_a_newer_version_knows_is_told_as_something_to_ask_about():
    fields = cbor.decode(DIED.to_bytes())
    assert Correction.from_bytes(cbor.encode(fields | {"note": "adopted", "more": 1})).note is Note.OTHER


@pytest.mark.parametrize(
    "spoilt",
    [
        {"version": -1},
        {"version": True},
        {"since": "31 Maret"},
        {"biodata": {}},
        {"biodata": SITI.to_map() | {"nik": "0"}},
        {"note": None},
    ],
    ids=str,
)
def test_a_correction_that_cannot_be_is_refused_in_one_sentence(spoilt):
    fields = cbor.decode(DIED.to_bytes())
    with pytest.raises(CorrectionsUnreadable):
        Correction.from_bytes(cbor.encode(fields | spoilt))


@pytest.mark.parametrize(
    "spoilt",
    [
        {"after": -1},
        {"seen": None},
        {"key": b"no key"},
        {"life": "x" * 65},
        {"life": 1},
        {"waiting": [["317401-01/1/R0001"]]},
        {"waiting": [["n", "at", 5, "name", {}, [], ""]]},
        {"waiting": [["n", "at", "nik", "name", {}, [], ""]] * (MOST_WAITING + 1)},
        {"further": 1},
    ],
    ids=lambda spoilt: str(spoilt)[:40],
)
def test_a_question_that_cannot_be_is_refused_in_one_sentence(spoilt):
    with pytest.raises(CorrectionsUnreadable):
        Question.from_bytes(cbor.encode(cbor.decode(ASKED.to_bytes()) | spoilt))


@pytest.mark.parametrize("data", [b"", b"\xff", cbor.encode([]), cbor.encode(5)], ids=repr)
def test_what_is_no_map_is_refused(data):
    for kind in (Correction, Question):
        with pytest.raises(CorrectionsUnreadable):
            kind.from_bytes(data)


def test_every_station_has_a_feed_of_its_own():
    assert corrections_feed("317401-01", "ab") == "corrections/317401-01/ab"
