"""An office's server that was put back to an older image notices by itself, and gives no number until it is rebuilt."""

from contextlib import ExitStack, closing
from dataclasses import replace

import psycopg
import pytest
from fastapi import FastAPI

from database_image import image_of, put_back
from exchange_server import serving_app
from office_examples import CENTRE, OFFICE, OTHER_OFFICE, ROOT, STATION, packet, signed_in, staffed_world
from rekam.exchange.cosignatures import CosignatureDesk, InMemoryCosignatureBook
from rekam.exchange.errors import RemoteUnreachable
from rekam.exchange.extent import NO_EXTENT
from rekam.exchange.http_log import HttpLog
from rekam.exchange.letters import Block, Grant, Report
from rekam.exchange.log import log_key
from rekam.exchange.log_http import log_router
from rekam.exchange.remembered import Asked, Remembered
from rekam.exchange.remembered_http import HttpRemembered
from rekam.exchange.signed_http import SignedHttp
from rekam.exchange.witness_http import HttpCosignatures, witness_router
from rekam.office.app import create_office_app
from rekam.office.health import office_probes
from rekam.office.log_watch import LogLine
from rekam.office.own_past import OlderThanSaid
from rekam.office.rebuild import Rebuild
from rekam.trust.clock import SystemClock
from rekam.trust.keys import SigningKey
from rekam.trust.log.checkpoint import Checkpoint
from rekam.web.health import Level
from rekam.web.staff import InMemoryStaffStore

LOG = log_key(CENTRE.key.public)
REPORT = Report(0, ()).to_bytes()
ONE, OTHER = "317401-01", "317401-02"


class Line:
    """The centre's log, and the desk that takes cosignatures and tells an office its newest."""

    def __init__(self, centre, office):
        self.book = InMemoryCosignatureBook()
        self._desk, self._log = CosignatureDesk(self.book, centre.log, LOG), centre.log
        self._office, self.down = office.certificate, False

    def checkpoint(self):
        self._up()
        return self._log.checkpoint()

    def tile(self, tile):
        return self._log.tile(tile)

    def take(self, note):
        self._up()
        self._desk.take(note, self._office, ())

    def newest(self):
        self._up()
        return self._desk.newest_of(self._office)

    def _up(self):
        if self.down:
            raise RemoteUnreachable(place="Pusat", reason="down")


class NothingHeld:
    """A centre that has no packet of this office that the office lacks."""

    def after(self, _arrival):
        return []

    def life(self, least):
        return least


@pytest.fixture
def here(tmp_path):
    with staffed_world(tmp_path) as made:
        made.line = Line(made.centre, made.office)
        made.office = started(made)
        made.centre.notice(1)
        made.follow()
        yield made


def started(here):
    """The office's process as a start finds its server."""
    return here.again(log=LogLine(here.line, here.line))


def relay(here, *sequences):
    for sequence in sequences:
        here.custody(packet(sequence))
    assert here.office.relay.run_once().problem is None


def blocks(office, station=ONE):
    word = office.answer_letters(station, 1, REPORT)
    return Grant.read(word, office.certificate.signing, station, 1, REPORT).blocks


def older(here):
    """Last week's image is put back after the office witnessed more, and gave a block of letters."""
    relay(here, 1)
    here.office.log_watch.run_once()
    image = image_of(here.office.pool)
    given = blocks(here.office, OTHER)
    relay(here, 2)
    here.office.log_watch.run_once()
    put_back(here.office.pool, image)
    here.office = started(here)
    return given


def test_it_notices_in_its_first_round_with_the_centre_and_signs_nothing_more(here):
    older(here)
    done = here.office.log_watch.run_once()
    assert isinstance(done.problem, OlderThanSaid)
    found = here.office.past.found()
    assert (found.teller, found.what, found.told, found.own) == ("centre", "log", 2, 1)
    relay(here, 3)
    here.office.log_watch.run_once()
    assert here.office.log_watch.state().cosigned == 1
    assert [each.size for each in here.line.book.newest()] == [2], "a larger word would hide the proof"


def test_a_number_that_is_asked_for_before_the_first_round_waits_for_the_question(here):
    forgotten = older(here)
    assert blocks(here.office) == ()
    assert here.office.past.found() is not None
    assert len(forgotten) == 2


def test_what_could_come_twice_stops_over_restarts_and_what_is_safe_goes_on(here):
    older(here)
    here.office.past.ask()
    here.line.down = True
    office, order = started(here), ordered(here)
    for give in (
        lambda: office.recoveries.approve("request", "budi", "letters"),
        lambda: office.operator_keys.decisions.approve("request", "budi", "letters"),
        lambda: office.cards.reprint(order, by="budi", reason="rusak"),
        lambda: office.cards.print(order, by="budi"),
    ):
        with pytest.raises(OlderThanSaid):
            give()
    assert blocks(office) == ()
    here.custody(packet(4))
    assert office.relay.run_once().problem is None, "recordings and feed go on"
    assert office.backlog().packets == 0


def test_no_hand_gives_a_number_at_a_server_that_is_known_to_be_older(here):
    older(here)
    here.office.past.ask()
    for table, row in {
        "letter_block (year, first, last, station, epoch)": "2017, 9001, 9002, '317401-01', 1",
        "recovery_issue (request, station, epoch, chain, bundle, size)": "'r', 's', 2, '', 'b', 1",
        "key_issue (request, certificate)": "'r', ''",
        "card (packet_id, copy, blank, issued_on, printed_by)": "'p', 1, 1, now(), 'budi'",
    }.items():
        older_word = pytest.raises(psycopg.errors.RestrictViolation, match="older than its own word")
        with older_word, here.office.pool.connection() as tx:
            tx.execute(f"INSERT INTO {table} VALUES ({row})")


def test_it_starts_with_the_numbers_that_its_stations_were_provisioned_with(here):
    provisioned = [(ONE, 1, Block(2017, 1, 1000))]
    here.office.letters.open_with(provisioned)
    older(here)
    here.office.past.ask()
    here.office.letters.open_with(provisioned)
    assert blocks(here.office) == (provisioned[0][2],)


def test_rebuilt_it_gives_again_and_nothing_that_it_gave_before(here):
    forgotten = older(here)
    here.office.past.ask()
    work = Rebuild(here.office, NothingHeld())
    work.begin()
    work.run(lambda *_: None)
    office = started(here)
    assert office.past.found() is None
    assert office.log_watch.run_once().problem is None
    assert Checkpoint.parse(office.log_watch.store.cosigned().text).size == 2, "its last word binds it again"
    assert all(new.first > old.last for new in blocks(office) for old in forgotten)


def test_rebuilt_under_a_clock_years_off_it_gives_no_number_of_any_year_again(here):
    years = (2012, 2016, 2020)
    image = image_of(here.office.pool)
    forgotten = {year: given_of(here.office, year) for year in years}
    put_back(here.office.pool, image)
    Rebuild(started(here), NothingHeld()).begin()
    office = started(here)  # in the middle of it: whatever year is asked for first, and whatever year it is
    for year in years:
        again = given_of(office, year, epoch=2)
        assert again[0].first > forgotten[year][-1].last
        assert again[0].first > 500_000
        assert given_of(office, year, epoch=3)[0].first == again[-1].last + 1, "passed over once a year"


def given_of(office, year, epoch=1):
    """Blocks of a year, as an office gives them that takes this for the year."""
    word = office.letters.answer(ONE, epoch, REPORT, year)
    return [
        block for block in Grant.read(word, office.certificate.signing, ONE, epoch, REPORT).blocks if block.year == year
    ]


def test_rebuilt_no_line_of_the_blank_ledger_is_a_card_of_before(here):
    here.office.blanks.open_with(10, "Stok awal", by="kantor")
    image = image_of(here.office.pool)
    forgotten = here.office.blanks.receive(5, "Kiriman", by="budi").entry
    put_back(here.office.pool, image)
    here.office = started(here)
    Rebuild(here.office, NothingHeld()).begin()
    entered = here.office.blanks.receive(5, "Kiriman", by="budi")
    assert (forgotten, entered.entry, entered.balance) == (2, 100_001, 15)
    assert here.office.blanks.receive(1, "Kiriman", by="budi").entry == 100_002
    assert here.office.blanks.account().adds_up


def test_put_back_a_second_time_it_notices_a_second_time(here):
    older(here)
    here.office.past.ask()
    Rebuild(here.office, NothingHeld()).begin()
    image = image_of(here.office.pool)
    here.office = started(here)
    relay(here, 5)
    assert here.office.log_watch.run_once().problem is None
    put_back(here.office.pool, image)
    assert isinstance(started(here).log_watch.run_once().problem, OlderThanSaid)


@pytest.mark.parametrize("after", ["keep", "keep_cosigned", "take"])
def test_a_crash_between_signing_and_storing_or_telling_is_no_false_alarm(here, monkeypatch, after):
    relay(here, 1)
    watch = here.office.log_watch
    at = here.line if after == "take" else watch.store
    does = getattr(at, after)

    def dies(note):
        does(note)
        raise KeyboardInterrupt

    monkeypatch.setattr(at, after, dies)
    with pytest.raises(KeyboardInterrupt):
        watch.run_once()
    monkeypatch.undo()
    here.office = started(here)
    relay(here, 2)
    assert here.office.log_watch.run_once().problem is None
    assert here.office.past.found() is None
    assert [each.size for each in here.line.book.newest()] == [2]


def test_a_word_that_this_office_did_not_sign_is_none(here):
    relay(here, 1, 2)
    told = here.centre.log.checkpoint()
    forger = SigningKey(b"\x07" * 32)
    for note in (told, told.cosigned("rekam/office/3174", forger, 1), told.cosigned("x", OFFICE.holder.key, 1)):
        here.line.newest = lambda note=note: note
        here.office.past.ask()
        assert here.office.past.found() is None


def test_without_the_centre_numbers_are_given_but_no_checkpoint_is_signed(here):
    relay(here, 1)
    here.line.down = True
    assert len(blocks(here.office)) == 2
    assert isinstance(here.office.log_watch.run_once().problem, RemoteUnreachable)
    assert here.office.log_watch.state().cosigned is None


def word(here, told=b""):
    """What the office answers a station that hands `told` back."""
    return here.office.remember(Asked(ONE, 1, STATION.key.key_id, bytes(16)), told)


def test_out_of_the_centres_reach_a_station_brings_the_office_its_own_word(here):
    here.line.down = True
    image = image_of(here.office.pool)
    given = blocks(here.office, OTHER)
    furthest = word(here)
    put_back(here.office.pool, image)
    here.office = started(here)
    word(here, furthest)
    found = here.office.past.found()
    assert (found.teller, found.what, found.told, found.own) == ("station", "letters", 2000, 0)
    assert len(given) == 2
    assert blocks(here.office) == ()
    here.line.down = False
    Rebuild(here.office, NothingHeld()).begin()
    here.office = started(here)
    word(here, furthest)
    assert here.office.past.found() is None, "a word of before the rebuilding says nothing any more"
    assert all(new.first > old.last for new in blocks(here.office) for old in given)


@pytest.mark.parametrize("what", ["packets", "log", "feed", "sheets"])
def test_whatever_the_office_forgot_its_word_tells(here, what):
    relay(here, 1)
    image = image_of(here.office.pool)
    if what == "packets":
        here.custody(packet(2))
    elif what == "log":
        here.office.log_watch.run_once()
    elif what == "feed":
        here.centre.notice(2)
        here.follow()
    else:
        here.office.blanks.open_with(10, "Stok awal", by="kantor")
    furthest = word(here)
    put_back(here.office.pool, image)
    word(here, furthest)
    assert here.office.past.found().what == what


def test_an_image_of_before_a_rebuilding_is_told_by_words_of_after_it(here):
    image = image_of(here.office.pool)
    Rebuild(here.office, NothingHeld()).begin()
    given, line = blocks(here.office), here.office.blanks.receive(5, "Kiriman", by="budi").entry
    furthest = word(here)
    put_back(here.office.pool, image)
    word(here, furthest)
    assert here.office.past.found().what == "life"
    Rebuild(here.office, NothingHeld()).begin()
    assert here.office.past.extent().life == 20, "what the first rebuilding spared is not spared a second time"
    assert all(new.first > old.last for new in blocks(here.office) for old in given)
    assert here.office.blanks.receive(5, "Kiriman", by="budi").entry > line


def test_a_rebuilding_that_takes_an_earlier_ones_numbers_for_its_own_begins_again(here):
    image = image_of(here.office.pool)
    Rebuild(here.office, NothingHeld()).begin()
    given, furthest = blocks(here.office, OTHER), word(here)
    put_back(here.office.pool, image)
    work = Rebuild(here.office, NothingHeld())
    work.begin()  # nobody told it that it had been rebuilt before
    assert (here.office.past.extent().life, work.proved_again) == (10, False)
    word(here, furthest)
    assert (here.office.past.found().what, work.proved_again) == ("letters", True)
    work.begin()
    assert (here.office.past.extent().life, work.proved_again) == (20, False)
    assert all(new.first > old.last for new in blocks(here.office) for old in given)


def test_over_http_the_centre_and_a_station_tell_an_office_what_it_signed(here):
    centre, line = FastAPI(), here.line
    centre.include_router(log_router(here.centre.log))
    desk = CosignatureDesk(line.book, here.centre.log, LOG)
    centre.include_router(witness_router(desk, line.book, place="centre", root=ROOT))
    with serving_app(centre) as url, ExitStack() as lines:
        log = lines.enter_context(closing(HttpLog(url, place="centre")))
        way = LogLine(log, HttpCosignatures(lines.enter_context(closing(signed(url, OFFICE.holder)))))
        here.office = here.again(log=way)
        relay(here, 1)
        image = image_of(here.office.pool)
        assert here.office.log_watch.run_once().problem is None
        station, word = tells_over_http(here.office, b"")
        put_back(here.office.pool, image)
        here.office = here.again(log=way)
        assert isinstance(here.office.log_watch.run_once().problem, OlderThanSaid)
    put_back(here.office.pool, image)
    here.office = started(here)
    tells_over_http(here.office, word)
    assert (here.office.past.found().teller, station) == ("station", ONE)


def tells_over_http(office, told):
    """A station's question to the office's own web application; its id as the answer has it, and the answer."""
    app = create_office_app(office, InMemoryStaffStore(office.clock))
    with serving_app(app) as url, closing(signed(url, STATION)) as line:
        nonce = bytes(16)
        word = HttpRemembered(line).remembered(nonce, told)
        asked = Asked(ONE, 1, STATION.key.key_id, nonce)
        return Remembered.read(word, OFFICE.holder.key.public, asked).station, word


def signed(url, holder):
    return SignedHttp(url, place="there", key=holder.key, chain=holder.chain, clock=SystemClock())


def test_words_of_another_office_and_altered_ones_are_passed_over(here):
    furthest = word(here)
    said = Remembered(ONE, 1, 0, "", forked=False, extent=replace(here.office.past.extent(), letters=9))
    asked = Asked(ONE, 1, STATION.key.key_id, bytes(16))
    for told in (b"", b"x", furthest[:-1], said.signed(OTHER_OFFICE.holder.key, asked), STATION.chain[0]):
        word(here, told)
        assert here.office.past.found() is None
    word(here, said.signed(OFFICE.holder.key, asked))
    assert here.office.past.found().what == "letters"


def test_a_station_whose_key_was_withdrawn_learns_nothing_of_the_offices_books(here):
    with here.office.pool.connection() as tx:
        here.office.withdrawals.withdraw(tx, ONE, 1, reason="Laptop dicuri")
    assert Remembered.extent_in(word(here), OFFICE.holder.key.public) == NO_EXTENT


def test_overview_and_health_say_it_in_plain_words(here):
    older(here)
    with signed_in(here.office) as page:
        assert "keadaan lama" not in page.get("/").text
        here.office.log_watch.run_once()
        told = page.get("/").text
        assert "Server ini dikembalikan ke keadaan lama" in told
        assert "rekam office rebuild --put-back" in told
        assert "menandatangani 2 catatan log pusat yang disaksikan; server ini hanya tahu 1." in told
    finding = next(each for probe in office_probes(here.office) if (each := probe()).topic == "own-past")
    assert finding.level is Level.ALARM


def ordered(here):
    sent = packet(1)
    here.centre.order(sent)
    here.follow()
    return sent.id
