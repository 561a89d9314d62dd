"""A disk image of last week: the station notices by itself, before it seals; what it sealed offline is kept twice."""

import shutil
from dataclasses import replace
from datetime import date

import pytest

from rekam.drill.demo import PIN
from rekam.drill.population import Population
from rekam.exchange.errors import SenderRevoked
from rekam.exchange.remembered import (
    NumberTakenTwice,
    OlderThanKnown,
    Remembered,
    RememberedUnreadable,
    compare,
)
from rekam.office.office import TABLES
from rekam.station.station import Station
from rekam.storage.testing import fresh_pool
from rekam.trust.keys import SigningKey
from small_country import OPERATOR, STATION, Link, country, open_office, open_station, record

PEOPLE = tuple(
    one for one in Population(("317401",), seed=5, on=date(2016, 10, 3)).residents(40) if one.birth_date.year < 1990
)[:6]


class Asked:
    """The office's answer, or none while the line is cut."""

    def __init__(self, office, link):
        self.office, self.link = office, link

    def remembered(self):
        self.link.lacking  # raises nothing by itself; the call does
        if self.link.far is None:
            return self.link.lacking([])
        return self.office.remember(STATION, 1)


@pytest.fixture
def here(tmp_path):
    country(tmp_path / "country", *PEOPLE)
    with fresh_pool(*TABLES) as pool:
        yield Place(tmp_path, open_office(tmp_path / "country", pool, None))


class Place:
    """One office, and a station that can be imaged and restored."""

    def __init__(self, folder, office):
        self.folder, self.office, self.link = folder, office, Link(office.local())
        self.station = None

    @property
    def home(self):
        return self.folder / "country" / f"station-{STATION}"

    def open(self) -> Station:
        made = open_station(self.folder / "country", self.link)
        ports = replace(made.ports, remembers=lambda _identity: Asked(self.office, self.link))
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
        station.open_sitting(PEOPLE[2].nik, station.sign_in(OPERATOR, PIN))
    assert here.office.register.forks() == []
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


def test_a_station_whose_key_was_withdrawn_stops_capturing(here):
    class Refusing:
        def remembered(self):
            raise SenderRevoked(station=STATION, epoch=1, first=2)

    made = open_station(here.folder / "country", here.link)
    here.station = Station(replace(made.ports, remembers=lambda _identity: Refusing()))
    here.station.sign_in(OPERATOR, PIN)
    with pytest.raises(SenderRevoked, match="rekam station recover"):
        record(here.station, PEOPLE[0].nik)
    here.close()


def test_only_the_offices_own_word_counts():
    key = SigningKey.generate()
    said = Remembered(STATION, 1, 99, "a" * 64, forked=False)
    assert Remembered.read(said.signed(key), key.public) == said
    for data in (b"", said.signed(SigningKey.generate()), said.signed(key)[:-1]):
        with pytest.raises(RememberedUnreadable):
            Remembered.read(data, key.public)
    assert compare(said, 99, {99: "a" * 64}.get) is None
    assert isinstance(compare(said, 99, {99: "b" * 64}.get), NumberTakenTwice)
    assert isinstance(compare(replace(said, forked=True), 99, {99: "a" * 64}.get), NumberTakenTwice)
    assert isinstance(compare(said, 98, {}.get), OlderThanKnown)
