"""A disk image of last week: the station notices by itself, before it seals; what it sealed offline is kept twice."""

import shutil
from dataclasses import replace
from datetime import date

import pytest

from database_image import image_of, put_back
from rekam.drill.demo import PIN
from rekam.drill.population import Population
from rekam.exchange.errors import RevocationUnproved, SenderRevoked
from rekam.exchange.letters import Report
from rekam.exchange.problem import from_problem, to_problem
from rekam.exchange.remembered import (
    Asked,
    NumberTakenTwice,
    OlderThanKnown,
    Remembered,
    RememberedUnreadable,
    compare,
)
from rekam.office.health import office_probes
from rekam.office.office import TABLES
from rekam.station.health import station_probes
from rekam.station.station import Station
from rekam.station.store import StationStore
from rekam.storage.testing import fresh_pool
from rekam.trust.keys import SigningKey
from rekam.web.health import Level
from small_country import OPERATOR, STATION, Link, country, open_office, open_station, record

PEOPLE = tuple(
    one for one in Population(("317401",), seed=5, on=date(2016, 10, 3)).residents(40) if one.birth_date.year < 1990
)[:6]


class Source:
    """The office's answer, or none while the line is cut."""

    def __init__(self, identity, office, link):
        self.identity, self.office, self.link = identity, office, link

    def remembered(self, nonce, told=b""):
        if self.link.far is None:
            return self.link.lacking([])  # raises
        return self.office.remember(Asked(STATION, 1, self.identity.signing.key_id, nonce), told)


@pytest.fixture
def here(tmp_path):
    country(tmp_path / "country", *PEOPLE)
    with fresh_pool(*TABLES) as pool:
        yield Place(tmp_path, open_office(tmp_path / "country", pool, None))


class Place:
    """One office, and a station that can be imaged and restored."""

    def __init__(self, folder, office):
        self.folder, self.office, self.link = folder, office, Link(office.local())
        self.station, self.source = None, None

    @property
    def home(self):
        return self.folder / "country" / f"station-{STATION}"

    def open(self) -> Station:
        made = open_station(self.folder / "country", self.link)
        ports = replace(
            made.ports, remembers=self.source or (lambda identity: Source(identity, self.office, self.link))
        )
        self.station = Station(ports)
        self.station.sign_in(OPERATOR, PIN)
        return self.station

    def close(self):
        self.station.close()

    def image(self):
        self.close()
        shutil.copytree(self.home, self.folder / "image")

    def restore(self):
        self.close()
        shutil.rmtree(self.home)
        shutil.copytree(self.folder / "image", self.home)


def test_a_restored_station_that_reaches_its_office_seals_nothing_more(here):
    here.open()
    record(here.station, PEOPLE[0].nik)
    here.image()
    station = here.open()
    record(station, PEOPLE[1].nik)
    station.here.line.run_once()
    here.restore()
    station = here.open()
    with pytest.raises(OlderThanKnown, match="rekam station recover") as told:
        record(station, PEOPLE[2].nik)
    assert (told.value.facts["highest"], told.value.facts["own"]) == (2, 1)
    here.link.far = None
    here.close()
    station = here.open()
    with pytest.raises(OlderThanKnown):  # it was told once: also offline, also after a restart
        station.sittings.open(PEOPLE[2].nik, station.sign_in(OPERATOR, PIN))
    assert here.office.register.forks() == []
    here.close()


def test_what_the_office_said_counts_also_where_the_disk_does_not_keep_it(here, monkeypatch):
    here.open()
    record(here.station, PEOPLE[0].nik)
    here.image()
    station = here.open()
    record(station, PEOPLE[1].nik)
    station.here.line.run_once()
    here.restore()
    keep = StationStore.put_setting

    def fails(store, name, value):
        if name == "own-past":
            raise OSError(5, "Input/output error")
        keep(store, name, value)

    monkeypatch.setattr(StationStore, "put_setting", fails)  # before it opens: its first round asks by itself
    station = here.open()
    with pytest.raises(OSError, match="Input/output"):
        station.here.past.ask()
    here.link.far = None
    with pytest.raises(OlderThanKnown):
        station.here.past.require()
    here.close()


def test_one_that_recorded_on_offline_is_told_at_its_first_round_and_both_packets_are_kept(here):
    here.open()
    record(here.station, PEOPLE[0].nik)
    here.image()
    station = here.open()
    first = record(station, PEOPLE[1].nik)
    station.here.line.run_once()
    here.restore()
    far, here.link.far = here.link.far, None
    station = here.open()
    second = record(station, PEOPLE[2].nik)
    assert second.number == first.number
    here.link.far = far
    station.here.line.run_once()
    station.here.line.run_once()
    (fork,) = here.office.register.forks()
    assert set(fork.packet_ids) == {first.packet_id, second.packet_id}
    with pytest.raises(NumberTakenTwice):
        record(station, PEOPLE[3].nik)
    assert station.here.line.outbox.unsent()[0] == 0
    here.close()


def test_a_station_that_is_as_new_as_the_office_thinks_records_on(here):
    station = here.open()
    for person in PEOPLE[:2]:
        record(station, person.nik)
        station.here.line.run_once()
    assert station.here.past.trouble() is None
    here.close()


def test_a_station_lets_no_copy_go_while_its_office_holds_evidence_against_the_centres_log(here):
    station = here.open()
    assert not station.here.past.log_doubted()
    note, evidence = "salinan log dicocokkan", "{}"
    with here.office.pool.connection() as tx:
        tx.execute(
            "INSERT INTO exchange.witness_alarm (breach, kept_size, evidence) VALUES ('smaller', 1, %s)", [evidence]
        )
    station.here.line.run_once()
    assert station.here.past.log_doubted()
    assert findings(station)["purging"].level is Level.WARNING
    assert {each().topic: each().level for each in office_probes(here.office)}["purging"] is Level.WARNING
    far, here.link.far = here.link.far, None
    here.close()
    station = here.open()
    assert station.here.past.log_doubted(), "kept, also offline"
    with here.office.pool.connection() as tx:
        tx.execute(
            "INSERT INTO log_alarm_answer (number, by_whom, note) SELECT number, 'budi', %s FROM"
            " exchange.witness_alarm",
            [note],
        )
    here.link.far = far
    station.here.line.run_once()
    assert not station.here.past.log_doubted()
    here.close()


def test_a_station_brings_an_office_that_was_set_back_its_own_word_also_after_a_restart(here):
    station = here.open()
    station.here.line.run_once()
    image = image_of(here.office.pool)
    here.office.answer_letters("317401-02", 1, Report(0, ()).to_bytes())
    station.here.line.run_once()
    put_back(here.office.pool, image)
    here.close()
    station = here.open()
    station.here.line.run_once()
    found = here.office.past.found()
    assert (found.teller, found.what) == ("station", "letters")
    assert station.here.past.trouble() is None, "nothing is wrong with the station"
    record(station, PEOPLE[0].nik)
    station.here.line.run_once()
    assert here.office.state().packets == 1, "its recordings are taken in"
    here.close()


class Answering:
    """Whoever sits on the line: gives `answer(nonce, key)`, or raises it."""

    def __init__(self, identity, answer):
        self.key, self.answer = identity.signing.key_id, answer

    def remembered(self, nonce, _told=b""):
        said = self.answer(nonce, self.key)
        if isinstance(said, Exception):
            raise said
        return said


def withdraw(office):
    with office.pool.connection() as tx:
        office.withdrawals.withdraw(tx, STATION, 1, reason="Laptop dicuri")


def test_a_station_whose_office_withdrew_its_key_stops_capturing_for_good(here):
    withdraw(here.office)
    station = here.open()
    with pytest.raises(SenderRevoked, match="rekam station recover") as told:
        record(station, PEOPLE[0].nik)
    assert told.value.facts == {"station": STATION, "epoch": 1, "first": 1}
    assert findings(station)["own-past"].level is Level.ALARM
    here.link.far = None
    here.close()
    with pytest.raises(SenderRevoked):
        record(here.open(), PEOPLE[0].nik)
    here.close()


def test_nobody_on_the_line_stops_a_station_whatever_he_answers(here):
    """What an office or a thief signed for another question, and what nobody signed, is an errand that failed."""
    key, thief = here.office.signing, SigningKey.generate()
    gone = Remembered(STATION, 1, 0, "", forked=False, withdrawn=1)
    answers = (
        lambda _nonce, _key: from_problem("Dinas", 403, to_problem(SenderRevoked(station=STATION, epoch=1, first=1))),
        lambda nonce, own: gone.signed(thief, Asked(STATION, 1, own, nonce)),
        lambda _nonce, own: gone.signed(key, Asked(STATION, 1, own, bytes(16))),
        lambda nonce, _key: gone.signed(key, Asked(STATION, 1, thief.key_id, nonce)),
        lambda nonce, own: replace(gone, epoch=2).signed(key, Asked(STATION, 2, own, nonce)),
        lambda nonce, own: replace(gone, station="317401-02").signed(key, Asked("317401-02", 1, own, nonce)),
        lambda _nonce, _key: b"",
    )
    there = []

    def source(identity):
        there.append(Answering(identity, answers[0]))
        return there[0]

    here.source = source
    station = here.open()
    for number, answer in enumerate(answers):
        there[0].answer = answer
        station.here.line.run_once()
        assert station.here.past.trouble() is None
        assert isinstance(station.here.past.unheard, RevocationUnproved if number == 0 else RememberedUnreadable)
        assert findings(station)["own-past"].level is Level.WARNING
    assert record(station, PEOPLE[0].nik).number == f"{STATION}/1/000001"
    here.close()


def findings(station):
    return {finding.topic: finding for finding in (probe() for probe in station_probes(station))}


def test_only_the_offices_own_word_counts():
    key = SigningKey.generate()
    said, asked = Remembered(STATION, 1, 99, "a" * 64, forked=False), Asked(STATION, 1, b"k" * 16, b"n" * 16)
    word = said.signed(key, asked)
    assert Remembered.read(word, key.public, asked) == said
    for data in (b"", said.signed(SigningKey.generate(), asked), word[:-1]):
        with pytest.raises(RememberedUnreadable):
            Remembered.read(data, key.public, asked)
    assert compare(said, 99, {99: "a" * 64}.get) is None
    assert isinstance(compare(said, 99, {99: "b" * 64}.get), NumberTakenTwice)
    assert isinstance(compare(replace(said, forked=True), 99, {99: "a" * 64}.get), NumberTakenTwice)
    assert isinstance(compare(said, 98, {}.get), OlderThanKnown)
