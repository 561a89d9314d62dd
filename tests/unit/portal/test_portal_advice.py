"""Every status has an answer in plain words, in both languages."""

import pytest

from rekam.enrolment.status import Status
from rekam.portal.advice import advice
from rekam.web.i18n import Language, _, speaking


@pytest.mark.parametrize("status", [*Status, None], ids=str)
def test_every_status_says_what_it_means_and_what_to_do(status):
    said = advice(status)
    assert said.heading
    assert said.meaning.endswith(".")
    assert said.todo.endswith(".")
    assert said.tone in {"info", "success", "warning"}
    with speaking(Language.ENGLISH):
        for text in (said.heading, said.meaning, said.todo):
            assert _(text) != text


def test_only_what_is_not_recorded_yet_gets_the_answer_for_the_unknown():
    assert [status for status in Status if advice(status) is advice(None)] == [Status.UNREGISTERED]
