"""A dismissed operator, stopped against the station's will: station, office and centre over real HTTP."""

from contextlib import ExitStack
from dataclasses import replace
from datetime import date

import httpx
import pytest

from exchange_server import serving_app
from patience import PATIENCE_S
from rekam.apps.place_file import chain_of, read_place
from rekam.centre.app import create_centre_app
from rekam.centre.centre import TABLES as CENTRE_TABLES
from rekam.drill.demo import PIN, demo_country
from rekam.exchange.fence import Standing
from rekam.exchange.http_remote import HttpRemote
from rekam.exchange.key_requests import HttpKeyRequests
from rekam.exchange.signed_http import SignedHttp
from rekam.exchange.statements_http import HttpStatements
from rekam.office.app import create_office_app
from rekam.office.office import TABLES as OFFICE_TABLES
from rekam.station.key_ends import KeyHasEnded
from rekam.station.station import Station
from rekam.station.unlock import OperatorBarred
from rekam.storage.testing import fresh_pool
from rekam.trust import keyfile
from rekam.trust.clock import SystemClock
from rekam.trust.keys import SigningKey
from rekam.web.staff import InMemoryStaffStore
from small_country import OPERATOR, STATION, Link, country, open_centre, open_office, open_station, prepared, record


class World:
    """Three real places, each behind its own server."""

    def __init__(self, folder, stack: ExitStack):
        self.people = [one for one in demo_country(date(2016, 10, 3)).residents if one.birth_date.year < 1990][:3]
        home = country(folder / "country", *self.people)
        self.centre = open_centre(home, stack.enter_context(fresh_pool(*CENTRE_TABLES)), *self.people)
        centre_app = create_centre_app(self.centre, InMemoryStaffStore(SystemClock()), SystemClock())
        pool = stack.enter_context(fresh_pool(*OFFICE_TABLES))
        client = stack.enter_context(httpx.Client(timeout=PATIENCE_S))
        who = {
            "key": SigningKey(keyfile.load(home / "keys" / "office-3174.keys")["signing"]),
            "chain": chain_of(read_place(home / "office-3174", "office")["chain"]),
        }
        far = {"place": "far", "clock": SystemClock(), "client": client}
        up = stack.enter_context(serving_app(centre_app))
        statements = HttpStatements(SignedHttp(up, **who, **far))
        self.office = open_office(home, pool, HttpRemote(up, **who, **far), statements=statements)
        down = stack.enter_context(serving_app(create_office_app(self.office, InMemoryStaffStore(SystemClock()))))
        ports = replace(
            open_station(home, Link()).ports,
            connect=lambda me: HttpRemote(down, key=me.signing, chain=me.chain, **far),
            operator_keys=lambda me: HttpKeyRequests(SignedHttp(down, key=me.signing, chain=me.chain, **far)),
        )
        self.station = Station(ports)
        stack.callback(self.station.close)

    def sent_up(self) -> None:
        """All that the station saved is at its office."""
        self.station.here.line.run_once()
        assert self.station.here.line.outbox.unsent()[0] == 0

    def relayed(self) -> None:
        """All that the office holds and says is at the centre, which worked it off."""
        self.office.upward.sender.run_once()
        for errand in self.office.upward.errands:
            errand()
        self.centre.worker().run_until_idle()


@pytest.fixture
def world(tmp_path):
    with ExitStack() as stack:
        yield World(tmp_path, stack)


def test_a_dismissed_operator_is_stopped_against_the_stations_will_and_what_came_meanwhile_waits_for_people(world):
    station, stops = world.station, world.office.operator_keys.stops
    before = record(station, world.people[0].nik)
    world.sent_up()
    asked = stops.ask(STATION, OPERATOR, "budi", "Diberhentikan")
    meanwhile = record(station, world.people[1].nik)  # the station has not heard, as one without a line
    operator = station.sign_in(OPERATOR, PIN)
    open_sitting = prepared(station, operator, world.people[2].nik).sitting_id
    stops.sign(asked.number, "sri")
    station.ask_office(PATIENCE_S)
    with pytest.raises(OperatorBarred):
        station.sign_in(OPERATOR, PIN)
    with pytest.raises(KeyHasEnded):
        station.sittings.save(open_sitting, operator, consent=True)
    world.sent_up()
    world.relayed()
    assert world.centre.fences.withheld(before.packet_id) is None
    assert world.centre.fences.withheld(meanwhile.packet_id).standing is Standing.KEY_ENDED
    assert world.centre.counts().adds_up, "set aside and shown, never thrown away"
    known = stops.find(asked.number)
    assert (known.after, known.last) == (1, 2)
    ends = {(one.end.why, one.end.after, one.waiting) for one in world.centre.ended_keys.listed()}
    assert ends == {("stopped", 1, 1), ("left", 2, 0)}
