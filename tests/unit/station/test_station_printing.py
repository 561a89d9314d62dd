"""The station's own queue: a paper is kept until it is on paper, and never printed twice without a mark."""

import io

import apsw
import pytest
from pypdf import PdfReader

from left_on_disk import left_on_disk
from rekam.drill.demo import PIN
from rekam.station.day.ticket import Priority, Service
from rekam.station.printing.port import (
    Fate,
    PrinterHoldsPaper,
    PrinterOutOfPaper,
    PrinterStopped,
    PrinterSuspect,
    PrinterUnreachable,
    PrinterWantsPaper,
)
from rekam.station.printing.queue import JobState, JobUnknown
from rekam.station.printing.tray import PaperTray
from rekam.web.testing import PageClient
from station_counter import OPERATOR
from station_counter import counter as make_counter


def words(pdf):
    return " ".join(PdfReader(io.BytesIO(pdf)).pages[0].extract_text().split())


@pytest.fixture
def tray():
    return PaperTray()


@pytest.fixture
def counter(tmp_path, tray):
    made = make_counter(
        tmp_path / "country",
        printer="ipp://tray/",
        make_printer=lambda _address, _certificate: tray,
        printer_certificate=lambda _address: "",
    )
    yield made
    made.station.close()


@pytest.fixture
def recording(counter, operator):
    return counter.save(counter.adults()[0].nik)


@pytest.fixture
def put(counter, recording):
    def paper(reason=""):
        here = counter.station.here
        issued = here.papers.issue("proof", recording.packet_id, "op-1", reason, queued=here.printing.add)
        return here.printing.begin(issued)

    return paper


@pytest.fixture
def queue(counter, recording):
    return counter.station.here.printing


def test_a_paper_is_printed_and_its_bytes_go_when_it_is_on_paper(counter, put, queue, tray, recording):
    job = put()
    assert job.state is JobState.SENT
    queue.look()
    assert queue.find(job.job).state is JobState.DONE
    assert queue.open_jobs() == []
    assert counter.station.here.store.rows("SELECT pdf FROM print_job") == [(None,)]
    ((title, pdf),) = tray.printed
    assert title == f"Bukti perekaman {recording.number} (1) #1"
    assert pdf.startswith(b"%PDF")
    assert recording.name not in title


@pytest.mark.parametrize(
    ("trouble", "error"),
    [({"sheets": 0}, PrinterOutOfPaper), ({"stopped": True}, PrinterStopped), ({"answers": False}, PrinterUnreachable)],
    ids=["out of paper", "stopped", "away"],
)
def test_what_cannot_be_printed_is_kept_and_offered_again_as_the_same_copy(
    counter, put, queue, tray, trouble, error, recording
):
    for name, value in trouble.items():
        setattr(tray, name, value)
    job = put()
    assert (job.state, type(job.trouble)) == (JobState.WAITING, error)
    assert "kept at this station" in str(job.trouble)
    counter.restart()
    counter.sign_in()
    queue = counter.station.here.printing
    assert [held.job for held in queue.send_waiting()] == [job.job]
    tray.sheets, tray.stopped, tray.answers = 5, False, True
    with_the_printer = {JobState.SENT, JobState.DONE}  # the station's own rounds may have asked it already
    assert {held.state for held in queue.send_waiting()} <= with_the_printer
    assert queue.send(job.job).state in with_the_printer
    assert len(tray.printed) == 1
    assert counter.station.here.papers.copies(recording.packet_id, "proof") == 1


def test_a_break_in_mid_sending_is_settled_by_asking_the_printer_for_the_title(put, queue, tray):
    tray.breaks_off = True
    assert put().state is JobState.SENT
    assert len(tray.printed) == 1


def test_where_nobody_can_tell_the_paper_is_uncertain_and_only_a_marked_copy_follows(put, queue, tray, counter):
    tray.breaks_off = True
    tray.find = lambda _title: None
    job = put()
    assert (job.state, type(job.trouble)) == (JobState.UNCERTAIN, PrinterSuspect)
    assert queue.send(job.job).state is JobState.UNCERTAIN
    assert queue.send_waiting() == []
    assert counter.station.here.store.rows("SELECT pdf FROM print_job") == [(None,)]
    tray.breaks_off = False
    again = put("pencetak tidak memberi kabar")
    assert (again.copy, again.state) == (2, JobState.SENT)
    assert queue.drop(job.job).state is JobState.DROPPED


def test_a_station_that_died_while_sending_asks_before_anything_else(counter, put, queue, tray):
    known, unknown = put(), put("kertas macet")
    store = counter.station.here.store
    with store.tx() as tx:
        tx.execute("UPDATE print_job SET state = 'sending', number = NULL")
        tx.execute("UPDATE print_job SET title = 'another' WHERE job = ?", (unknown.job,))
    tray.answers = False
    queue.look()
    held = queue.find(known.job)
    assert (held.state, type(held.trouble)) == (JobState.SENDING, PrinterUnreachable)
    tray.answers = True
    queue.look()
    assert [queue.find(job.job).state for job in (known, unknown)] == [JobState.DONE, JobState.UNCERTAIN]
    assert len(tray.printed) == 2


def test_a_paper_cut_off_in_mid_sending_may_be_set_aside_where_its_printer_is_gone_for_good(counter, put, queue, tray):
    job = put()
    with counter.station.here.store.tx() as tx:
        tx.execute("UPDATE print_job SET state = 'sending', number = NULL")
    tray.answers = False
    queue.look()
    assert queue.drop(job.job).state is JobState.DROPPED


@pytest.mark.parametrize(
    ("trouble", "error"),
    [({"sheets": 0}, PrinterWantsPaper), ({"stopped": True}, PrinterHoldsPaper)],
    ids=["out of paper", "stopped"],
)
def test_a_paper_that_a_stopped_printer_holds_is_told_as_held_and_written_once(
    counter, put, queue, tray, trouble, error
):
    job = put()
    tray.fates = {1: Fate.UNDERWAY}
    for name, value in trouble.items():
        setattr(tray, name, value)
    queue.look()
    with counter.station.here.store.tx() as tx:
        tx.execute("CREATE TRIGGER t BEFORE UPDATE ON print_job BEGIN SELECT raise(ABORT, 'nothing new'); END")
    queue.look()
    held = queue.find(job.job)
    assert (held.state, type(held.trouble)) == (JobState.SENT, error)


def test_a_job_that_the_printer_gave_up_waits_and_one_that_it_forgot_is_uncertain(put, queue, tray):
    first, second = put(), put("kertas macet")
    tray.fates = {1: Fate.GIVEN_UP}
    queue.look()
    assert queue.find(first.job).state is JobState.WAITING
    assert queue.find(second.job).state is JobState.UNCERTAIN
    tray.fates = {}
    assert queue.send(first.job).state is JobState.SENT


def test_a_printer_that_is_away_while_it_is_asked_changes_nothing(put, queue, tray):
    job = put()
    tray.answers = False
    queue.look()
    held = queue.find(job.job)
    assert (held.state, type(held.trouble)) == (JobState.SENT, PrinterUnreachable)
    tray.answers = True
    queue.look()
    assert queue.find(job.job).state is JobState.DONE


def test_what_was_printed_is_never_printed_again_under_its_mark(counter, put, queue, tray):
    job = put()
    queue.look()
    with pytest.raises(apsw.ConstraintError), counter.station.here.store.tx() as tx:
        tx.execute("UPDATE print_job SET state = 'waiting'")
    assert queue.send(job.job).state is JobState.DONE
    with pytest.raises(JobUnknown):
        queue.show(job.job)
    with pytest.raises(JobUnknown):
        queue.find(99)


def test_what_waits_may_be_opened_in_the_browser_once(counter, put, queue, tray):
    tray.sheets = 0
    job = put()
    assert queue.show(job.job).startswith(b"%PDF")
    assert queue.find(job.job).state is JobState.SHOWN
    tray.sheets = 9
    assert queue.send(job.job).state is JobState.SHOWN
    assert tray.printed == []


def test_without_a_printer_a_paper_is_shown_and_nothing_of_it_is_kept(counter, put, queue):
    counter.station.here.printer.choose("")
    assert put().state is JobState.SHOWN
    assert counter.station.here.store.rows("SELECT pdf FROM print_job") == [(None,)]


def test_a_paper_that_waits_for_its_printer_lies_on_the_disk_as_ciphertext_alone(counter, put, tray, recording):
    tray.sheets = 0
    assert put().state is JobState.WAITING
    ((pdf,),) = counter.station.here.store.rows("SELECT pdf FROM print_job")
    assert pdf.startswith(b"%PDF")
    for path, written in left_on_disk(counter.home).items():
        if path.name not in {"cast.json", "place.json"}:
            for readable in (pdf[:64], pdf[-2000:-1000], recording.name.encode(), recording.nik.encode()):
                assert readable not in written, path


@pytest.fixture
def ticket(counter, operator):
    queue = counter.station.here.queue
    queue.open_day(operator.operator.subject)
    return queue.take(Service.RECORDING, Priority.NONE, "a form").id


def test_a_slip_goes_to_the_printer_and_every_further_one_bears_its_mark(counter, ticket, tray):
    at = f"/queue/tickets/{ticket.day}/A/1"
    with PageClient(counter.app()) as client:
        client.post("/sign-in", {"operator": OPERATOR, "pin": PIN})
        assert f'action="{at}/print"' in client.get("/queue?taken=2026-11-21/A/1").text
        for _ in range(2):
            assert client.post(f"{at}/print").headers["location"] == at
        tray.sheets = 0
        client.post(f"{at}/print")
        assert "Menunggu, belum dicetak" in client.get(at).text
        page = client.get("/printing").text
    assert f'href="{at}"' in page
    first, second = [words(pdf) for _title, pdf in tray.printed]
    assert ("SALINAN" in first, "SALINAN ke-2, pukul" in second) == (False, True)
    assert [title for title, _pdf in tray.printed] == [f"Nomor antrean A-001 {ticket.day} ({n}) #{n}" for n in (1, 2)]
    assert [job.copy for job in counter.station.here.slips.printed(ticket)] == [3, 2, 1]


def test_without_a_printer_a_slip_opens_as_pdf_and_is_counted_all_the_same(counter, ticket):
    counter.station.here.printer.choose("")
    with PageClient(counter.app()) as client:
        client.post("/sign-in", {"operator": OPERATOR, "pin": PIN})
        at = f"/queue/tickets/{ticket.day}/A/1"
        first, second = (words(client.post(f"{at}/print").content) for _ in range(2))
        assert ("SALINAN" in first, "SALINAN ke-2" in second) == (False, True)
        assert "SALINAN" not in words(client.get(f"{at}/slip.pdf").content)
    assert counter.station.here.printing.open_jobs() == []
