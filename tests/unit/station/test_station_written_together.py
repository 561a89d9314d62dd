"""What belongs together is written together: seen from beside the writer, before each of its statements.

The journal gives a second connection what is committed and nothing else: the very rows that a killed process leaves.
"""

import pytest

from rekam.station.day.ticket import Priority, Service, State
from rekam.station.printing.queue import JobState
from rekam.station.printing.tray import PaperTray
from rekam.storage.sqlite import open_encrypted
from station_counter import OPERATOR
from station_counter import counter as make_counter

PAPERS = """
SELECT (SELECT count(*) FROM paper) + (SELECT count(*) FROM referral_copy), (SELECT count(*) FROM print_job),
       (SELECT count(*) FROM letter), (SELECT count(*) FROM paper WHERE kind = 'suket' AND copy = 1)
"""
SITTINGS = "SELECT (SELECT count(*) FROM draft), (SELECT count(*) FROM ticket_event WHERE what = 'bound')"


@pytest.fixture(scope="module")
def tray():
    return PaperTray()


@pytest.fixture(scope="module")
def counter(tmp_path_factory, tray):
    made = make_counter(
        tmp_path_factory.mktemp("together") / "country",
        printer="ipp://tray/",
        make_printer=lambda _address, _certificate: tray,
        printer_certificate=lambda _address: "",
    )
    yield made
    made.station.close()


@pytest.fixture(scope="module")
def operator(counter):
    return counter.sign_in()


@pytest.fixture(scope="module")
def recording(counter, operator):
    return counter.save(counter.adults()[0].nik)


@pytest.fixture
def left_by_a_kill(counter, operator):
    """What a query finds, as the difference to now, where the process ends before any statement of `work`."""

    def watch(query, work):
        beside = open_encrypted(counter.home / "station.db", operator.store_key)
        start = next(beside.execute(query))
        seen = []

        def before_a_statement(_cursor, _sql, _bindings):
            seen.append(tuple(now - then for now, then in zip(next(beside.execute(query)), start, strict=True)))
            return True

        with counter.station.here.store.tx() as connection:
            connection.exec_trace = before_a_statement
        try:
            work()
        finally:
            connection.exec_trace = None
        seen.append(tuple(now - then for now, then in zip(next(beside.execute(query)), start, strict=True)))
        beside.close()
        return seen

    return watch


@pytest.mark.parametrize("kind", ["proof", "suket", "referral"])
def test_a_copy_is_in_the_register_on_its_way_to_paper_and_has_its_number_or_none_of_it(
    counter, operator, recording, left_by_a_kill, kind
):
    here, by = counter.station.here, operator.operator.subject

    def hand_out():
        if kind == "referral":
            issued = here.referral_papers.issue(referral, by, queued=here.printing.add)
        else:
            issued = here.papers.issue(kind, recording.packet_id, by, queued=here.printing.add)
        here.printing.begin(issued)

    if kind == "referral":
        resident = here.residents.find(counter.adults(3)[2].nik)
        referral = here.referrals.refer("sitting", resident, {"name": "SITI"}, ("kk",), "", by)
    seen = left_by_a_kill(PAPERS, hand_out)
    letter = int(kind == "suket")
    assert set(seen) == {(0, 0, 0, 0), (1, 1, letter, letter)}
    assert seen.count((0, 0, 0, 0)) > 4, "the watch saw the statements"


def test_a_paper_whose_station_died_on_the_way_to_the_printer_waits_and_says_so(counter, recording):
    here = counter.station.here
    here.papers.issue("proof", recording.packet_id, OPERATOR, "rusak", queued=here.printing.add)
    counter.restart()
    counter.sign_in()
    printing = counter.station.here.printing
    (waiting,) = [job for job in printing.open_jobs() if job.state is JobState.WAITING]
    assert (waiting.about, waiting.kind) == (recording.packet_id, "proof")
    assert printing.send(waiting.job).state is JobState.SENT


def test_a_number_that_went_while_its_letter_was_set_is_not_on_it(counter, recording, operator, monkeypatch):
    """The office may say in between that this disk is old, and somebody may make the letter void in another tab."""
    here, by = counter.station.here, operator.operator.subject
    person = counter.save(counter.adults(2)[1].nik)
    first = here.papers.issue("suket", person.packet_id, by, "hilang")
    set_letter, asked = type(here.papers)._suket, []

    def voided_meanwhile(papers, recording, number, copy):
        if not asked:
            papers.void_letter(recording.packet_id, by, "salah cetak")
        asked.append(number)
        return set_letter(papers, recording, number, copy)

    monkeypatch.setattr(type(here.papers), "_suket", voided_meanwhile)
    second = here.papers.issue("suket", person.packet_id, by, "hilang")
    assert asked == [first.number, second.number]
    assert first.number != second.number == here.letters.of(person.packet_id)


def test_a_sitting_that_was_begun_has_the_ticket_that_was_called(counter, operator, left_by_a_kill):
    queue, by = counter.station.here.queue, operator.operator.subject
    queue.open_day(by)
    ticket = queue.take(Service.RECORDING, Priority.NONE, "a form")
    queue.call_next(by, seen=queue.line().version)
    nik = counter.adults(4)[3].nik
    seen = left_by_a_kill(SITTINGS, lambda: counter.station.sittings.open(nik, operator))
    assert set(seen) == {(0, 0), (1, 1)}
    assert queue.find(ticket.id).state is State.SITTING
