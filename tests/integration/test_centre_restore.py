"""A centre lost with its disk, restored from its backup: what it had said since is said by its offices, and no more."""

import shutil
import subprocess
from contextlib import contextmanager
from copy import deepcopy

import pytest
from fastapi import FastAPI

from centre_examples import _STATION_KEY, CENTRE, OFFICE, Counter, Town, enrolment, resident
from exchange_server import serving_app
from rekam.apps.backing_up import back_up, restore, resume
from rekam.apps.centre_opening import open_centre
from rekam.centre.backup import BackupUnreadable
from rekam.centre.centre import Centre
from rekam.centre.recollection.http import recollection_router
from rekam.centre.recollection.recollection import RecollectionIncomplete
from rekam.centre.twin.generations import Generations
from rekam.centre.twin.pairing import Pairing
from rekam.enrolment.errors import RekamError
from rekam.enrolment.identifiers import StationId
from rekam.exchange.feed import FeedFollower, office_feed
from rekam.exchange.in_memory import InMemoryFeedSink
from rekam.exchange.inbox import Arrival
from rekam.exchange.pg.register import PgRegister
from rekam.exchange.signed_http import SignedHttp
from rekam.office.custody import take_into_custody
from rekam.office.hand_back import HandBack
from rekam.office.office import TABLES as OFFICE_TABLES
from rekam.packet.inspect import inspect
from rekam.packet.signer import station_key
from rekam.storage.base_backup import CopyDamaged
from rekam.storage.blobs import BlobStore
from rekam.storage.disk import RealDisk
from rekam.storage.errors import MirrorAway
from rekam.storage.pool import connect_pool
from rekam.storage.postgres import EmbeddedPostgres
from rekam.storage.testing import fresh_pool
from rekam.trust import cbor, receipts
from rekam.trust.clock import SystemClock
from twin_examples import make_machine

FEED = office_feed("3174")
PEOPLE = [resident(n, f"WARGA {n}") for n in range(1, 6)]


def quiet(*_) -> None: ...


@contextmanager
def running(folder):
    """The centre of `folder` as `rekam centre` runs it, without its web server."""
    with EmbeddedPostgres(folder / "postgres") as server:
        dsn = server.ensure_database("centre")
        (folder / "database.dsn").write_text(dsn)
        pool = connect_pool(dsn)
        try:
            Centre.migrate(pool)
            Generations(pool).founded()
            centre = open_centre(folder, folder.with_name(f"{folder.name}.keys"), pool)
            yield centre
            centre.close()
        finally:
            pool.close()


class Office:
    """What an office keeps: the feed's batches as they were signed, its packets and their receipts."""

    def __init__(self) -> None:
        self.counter = Counter()
        self.entries, self.batches, self.packets, self.receipts = [], [], {}, {}
        self.sink = InMemoryFeedSink(self._applied)

    def _applied(self, _state, entry) -> None:
        self.entries.append(entry)

    def record(self, centre, number: int) -> str:
        packet_id, data = self.counter.seal(enrolment(PEOPLE[number], number))
        centre.inbox.append(packet_id, 0, data)
        self.packets[packet_id], self.receipts[packet_id] = data, centre.inbox.complete(packet_id, _STATION_KEY.chain)
        return packet_id

    def follow(self, centre) -> None:
        after, kept = centre.feed.after, self.batches

        class Source:
            def after(self, feed, n, limit=500):
                data = after(feed, n)
                if data is not None:
                    kept.append(data)
                return data

        FeedFollower(FEED, Source(), self.sink, CENTRE.key.public).run_once()

    def told(self, kind: str) -> list[str]:
        return [cbor.decode(entry.body)["packet_id"] for entry in self.entries if entry.kind == kind]

    def hand_back(self, centre, *, packets=True) -> None:
        for batch in self.batches:
            centre.recollection.take_batch(batch)
        for packet_id, receipt in self.receipts.items():
            offset = centre.recollection.offset(packet_id)
            if packets and offset < len(self.packets[packet_id]):
                centre.recollection.take_piece(packet_id, offset, self.packets[packet_id][offset:])
            centre.recollection.take_receipt(receipt, _STATION_KEY.chain)
        centre.recollection.done("3174")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A country in which a backup was made, life went on, and then the centre was lost: (folder, office, old root, the
    packet of which no batch told). Copied before it is changed (`lost`): a database that syncs takes its time.
    """
    tmp_path = tmp_path_factory.mktemp("lost")
    office, keys = Office(), make_machine(tmp_path / "one")
    with running(tmp_path / "one") as centre:
        centre.admit_office(OFFICE.holder.chain)
        centre.load_register(PEOPLE)
        before = [office.record(centre, 0), office.record(centre, 1)]
        Town(centre).work()
        office.follow(centre)
        waiting = office.record(centre, 2)  # in the backup: accepted, its feed entry without a number yet
        page = back_up(tmp_path / "one", keys, tmp_path / "backup", quiet)
        assert page["packets"] == 3
        after = office.record(centre, 3)
        Town(centre).work()
        office.follow(centre)
        late = office.record(centre, 4)  # accepted by an answer, told in no batch
        root = centre.tree.checkpoint().text
    assert set(office.told("result")) == {*before, waiting, after}
    shutil.rmtree(tmp_path / "one")
    make_machine(tmp_path / "two")
    (tmp_path / "two" / "place.json").unlink()
    (tmp_path / "two").rmdir()
    restored = restore(tmp_path / "backup", tmp_path / "two", tmp_path / "two.keys", "disk rusak", quiet)
    assert restored.adds_up
    return tmp_path, office, root, late


@pytest.fixture
def lost(made, tmp_path):
    """A copy of that country: (the restored folder, office, old root, that packet)."""
    folder, *held = made
    subprocess.run(["cp", "-a", f"{folder}/.", str(tmp_path)], check=True)  # with owners: the database has its own
    return tmp_path / "two", *deepcopy(held)


def test_what_was_said_after_the_backup_stands_again_and_nothing_is_said_twice(lost):
    folder, office, root, late = lost
    with running(folder) as centre:
        assert Generations(centre.pool).newest().number == 100, "above any take-over that the backup does not know"
        with pytest.raises(MirrorAway):
            Pairing(centre.pool).settle()
        office.hand_back(centre)
        done, found = resume(folder, folder.with_name("two.keys"), without_offices=False)
        assert (done.packets, found.adds_up) == (2, True)
        assert centre.tree.checkpoint().text == root, "the log is the one that was published, to the last entry"
        assert centre.inbox.receipts(list(office.receipts)) == office.receipts, "the very same receipts"
        Pairing(centre.pool).settle()
        Town(centre).work()
        office.follow(centre)  # from its own cursor: nothing skipped, nothing back
        assert [entry.n for entry in office.entries] == list(range(1, len(office.entries) + 1))
        for kind in ("accepted", "result", "print_order"):
            assert sorted(office.told(kind)) == sorted(set(office.receipts)), kind
        assert late in office.told("result")
        assert centre.counts().adds_up
        with centre.pool.connection() as connection:
            orders = dict(connection.execute("SELECT packet_id, order_number FROM print_order").fetchall())
        told = {
            body["packet_id"]: body["order"]
            for body in (cbor.decode(entry.body) for entry in office.entries if entry.kind == "print_order")
        }
        assert orders == told, "each order keeps the number under which its office knows it"


def test_it_does_not_go_on_while_a_packet_it_once_accepted_is_missing(lost):
    folder, office, _, _ = lost
    with running(folder) as centre:
        office.hand_back(centre, packets=False)
        with pytest.raises(RecollectionIncomplete) as refused:
            centre.recollection.replay()
        assert refused.value.facts["missing"] == 2
        assert centre.recollection.open
        office.hand_back(centre)
        assert centre.recollection.replay().packets == 2


def test_a_packet_that_came_straight_by_courier_is_asked_for_by_number_and_comes_through_its_office(lost, tmp_path):
    folder, office, root, late = lost
    told = {cbor.decode(entry.body)["packet_id"] for entry in office.entries if entry.kind == "accepted"}
    straight = next(packet_id for packet_id in list(office.receipts)[::-1] if packet_id in told)
    with running(folder) as centre, fresh_pool(*OFFICE_TABLES) as pool:
        receipt = office.receipts.pop(straight)  # its office heard of it from the feed alone
        office.hand_back(centre)
        with pytest.raises(RecollectionIncomplete, match="sign in") as refused:
            centre.recollection.replay()
        assert refused.value.facts["which"] == receipts.verify(receipt, CENTRE.key.public).number
        assert (straight, late) == (centre.recollection.wanted(-1)[0][1], list(office.receipts)[-1])

        blobs, app = BlobStore(tmp_path / "office", RealDisk()), FastAPI()
        app.include_router(recollection_router(centre.recollection, place="centre", root=centre.root))
        with serving_app(app) as url:
            holder = OFFICE.holder
            line = SignedHttp(url, place="centre", key=holder.key, chain=holder.chain, clock=SystemClock())
            hand_back = HandBack(pool, blobs, "3174", line, CENTRE.key.public)
            assert hand_back.run_once().moved == 0
            blobs.append(straight, 0, office.packets[straight])  # its station offered it to its office meanwhile
            blobs.finish(straight)
            with blobs.open(straight) as file:
                seen = inspect(file, station_key(_STATION_KEY.chain, centre.root))
            arrival = Arrival(seen.header, straight, seen.size, _STATION_KEY.chain)
            PgRegister(pool, take_into_custody).record(arrival, lambda _proof: b"custody")
            assert hand_back.run_once().moved == 1
            line.close()
        assert centre.recollection.wanted(-1) == []
        assert centre.recollection.replay().packets == 2
        assert centre.tree.checkpoint().text == root


def test_certificates_that_do_not_lead_to_the_packets_own_station_are_not_kept(lost):
    folder, office, root, _ = lost
    stranger = OFFICE.station(StationId("317401-02"), "Pancoran").chain
    forged = tuple(bytes(len(each)) for each in _STATION_KEY.chain)
    with running(folder) as centre:
        for packet_id, receipt in office.receipts.items():
            for chain in (stranger, OFFICE.holder.chain, forged):
                with pytest.raises(RekamError):
                    centre.recollection.take_receipt(receipt, chain)
                with pytest.raises(RekamError):
                    centre.recollection.take_chain(packet_id, chain)
        assert len(centre.recollection.wanted(-1)) == 2, "the receipts stand for themselves, without them"
        office.hand_back(centre)
        assert centre.recollection.replay().packets == 2
        assert centre.tree.checkpoint().text == root


def test_an_office_that_has_not_answered_is_waited_for_unless_an_official_gives_it_up(lost):
    folder, office, _, _ = lost
    with running(folder) as centre:
        with pytest.raises(RecollectionIncomplete):
            centre.recollection.replay()
        assert centre.recollection.replay(without_offices=True).silent_offices == ["3174"]
        assert office.receipts.keys() > centre.inbox.receipts(list(office.receipts)).keys()


def test_a_backup_that_was_touched_is_not_restored(lost, tmp_path):
    keys = tmp_path / "one.keys"
    manifest = next((tmp_path / "backup").glob("database-*")) / "backup_manifest"
    whole = manifest.read_bytes()
    manifest.write_bytes(whole + b" ")
    with pytest.raises(BackupUnreadable):
        restore(tmp_path / "backup", tmp_path / "three", keys, "coba", quiet)
    manifest.write_bytes(whole)
    some = max((manifest.parent / "base").rglob("*"), key=lambda path: path.stat().st_size if path.is_file() else 0)
    data = some.read_bytes()
    some.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    with pytest.raises(CopyDamaged):
        restore(tmp_path / "backup", tmp_path / "four", keys, "coba", quiet)
    assert not (tmp_path / "three").exists()
    assert not (tmp_path / "four").exists()
