from collections import deque

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekam.enrolment.codes import packaged_lists
from rekam.enrolment.status import TABLE, TRANSITIONS, IllegalTransition, Status, UnknownStatus, advance, words

INNER = {Status.QUARANTINED, Status.REJECTED}
ADDED = {
    (Status.DUPLICATE_RECORD, Status.PRINT_READY_RECORD),
    (Status.PRINT_READY_RECORD, Status.DUPLICATE_RECORD),
    (Status.REQUEST_VALIDATION, Status.RECEIVED_AT_CENTRAL),  # docs/adr/0012
}
# the one row of the code list whose name the source lost
NAMELESS = "SENT_FOR_DEDUP (name not known)"


def packaged():
    return {item["code"]: item for item in packaged_lists()["record_status"]["items"] if item["code"] != NAMELESS}


def test_the_table_has_the_packaged_codes_and_the_two_inner_states():
    assert set(TABLE) == set(Status)
    assert {str(status) for status in Status} == set(packaged()) | {str(status) for status in INNER}


def test_the_transitions_are_the_packaged_ones_and_the_additions():
    table = {(old, new) for old in Status for new in TRANSITIONS[old] if not {old, new} & INNER}
    official = {(Status(code), Status(new)) for code, item in packaged().items() for new in item["next"]}
    assert table == official | ADDED


def test_abbreviations_and_ends_are_the_packaged_ones():
    for code, item in packaged().items():
        if item["abbr"]:
            assert Status(code).abbreviation in item["abbr"].split(" / ")
        assert (not TRANSITIONS[Status(code)]) is item["terminal"]


@given(st.sampled_from(Status), st.sampled_from(Status))
def test_a_step_is_taken_exactly_when_the_table_has_it(old, new):
    if new in TRANSITIONS[old]:
        assert advance(old, new) is new
    else:
        with pytest.raises(IllegalTransition, match=f"{old} cannot become {new}"):
            advance(old, new)


def reachable(start):
    seen, queue = {start}, deque([start])
    while queue:
        for following in TRANSITIONS[queue.popleft()] - seen:
            seen.add(following)
            queue.append(following)
    return seen


def test_every_status_is_reached_and_every_one_can_still_end_in_a_card():
    assert reachable(Status.UNREGISTERED) == set(Status)
    for status in Status:
        assert Status.CARD_ISSUED in reachable(status), f"{status} is a dead end"


def test_a_quarantined_packet_comes_back_or_is_rejected():
    assert TRANSITIONS[Status.QUARANTINED] == {Status.RECEIVED_AT_CENTRAL, Status.REJECTED}


@given(st.sampled_from(Status))
def test_every_status_has_short_words_in_both_languages_and_reads_back(status):
    assert 3 < len(words(status)) <= 60
    assert words(status, "en") != words(status)
    assert Status.parse(status.value) is status
    assert not status.abbreviation or Status.parse(status.abbreviation) is status


@pytest.mark.parametrize("text", ["", "PRINTED", "prr"])
def test_an_unknown_status_is_refused(text):
    with pytest.raises(UnknownStatus):
        Status.parse(text)
