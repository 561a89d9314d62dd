"""Two different experts decide, never the operator who recorded, and both outcomes go the same way down."""

import pytest
from psycopg.errors import IntegrityConstraintViolation

from centre_desk import similar
from centre_examples import CENTRE, resident, town
from rekam.centre.adjudication import AlreadyDecided, NotImpartial, Outcome, UnknownAdjudication
from rekam.centre.sql import QUERIES
from rekam.exchange.feed import office_feed, open_batch
from rekam.trust import cbor

SITI, DEWI = resident(1, "SITI RAHMAWATI"), resident(2, "DEWI LESTARI")
SAME, DIFFERENT = Outcome.SAME_PERSON, Outcome.DIFFERENT_PERSONS


@pytest.fixture
def here(tmp_path):
    with town(tmp_path / "centre", SITI, DEWI) as here:
        yield here


@pytest.fixture
def case(here):
    """DEWI's NIK with one eye of the person who was recorded as SITI."""
    packet = similar(here, SITI, DEWI, 1)
    assert here.status(packet) == "ADJUDICATE_RECORD"
    return packet


def results(here):
    """(packet, status, reason) of each result on the office's feed."""
    batch = open_batch(here.centre.feed.after(office_feed("3174"), 0), CENTRE.key.public)
    bodies = [cbor.decode(entry.body) for entry in batch.entries if entry.kind == "result"]
    return [(body["packet_id"], body["status"], body["reason"]) for body in bodies]


def votes(here, packet, *said):
    return [here.centre.adjudication.decide(packet, expert, outcome) for expert, outcome in said]


def test_one_expert_decides_nothing_and_two_who_agree_decide(here, case):
    assert votes(here, case, ("ahli-1", SAME)) == [None]
    assert here.work() == 0
    assert here.status(case) == "ADJUDICATE_RECORD"
    assert votes(here, case, ("ahli-2", SAME)) == [SAME]
    here.work()
    assert here.status(case) == "DUPLICATE_RECORD"
    assert results(here)[-1][:2] == (case, "DUPLICATE_RECORD")
    assert "317401-01/1/000001" in results(here)[-1][2]


def test_experts_who_see_two_persons_let_the_recording_stand(here, case):
    votes(here, case, ("ahli-1", DIFFERENT), ("ahli-2", DIFFERENT))
    here.work()
    assert here.status(case) == "PRINT_READY_RECORD"
    assert results(here)[-1][:2] == (case, "PRINT_READY_RECORD")
    assert here.centre.casebook.page(case).order is not None


def test_experts_who_differ_ask_a_third(here, case):
    assert votes(here, case, ("ahli-1", SAME), ("ahli-2", DIFFERENT)) == [None, None]
    assert [line.votes for line in here.centre.adjudication.work_list("ahli-3")] == [2]
    assert votes(here, case, ("ahli-3", DIFFERENT)) == [DIFFERENT]
    here.work()
    assert here.status(case) == "PRINT_READY_RECORD"
    assert [vote.expert for vote in here.centre.casebook.votes(case)] == ["ahli-1", "ahli-2", "ahli-3"]


@pytest.mark.parametrize(
    ("outcome", "status"), [(SAME, "PRINT_READY_RECORD"), (DIFFERENT, "DUPLICATE_RECORD")], ids=["same", "different"]
)
def test_a_re_recording_by_somebody_else_goes_down_as_the_experts_say(here, outcome, status):
    here.record(SITI, 1)
    here.work()
    again = here.record(SITI, 2)
    here.work()
    votes(here, again, ("ahli-1", outcome), ("ahli-2", outcome))
    here.work()
    assert results(here)[-1][:2] == (again, status)


def test_a_stranger_is_not_let_through_by_likeness_to_himself(here):
    """SITI is recorded; a stranger comes with her NIK three times, before and after the experts refused him."""
    first = here.record(SITI, 1)
    here.work()
    stranger = here.record(SITI, 2)
    here.work()
    at_once = here.record(SITI, 2, impression=1)
    here.work()
    votes(here, stranger, ("ahli-1", DIFFERENT), ("ahli-2", DIFFERENT))
    here.work()
    assert here.status(stranger) == "DUPLICATE_RECORD"
    later = here.record(SITI, 2, impression=2)
    here.work()
    for packet in (at_once, later):
        page = here.centre.casebook.page(packet)
        assert (page.verdict, page.kind, page.candidate) == ("ADJUDICATE", "ONE_TO_ONE", first)


def test_whose_nik_somebody_else_used_first_is_recorded_without_suspicion(here):
    """SITI was recorded under her own NIK and then under DEWI's; the true DEWI comes last."""
    here.record(SITI, 1)
    here.work()
    double = here.record(DEWI, 1, impression=1)
    here.work()
    dewi = here.record(DEWI, 2)
    here.work()
    assert [here.status(packet) for packet in (double, dewi)] == ["DUPLICATE_RECORD", "PRINT_READY_RECORD"]


def test_who_keeps_her_own_nik_is_no_double_of_her_own_double(here):
    here.record(SITI, 1)
    here.work()
    here.record(DEWI, 1, impression=1)
    here.work()
    again = here.record(SITI, 1, impression=2)
    here.work()
    assert here.status(again) == "PRINT_READY_RECORD"
    assert here.centre.casebook.page(again).verdict == "SAME_PERSON"


def test_nobody_decides_twice_and_a_closed_case_stays_closed(here, case):
    votes(here, case, ("ahli-1", SAME))
    with pytest.raises(AlreadyDecided):
        votes(here, case, ("ahli-1", DIFFERENT))
    votes(here, case, ("ahli-2", SAME))
    with pytest.raises(AlreadyDecided):
        votes(here, case, ("ahli-3", DIFFERENT))
    here.work()
    assert len(results(here)) == 2


def test_the_recording_operator_is_refused_by_page_and_database_alike(here, case):
    assert here.centre.adjudication.work_list("op-1") == []
    with pytest.raises(NotImpartial):
        here.centre.adjudication.examine(case, "op-1")
    with pytest.raises(NotImpartial):
        votes(here, case, ("op-1", SAME))
    row = {"packet_id": case, "expert": "op-1", "decision": "SAME_PERSON", "note": ""}
    with pytest.raises(IntegrityConstraintViolation), here.centre.pool.connection() as connection:
        connection.execute(QUERIES.vote, row)


def test_the_operator_of_the_earlier_recording_is_refused_too(here):
    here.record(SITI, 1, operator="op-2")
    here.work()
    packet = here.record(SITI, 2, operator="op-1")
    here.work()
    for operator in ("op-1", "op-2"):
        with pytest.raises(NotImpartial):
            votes(here, packet, (operator, SAME))


def test_the_database_closes_no_case_on_one_vote_and_lets_no_vote_be_changed(here, case):
    votes(here, case, ("ahli-1", SAME))
    for sql in (
        "UPDATE adjudication SET outcome = 'SAME_PERSON'",
        "UPDATE adjudication_vote SET decision = 'DIFFERENT_PERSONS'",
        "DELETE FROM adjudication_vote",
    ):
        with pytest.raises(IntegrityConstraintViolation), here.centre.pool.connection() as connection:
            connection.execute(sql)


def test_votes_are_secret_until_the_case_is_closed(here, case):
    votes(here, case, ("ahli-1", SAME))
    assert here.centre.casebook.votes(case) == []


def test_a_case_that_nobody_asked_experts_about_is_none(here):
    packet = here.record(SITI, 1)
    here.work()
    with pytest.raises(UnknownAdjudication):
        here.centre.adjudication.examine(packet, "ahli-1")
    with pytest.raises(UnknownAdjudication):
        votes(here, packet, ("ahli-1", SAME))
