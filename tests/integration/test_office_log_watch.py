"""An office as witness: its rounds, its receipts, its page, and what it says when the centre's log lies."""

import pytest

from office_examples import CENTRE, packet, signed_in, world
from rekam.exchange.cosignatures import CosignatureDesk, InMemoryCosignatureBook
from rekam.exchange.errors import RemoteUnreachable
from rekam.exchange.log import InMemoryLog, log_key
from rekam.exchange.log_evidence import Breach, Evidence
from rekam.office.errors import AlarmUnknown, MissingReason
from rekam.office.health import office_probes
from rekam.office.log_watch import PAUSES, LogLine
from rekam.web.health import Level

LOG = log_key(CENTRE.key.public)


class Line:
    """The log that the centre shows to this office, and the desk that takes its cosignatures."""

    def __init__(self, centre, office):
        self.shown = centre.log
        self.book = InMemoryCosignatureBook()
        self._desk, self._office = CosignatureDesk(self.book, centre.log, LOG), office
        self.down = False

    def checkpoint(self):
        if self.down:
            raise RemoteUnreachable(place="Pusat", reason="down")
        return self.shown.checkpoint()

    def tile(self, tile):
        return self.shown.tile(tile)

    def take(self, note):
        self._desk.take(note, self._office.certificate, ())

    def newest(self):
        if self.down:
            raise RemoteUnreachable(place="Pusat", reason="down")
        return self._desk.newest_of(self._office.certificate)


@pytest.fixture
def here(tmp_path):
    with world(tmp_path) as made:
        made.line = Line(made.centre, made.office)
        made.office = made.again(log=LogLine(made.line, made.line))
        made.centre.notice(1)
        made.follow()
        yield made


def relay(here, *sequences):
    for sequence in sequences:
        here.custody(packet(sequence))
    assert here.office.relay.run_once().problem is None


def test_the_log_is_witnessed_and_every_receipt_compared(here):
    relay(here, 1, 2, 3)
    done = here.office.log_watch.run_once()
    assert (done.problem, here.office.log_watch.compared.problem) == (None, None)
    state = here.office.log_watch.state()
    assert (state.size, state.cosigned, state.delivered) == (3, 3, 3)
    assert (state.agreed, state.denied, state.waiting) == (3, 0, 0)
    (held,) = here.line.book.newest()
    assert (held.office, held.size) == ("3174", 3)
    assert held.at_s == int(here.office.dates.now().floor.timestamp())


def test_before_the_centre_told_the_time_the_office_watches_and_does_not_sign(tmp_path):
    with world(tmp_path) as made:
        line = Line(made.centre, made.office)
        made.office = made.again(log=LogLine(line, line))
        made.office.log_watch.run_once()
        state = made.office.log_watch.state()
        assert (state.size, state.cosigned) == (0, None)


def other_log(size):
    log = InMemoryLog(CENTRE.key)
    for number in range(size):
        log.append(bytes([number]) * 32)
    return log


def test_a_log_without_this_offices_packets_is_alarmed_on_overview_and_page_with_evidence(here):
    relay(here, 1, 2)
    watch = here.office.log_watch
    watch.run_once()
    here.line.shown = other_log(5)
    watch.run_once()
    watch.run_once()
    assert watch.watched.breach is Breach.CHANGED
    assert watch.state().cosigned == 2
    with signed_in(here.office) as page:
        assert "Log pusat melanggar janjinya" in page.get("/").text
        assert alarmed(here)
        told = page.get("/log").text
        assert "tidak lagi memuat catatan" in told
        assert "Yang perlu dilakukan" in told
        answer = page.get("/log/alarms/1.json")
        assert Evidence.from_json(answer.text).judge(LOG) is Breach.CHANGED
        assert "attachment" in answer.headers["content-disposition"]
        assert page.post("/log/alarms/1", {"note": " "}).status_code == 422
        page.post("/log/alarms/1", {"note": "Pusat (Rina) memulihkan cadangan"})
        assert "Log pusat melanggar" not in page.get("/").text
        assert not alarmed(here)
        assert "Pusat (Rina) memulihkan cadangan" in page.get("/log").text
        assert page.get("/log/alarms/9.json").status_code == 404


def test_a_log_made_for_this_office_alone_is_found_by_its_receipts(here):
    relay(here, 1, 2)
    here.line.shown = other_log(6)
    here.office.log_watch.run_once()
    state = here.office.log_watch.state()
    assert (state.agreed, state.denied, state.waiting) == (0, 2, 0)
    assert {alarm.kept_size for alarm, _ in here.office.log_watch.alarms()} == {1, 2}


def test_a_failing_log_stops_neither_sending_nor_the_feed(here):
    here.line.down = True
    assert isinstance(here.office.log_watch.run_once().problem, RemoteUnreachable)
    relay(here, 1)
    assert here.office.outbox.backlog().packets == 0
    with signed_in(here.office) as page:
        assert "Putaran terakhir tidak selesai" in page.get("/log").text


def test_a_restart_goes_on_from_what_was_kept(here):
    relay(here, 1)
    here.office.log_watch.run_once()
    again = here.again(log=LogLine(here.line, here.line)).log_watch
    assert again.run_once().moved == 0
    here.line.shown = other_log(1)
    again.run_once()
    assert again.watched.breach is Breach.SPLIT


def test_an_alarm_is_answered_once_and_with_words(here):
    relay(here, 1)
    here.office.log_watch.run_once()
    here.line.shown = other_log(0)
    here.office.log_watch.run_once()
    with pytest.raises(MissingReason):
        here.office.log_watch.answer(1, "", by="budi")
    with pytest.raises(AlarmUnknown):
        here.office.log_watch.answer(7, "x", by="budi")
    here.office.log_watch.answer(1, "dilaporkan", by="budi")
    here.office.log_watch.answer(1, "lagi", by="ani")
    ((_, answer),) = here.office.log_watch.alarms()
    assert (answer.note, answer.by) == ("dilaporkan", "budi")
    assert here.office.log_watch.open_alarms() == 0


def alarmed(here):
    found = [probe() for probe in office_probes(here.office)]
    return any(each.topic == "public-log" and each.level is Level.ALARM for each in found)


def test_a_centre_that_is_only_just_starting_is_asked_again_within_seconds_and_a_dead_one_seldom():
    waits = [PAUSES.after(failures, 0.0) for failures in range(1, 30)]
    assert waits[:4] == [1, 2, 4, 8]
    assert waits[-1] == PAUSES.longest_s
    assert PAUSES.after(0, 0.0) == 60
