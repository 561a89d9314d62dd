"""The history of a case speaks to experts, not to programmers."""

from datetime import UTC, datetime

import pytest

from rekam.centre.casebook import Event
from rekam.centre.misplaced import MISPLACED
from rekam.centre.pages.event_words import event_words
from rekam.web.i18n import Language, speaking

AT = datetime(2017, 3, 20, tzinfo=UTC)
HANDS = next(iter(MISPLACED.values()))


def said(stage, detail, chosen=Language.ENGLISH):
    with speaking(chosen):
        return event_words(Event(AT, stage, "PASS", detail, ""))


@pytest.mark.parametrize(
    ("stage", "detail", "words"),
    [
        ("uniqueness", "UNIQUE", "Unique"),
        ("uniqueness", "DUPLICATE ONE_TO_MANY 31.7", "With a recording under another NIK: Very similar"),
        ("uniqueness", "SAME_PERSON ONE_TO_ONE 8.125", "With the earlier recording under the same NIK: Very similar"),
        ("uniqueness", "ADJUDICATE ONE_TO_ONE -4e-05", "With the earlier recording under the same NIK: Unclear"),
        ("decision", "DUPLICATE_RECORD Orang yang sama sudah direkam.", "Orang yang sama sudah direkam."),
        ("decision", "PRINT_READY_RECORD", "."),
        ("quality", "13 dari 14 citra cukup mutunya", "13 dari 14 citra cukup mutunya"),
    ],
)
def test_no_code_and_no_score_stands_in_a_cases_history(stage, detail, words):
    told = said(stage, detail)
    assert words in told
    assert not any(code in told for code in ("ONE_TO", "_RECORD", "ADJUDICATE", "31.7", "8.125", "e-05"))


def test_swapped_hands_are_told_behind_the_likeness():
    told = said("uniqueness", f"DUPLICATE ONE_TO_MANY 31.7, {HANDS}", Language.INDONESIAN)
    assert told.startswith("Ganda. Dengan rekaman atas NIK lain: Sangat mirip")
    assert told.endswith(f"{HANDS}.")
