"""An office's server burns: packets, feed and receipts come back from the centre, the rest from station and keepsake."""

import shutil
import time
from contextlib import contextmanager

import psycopg
import pytest

from centre_examples import resident
from exchange_server import serving_app
from patience import PATIENCE_S
from rekam.apps.place_file import chain_of, read_place
from rekam.centre.app import create_centre_app
from rekam.centre.centre import TABLES as CENTRE_TABLES
from rekam.exchange.errors import SenderForbidden
from rekam.exchange.held_http import HttpHeld
from rekam.exchange.http_remote import HttpRemote
from rekam.exchange.letters import BLOCK, Block, Grant, Report
from rekam.exchange.signed_http import SignedHttp
from rekam.office.keeping import KEPT, Keepsake, KeepsakeUnreadable
from rekam.office.office import TABLES as OFFICE_TABLES
from rekam.office.rebuild import Rebuild
from rekam.storage.errors import BlobMissing
from rekam.storage.testing import fresh_pool
from rekam.trust import keyfile
from rekam.trust.at_rest import DataKey
from rekam.trust.clock import SystemClock
from rekam.trust.keys import SigningKey
from rekam.web.staff.member import StaffMember
from rekam.web.staff.memory import InMemoryStaffStore
from rekam.web.staff.postgres import PgStaffStore
from small_country import STATION, Link, country, open_centre, open_office, open_station, record, tables_of

PEOPLE = [resident(n, f"WARGA {n}") for n in range(1, 4)]


def until(done, act) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not done():
        assert time.monotonic() < deadline
        act()


class World:
    """A country whose office printed one card of two accepted recordings, and has a third that the centre lacks."""

    def __init__(self, folder, centre, url, office, station, link) -> None:
        self.folder, self.centre, self.url, self.office, self.station, self.link = (
            folder, centre, url, office, station, link
        )  # fmt: skip
        self.facts, self.secrets = (
            read_place(folder / "office-3174", "office"),
            keyfile.load(folder / "keys" / "office-3174.keys"),
        )
        self.key, self.data = SigningKey(self.secrets["signing"]), DataKey(self.secrets["data"])
        self.lines = []

    def line(self, key=None, chain=None) -> SignedHttp:
        http = SignedHttp(
            self.url, place="pusat", key=key or self.key, chain=chain or chain_of(self.facts["chain"]),
            clock=SystemClock(),
        )  # fmt: skip
        self.lines.append(http)
        return http

    def remote(self) -> HttpRemote:
        http = HttpRemote(
            self.url, place="pusat", key=self.key, chain=chain_of(self.facts["chain"]), clock=SystemClock()
        )
        self.lines.append(http)
        return http


@contextmanager
def world_in(folder):
    link = Link()
    with fresh_pool(*OFFICE_TABLES) as for_office, fresh_pool(*CENTRE_TABLES) as for_centre:
        centre = open_centre(folder, for_centre, *PEOPLE)
        with serving_app(create_centre_app(centre, InMemoryStaffStore(SystemClock()), SystemClock())) as url:
            made = World(folder, centre, url, None, None, link)
            made.office = office = open_office(folder, for_office, made.remote())
            link.far = office.local()
            made.station = station = open_station(folder, link)
            PgStaffStore(for_office).add(StaffMember("kepala", frozenset({"kantor"}), "$argon2id$x"))
            for person in PEOPLE[:2]:
                record(station, person.nik)
            until(lambda: station.here.line.outbox.unsent()[0] == 0, station.here.line.run_once)
            until(lambda: office.state().relayed == 2, office.relay.run_once)
            centre.worker().run_until_idle()
            until(lambda: office.state().print_orders == 2, office.relay.run_once)
            office.blanks.open_with(10, "Stok awal", by="kantor")
            office.cards.print(office.cards.waiting()[0].packet_id, by="kepala")
            record(station, PEOPLE[2].nik)
            until(lambda: station.here.line.outbox.unsent()[0] == 0, station.here.line.run_once)
            try:
                yield made
            finally:
                station.close()
                centre.close()
                for each in made.lines:
                    each.close()


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    with world_in(country(tmp_path_factory.mktemp("rebuild") / "country", *PEOPLE)) as made:
        yield made


def test_a_new_server_has_everything_again(world, tmp_path):
    old = world.office
    keepsake = Keepsake.of(old.pool, "3174", 1).sealed(world.data, world.key)
    before = [each.packet_id for each in world.station.here.recordings.search()]
    assert len(before) == 3
    shutil.rmtree(world.folder / "office-3174" / "packets")  # the server burns
    with fresh_pool(*OFFICE_TABLES) as pool:
        new = open_office(world.folder, pool, world.remote())
        counts = Keepsake.opened(keepsake, world.data, world.key.public, "berkas").restore(pool)
        assert (counts["blank_ledger"], counts["card"], counts["staff_member"]) == (2, 1, 1)
        done = Rebuild(new, HttpHeld(world.line())).run(lambda *_: None)
        assert (done.packets, done.receipts, done.missing, done.refused, done.whole) == (2, 2, [], {}, True)
        state, blanks = new.state(), new.blanks.account()
        assert (state.packets, state.relayed, state.print_orders, state.cards, state.blanks) == (2, 2, 2, 1, 9)
        assert blanks.adds_up
        assert len(new.cards.waiting()) == 1, "the printed card is not printed a second time"
        world.link.far = new.local()
        again = world.station
        again.here.line.offers._walk._due_ns = 0
        until(lambda: new.state().packets == 3, again.here.line.run_once)
        for packet_id in before:
            recording = again.here.recordings.find(packet_id)
            assert recording.custody_at, "the receipts given before stay good"
        until(lambda: new.state().relayed == 3, new.relay.run_once)
        entry = new.blanks.receive(5, "Kiriman", by="kepala")
        assert (entry.entry, entry.balance) == (3, 14), "the ledger goes on where it ended"


def test_an_office_put_back_to_an_older_image_is_whole_again_and_gives_nothing_out_twice(world):
    with fresh_pool(*OFFICE_TABLES) as pool:
        older = open_office(world.folder, pool, world.remote())
        report = Report(0, ()).to_bytes()
        year = older.dates.now().at.year

        def blocks(station):
            grant = Grant.read(older.answer_letters(station, 1, report), older.certificate.signing, station, 1, report)
            return grant.blocks

        known = blocks("317401-01")
        work = Rebuild(older, HttpHeld(world.line()))
        work.begin()
        assert work.run(lambda *_: None).whole
        assert blocks("317401-01") == known, "what the image has stays given"
        forgotten = Block(year, 2 * BLOCK + 1, 3 * BLOCK)  # given to another station after the image
        assert all(block.first > forgotten.last for block in blocks("317401-02"))
        assert older.letters.register().adds_up
        with pool.connection() as tx:
            (life,) = tx.execute("SELECT epochs FROM rebuilt").fetchone()
        assert life % 10 == 0


def test_put_back_again_to_before_its_first_rebuilding_it_takes_no_life_that_it_had(world):
    lives = []
    for _ in range(2):  # the same image, as if the first rebuilding had never been
        with fresh_pool(*OFFICE_TABLES) as pool:
            older = open_office(world.folder, pool, world.remote())
            Rebuild(older, HttpHeld(world.line())).begin()
            lives.append(older.past.extent().life)
    assert lives[0] % 10 == lives[1] % 10 == 0
    assert lives[1] > lives[0]


def test_a_life_is_begun_once_and_for_one_office_alone(world):
    mine = HttpHeld(world.line())
    first = mine.life(5000)
    assert (first, mine.life(5000), mine.life(10)) == (5000, 5010, 5020)
    assert world.centre.held_of("3273").life(10) == 10
    with pytest.raises(psycopg.Error), world.centre.pool.connection() as tx:
        tx.execute("DELETE FROM office_life")


@pytest.mark.parametrize("told", [0, 7, 15, 40_000, 10**12])
def test_whoever_answers_in_the_centres_place_makes_no_life_lower_or_senseless(world, told):
    with fresh_pool(*OFFICE_TABLES) as pool:
        older = open_office(world.folder, pool, world.remote())
        held = HttpHeld(world.line())
        held.life = lambda _least: told
        Rebuild(older, held).begin()
        assert older.past.extent().life == 10


def test_another_office_gets_nothing_of_it(world):
    from rekam.apps.ceremony import CountryKeys
    from rekam.enrolment.identifiers import OfficeId

    root = SigningKey(keyfile.load(world.folder / "keys" / "root.keys")["root"])
    other = CountryKeys(root).office(OfficeId("3273"), "Bandung").holder
    http = world.line(other.key, other.chain)
    assert http.fields(http.send("GET", "/exchange/held?after=0")) == {"packets": []}
    (some, *_) = world.line().fields(world.line().send("GET", "/exchange/held?after=0"))["packets"]
    with pytest.raises(BlobMissing):
        http.send("GET", f"/exchange/held/{some['packet_id']}?offset=0")
    station = CountryKeys(root).portal()
    with pytest.raises(SenderForbidden):
        world.line(station.key, station.chain).send("GET", "/exchange/held?after=0")


def test_a_keepsake_shows_nothing_and_takes_no_other_for_its_own(world):
    data = Keepsake.of(world.office.pool, "3174", 1).sealed(world.data, world.key)
    assert b"kepala" not in data
    assert b"Stok awal" not in data
    for changed in (data[:-1] + b"x", b"", data[:100]):
        with pytest.raises(KeepsakeUnreadable):
            Keepsake.opened(changed, world.data, world.key.public, "berkas")
    with pytest.raises(KeepsakeUnreadable):
        Keepsake.opened(data, DataKey.generate(), world.key.public, "berkas")
    with pytest.raises(KeepsakeUnreadable):
        Keepsake.opened(data, world.data, world.key.public, "berkas").restore(world.office.pool)


FROM_ELSEWHERE = {
    "exchange.packet", "exchange.outbox", "exchange.fork", "exchange.scrub", "exchange.damage",  # packets and copies
    "exchange.feed_cursor", "exchange.feed_batch", "exchange.announced", "exchange.fence", "exchange.fence_held",
    "exchange.withheld", "exchange.verdict_ahead", "public.told", "public.packet_status", "public.print_order", "public.notice",
    "public.legal_anchor",  # the feed
    "public.resident_heard", "public.referral_waiting",  # each station tells again
    "public.resident_news", "public.resident_life",  # told anew, of what is kept
    "exchange.roll_call", "exchange.account", "exchange.purge", "public.staff_attempt", "public.staff_session",
    "public.rekam_migration",  # made anew
    "exchange.feed_entry", "exchange.log_entry", "exchange.log_node", "exchange.log_cosignature", "exchange.log_denied",
}  # fmt: skip
"""The last line are the centre's alone; an office's stay empty."""


def test_every_table_of_an_office_is_kept_or_comes_from_elsewhere(world):
    tables = {table.removeprefix("public.") for table in tables_of(world.office.pool)}
    elsewhere = {table.removeprefix("public.") for table in FROM_ELSEWHERE}
    assert tables == set(KEPT) | elsewhere, "a new table: say here whether it is lost with the server"
    assert STATION.startswith("3174")
