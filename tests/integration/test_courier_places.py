"""Couriers between the real places: an encrypted station, an office and a centre on PostgreSQL, and no line at all."""

import shutil
from dataclasses import replace
from datetime import date

import pytest

from rekam.centre.centre import TABLES as CENTRE_TABLES
from rekam.centre.courier import centre_courier
from rekam.centre.twin.pairing import Pairing
from rekam.drill.demo import SUPERVISOR_PIN, demo_country
from rekam.enrolment.status import Status
from rekam.exchange.courier.errors import NothingOnStick
from rekam.office.corrections import Wanted
from rekam.office.courier import office_courier
from rekam.office.office import TABLES as OFFICE_TABLES
from rekam.station.bar import bar_state
from rekam.station.courier import station_courier
from rekam.station.health import station_probes
from rekam.station.referral.changes import Field
from rekam.storage.errors import MirrorAway
from rekam.storage.testing import fresh_pool
from rekam.trust.clock import SystemClock
from rekam.trust.random import SystemRandom
from rekam.web.health import Level
from small_country import OPERATOR, STATION, SUPERVISOR, Link, country, open_centre, open_office, open_station, record


def quiet(*_told: object) -> None:
    """Nobody looks on."""


class World:
    def __init__(self, folder, centre_pool, office_pool):
        people = [one for one in demo_country(date(2016, 10, 3)).residents if one.birth_date.year < 1990][:3]
        self.people = people
        self.home = home = country(folder / "country", *people)
        self.centre = open_centre(home, centre_pool, *people)
        self.office = open_office(home, office_pool, None)
        self.link = Link()
        self.station = open_station(home, self.link)
        self.numbers = [record(self.station, person.nik).packet_id for person in people[:2]]
        self.unrecorded = people[2].nik
        self.stick = folder / "stick"
        self.stick.mkdir()

    def at_station(self):
        return station_courier(self.station.here, SystemClock(), SystemRandom(), key_stop=self.station.take_stop)

    def at_office(self):
        return office_courier(self.office)

    def at_centre(self):
        return centre_courier(self.centre)

    def unsent(self) -> int:
        return self.station.here.line.outbox.unsent()[0]

    def recordings(self):
        return [self.station.here.recordings.find(packet_id) for packet_id in self.numbers]


@pytest.fixture
def world(tmp_path):
    with fresh_pool(*CENTRE_TABLES) as one, fresh_pool(*OFFICE_TABLES) as two:
        made = World(tmp_path, one, two)
        yield made
        made.station.close()


def test_packets_go_up_and_receipts_and_results_come_down_without_any_line(world):
    stick = world.stick
    days = world.station.here.day_end
    world.station.close_day(days.today(), world.station.supervisor(SUPERVISOR, SUPERVISOR_PIN))
    letters, recorded = world.station.here.letters, world.station.here.recordings.search()[0]
    number = letters.take(recorded.packet_id, "op-1", "2026-11-22T02:00:00+00:00", 2026)
    letters.void(recorded.packet_id, number, "op-1", "2026-11-22T03:00:00+00:00", f"nama {recorded.name} salah")
    written = world.at_station().out(stick, "3174", None, quiet)
    assert (written.packets, written.day_words, written.letters) == (2, 1, 1)
    assert world.at_station().out(stick, "3174", None, quiet).files == (), "the same report is the same parcel"
    on_stick = b"".join(path.read_bytes() for path in stick.rglob("*.rekam"))
    assert recorded.name.encode() not in on_stick, "why a letter is void is the office's to read"
    assert world.unsent() == 2
    (custody,) = world.at_office().take_in(stick, quiet).files
    assert (custody.taken, custody.answer.receipts) == (2, 2)
    (closed,) = world.office.days.newest()
    assert (closed.day, closed.closed, closed.held) == (days.today(), True, 2)
    (reported,) = world.office.letters.register().newest
    assert (reported.packet, reported.void) == (str(recorded.number), f"nama {recorded.name} salah")
    assert letters.held().untold == 1
    assert world.at_station().receipts(stick, quiet).taken == 2
    assert letters.held().untold == 0, number
    assert world.unsent() == 0
    assert days.known() == 1, "the office said so, and the next stick need not carry the word again"
    assert world.office.state().backlog == 2

    assert world.at_office().out(stick, "centre", None, quiet).packets == 2
    taken = world.at_centre().take_in(stick, quiet)
    (accepted,) = taken.files
    assert (accepted.sender, accepted.taken, accepted.answer.receipts) == ("3174", 2, 2)
    assert [each.code for each in taken.passed_by] == ["BundleForAnother"], "the station's own file, for the office"
    assert world.centre.counts().received == 2
    home = world.at_office().receipts(stick, quiet)
    assert (home.taken, home.entries, home.doubted) == (2, 2, [])
    assert world.office.state().backlog == 0
    assert world.office.state().relayed == 2

    (again,) = world.at_office().take_in(stick, quiet).files
    assert (again.taken, again.known, again.answer.last) == (0, 2, 2)
    down = world.at_station().receipts(stick, quiet)
    assert (down.taken, down.known, down.entries, down.doubted) == (0, 2, 2, [])
    assert all(each.accepted_at and each.status is Status.RECEIVED_AT_CENTRAL for each in world.recordings())


def test_a_station_read_at_the_centre_has_its_acceptances_and_still_backs_up_at_its_office(world):
    stick = world.stick
    world.at_station().out(stick, "centre", None, quiet)
    assert world.at_centre().take_in(stick, quiet).files[0].taken == 2
    back = world.at_station().receipts(stick, quiet)
    assert (back.taken, back.doubted) == (2, [])
    assert all(each.accepted_at and each.status is Status.RECEIVED_AT_CENTRAL for each in world.recordings())
    assert world.unsent() == 2, "the office keeps a backup of every packet"
    assert world.at_station().out(stick, "centre", None, quiet).packets == 0
    assert world.at_station().out(stick, "3174", None, quiet).packets == 2
    world.at_office().take_in(stick, quiet)
    assert world.at_station().receipts(stick, quiet).taken == 2
    assert world.unsent() == 0
    assert world.at_station().receipts(stick, quiet).taken == 0


def test_a_centre_writes_no_receipt_on_a_stick_that_its_twin_does_not_have(world):
    stick, pairing = world.stick, Pairing(world.centre.pool)
    world.at_station().out(stick, "centre", None, quiet)
    pairing.admit("http://twin", kept=False)
    assert pairing.become_paired(pairing.now().missed)
    (held_back,) = world.at_centre().take_in(stick, quiet).files
    assert (held_back.taken, held_back.answer) == (2, None)
    assert isinstance(held_back.answer_problem, MirrorAway)
    with pytest.raises(NothingOnStick):
        world.at_station().receipts(stick, quiet)
    pairing.go_alone("kepala", "kembaran rusak")
    assert world.at_centre().take_in(stick, quiet).files[0].answer.receipts == 2
    assert world.at_station().receipts(stick, quiet).taken == 2


def test_a_receipt_whose_place_in_the_log_is_not_borne_out_is_not_believed(world):
    stick, other = world.stick, world.stick / "other"
    other.mkdir()
    world.at_station().out(stick, "centre", None, quiet)
    world.at_centre().take_in(stick, quiet)
    store = world.station.here.store
    with store.tx() as tx:  # as if the packet of the log were another
        tx.execute("UPDATE recording SET salt = zeroblob(16)")
    back = world.at_station().receipts(stick, quiet)
    assert (back.taken, {each.code for each in back.doubted}) == (0, {"ReceiptWrong"})
    assert back.feed_problem is not None
    assert not any(each.accepted_at for each in world.recordings())


def test_a_stick_with_nothing_for_this_place_says_so(world):
    for courier, errand in ((world.at_office(), "take_in"), (world.at_station(), "receipts")):
        with pytest.raises(NothingOnStick):
            getattr(courier, errand)(world.stick, quiet)


def test_corrected_biodata_come_home_on_the_stick_sealed_and_a_referral_goes_up_with_it(world):
    stick, here = world.stick, world.station.here
    person = here.residents.find(world.recordings()[0].nik)
    referred = here.residents.find(world.unrecorded)
    here.referrals.refer("sitting", referred, {Field.NAME: "NYAI ARSANTI"}, ("kk",), "ibu kandung keliru", "op-1")
    renamed = replace(person, name="RADEN SUWIRYO")
    world.office.corrections.bring([Wanted(renamed)], "siti", "command")
    for _ in range(2):
        world.at_station().out(stick, "3174", None, quiet)
    world.at_office().take_in(stick, quiet)
    on_stick = b"".join(path.read_bytes() for path in stick.rglob("*.rekam"))
    for secret in ("RADEN SUWIRYO", "NYAI ARSANTI", "ibu kandung", person.nik):
        assert secret.encode() not in on_stick
    (told,) = world.office.correction_answers.referrals(5)
    assert (told.referral.nik, told.referral.note) == (referred.nik, "ibu kandung keliru")
    home = world.at_station().receipts(stick, quiet)
    assert (home.corrections, home.doubted, home.passed_over) == (1, [], 0)
    assert here.residents.find(person.nik).name == "RADEN SUWIRYO"
    assert world.recordings()[0].name == person.name, "what was signed stays as it was signed"
    assert world.at_station().receipts(stick, quiet).corrections == 0, "the same stick again"


def test_a_word_on_an_ended_key_goes_up_to_the_centre_and_an_offices_stop_comes_home_on_the_same_stick(world):
    stick, station, stops = world.stick, world.station, world.office.operator_keys.stops
    station.bar(OPERATOR, by=SUPERVISOR)
    asked = stops.ask(STATION, SUPERVISOR, "budi", "Diberhentikan")
    assert asked.after == 0, "nothing of that station is at the office yet"
    stops.sign(asked.number, "sri")
    world.at_station().out(stick, "3174", None, quiet)
    (file,) = world.at_office().take_in(stick, quiet).files
    assert (file.taken, file.passed_over, file.refused, file.answer_problem) == (2, 0, (), None)
    world.at_office().out(stick, "centre", None, quiet)
    (heard,) = world.at_centre().take_in(stick, quiet).files
    assert (heard.taken, heard.statements, heard.refused) == (2, 2, ())
    ends = {(one.end.subject, one.end.why, one.end.after) for one in world.centre.ended_keys.listed()}
    assert ends == {(OPERATOR, "left", 2), (SUPERVISOR, "stopped", 0)}
    assert world.at_office().receipts(stick, quiet).statements == 2
    home = world.at_station().receipts(stick, quiet)
    assert (home.taken, home.passed_over, home.doubted) == (2, 0, [])
    assert station.operators.listed() == []
    assert len(station.here.key_ends.words()) == 2, "the station's own word on the supervisor goes with the next stick"
    assert world.at_station().receipts(stick, quiet).doubted == [], "the same stick again"


def test_what_an_office_lost_with_its_server_comes_again_on_the_next_stick(world, tmp_path):
    def trip(name):
        """Up, down and home; what each of the three said."""
        stick = tmp_path / name
        stick.mkdir()
        written = world.at_station().out(stick, "3174", None, quiet)
        (taken,) = world.at_office().take_in(stick, quiet).files
        return written, taken, world.at_station().receipts(stick, quiet)

    def told():
        found = (probe() for probe in station_probes(world.station))
        return next((each.level, each.said) for each in found if each.topic == "lost-above")

    assert trip("first")[2].taken == 2
    first = world.recordings()
    shutil.copy(world.station.here.blobs.path(world.numbers[0]), tmp_path / "first" / "sound")
    assert trip("nothing-lost")[2].lost == 0
    shutil.rmtree(world.office.folder / "packets")
    with fresh_pool(*OFFICE_TABLES) as empty:
        world.office = open_office(world.home, empty, None)
        written, taken, home = trip("asked")
        assert (written.packets, taken.taken, home.lost) == (0, 0, 2)
        assert told() == (Level.WARNING, "2 paket hilang di sana; salinannya di sini menunggu kurir.")
        assert world.unsent() == 0, "the office once confirmed them, and that stays"
        world.station.here.blobs.set_aside(world.numbers[0])
        written, taken, home = trip("again")
        assert ([each.code for each in written.left_out], written.packets, taken.taken) == (["BlobMissing"], 1, 1)
        assert (home.taken, home.lost) == (1, 1), "what could not travel is still known to be lost"
        assert world.station.here.lost_above.ids() == {world.numbers[0]}
        assert bar_state(world.station, SystemClock()).unsent == 1, "nobody reads that all is sent"
        assert told()[0] is Level.ALARM, "and no sound copy is known"
        shutil.copy(tmp_path / "first" / "sound", world.station.here.blobs.path(world.numbers[0]))
        assert trip("the-last")[1].taken == 1
        assert told()[0] is Level.WELL
        assert trip("all-is-there")[0].packets == 0
        assert [each.custody_at for each in world.recordings()] == [each.custody_at for each in first]
        assert world.office.state().packets == 2


def test_what_a_restored_centre_lacks_comes_again_on_the_next_stick(world, tmp_path):
    def trip(name):
        stick = tmp_path / name
        stick.mkdir()
        written = world.at_office().out(stick, "centre", None, quiet)
        (taken,) = world.at_centre().take_in(stick, quiet).files
        return written, taken, world.at_office().receipts(stick, quiet)

    stick = world.stick
    world.at_station().out(stick, "3174", None, quiet)
    world.at_office().take_in(stick, quiet)
    assert trip("first")[1].taken == 2
    first = [world.office.outbox.receipt_of(packet_id) for packet_id in world.numbers]
    shutil.rmtree(world.centre.folder / "packets")
    with fresh_pool(*CENTRE_TABLES) as empty:
        world.centre.close()
        world.centre = open_centre(world.home, empty, *world.people)
        written, taken, home = trip("asked")
        assert (written.packets, taken.refused, home.lost) == (0, (), 2)
        written, taken, home = trip("again")
        assert (written.packets, taken.taken, home.lost, home.doubted) == (2, 2, 0, [])
        assert world.office.upward.lost_above.ids() == frozenset()
        assert [world.office.outbox.receipt_of(packet_id) for packet_id in world.numbers] == first
        assert trip("all-is-there")[0].packets == 0


def test_what_a_stick_told_to_be_lost_is_settled_by_the_line_too(world, tmp_path):
    def trip(name):
        stick = tmp_path / name
        stick.mkdir()
        world.at_station().out(stick, "3174", None, quiet)
        world.at_office().take_in(stick, quiet)
        return world.at_station().receipts(stick, quiet)

    assert trip("first").taken == 2
    shutil.rmtree(world.office.folder / "packets")
    with fresh_pool(*OFFICE_TABLES) as empty:
        world.office = open_office(world.home, empty, None)
        assert trip("asked").lost == 2
        world.link.far = world.office.local()
        world.station.here.line.run_once()
        assert world.office.state().packets == 2
        assert world.station.here.lost_above.ids() == frozenset()
        world.link.far = None
