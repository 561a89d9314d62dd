"""The public log: the same entries give the same tiles, roots and proofs, whoever keeps them; and over HTTP."""

import threading
from contextlib import closing
from functools import partial

import httpx
import psycopg
import pytest
from fastapi import FastAPI

from exchange_examples import OFFICE, packet, packets
from exchange_server import serving_app
from patience import PATIENCE_S
from rekam.exchange.errors import RemoteUnreachable
from rekam.exchange.http_log import HttpLog
from rekam.exchange.in_memory import InMemoryRegister
from rekam.exchange.log import InMemoryLog, NoSuchTile, check_logged, entry_of, log_key
from rekam.exchange.log_http import log_router
from rekam.exchange.pg.log import PgLog
from rekam.exchange.pg.register import EXCHANGE_TABLES, PgRegister
from rekam.storage.testing import fresh_pool
from rekam.trust.log.checkpoint import Checkpoint
from rekam.trust.log.merkle import EMPTY_ROOT, consistency_proof, root_of, verify_consistency
from rekam.trust.log.proof import LogProof
from rekam.trust.log.tiles import BUNDLE, Tile, bundled, node_reader, tiles_of
from rekam.trust.receipts import Receipt

KEY = OFFICE.key
LOG = log_key(KEY.public)


@pytest.fixture
def pool():
    with fresh_pool(EXCHANGE_TABLES) as opened:
        yield opened


@pytest.fixture(params=["memory", "postgres", "http"])
def kept(request):
    """A log, and the register that grows it."""
    if request.param == "postgres":
        pool = request.getfixturevalue("pool")
        log = PgLog(pool, KEY)
        yield log, PgRegister(pool, log=log.append)
        return
    log = InMemoryLog(KEY)
    register = InMemoryRegister(log=log)
    if request.param == "memory":
        yield log, register
        return
    app = FastAPI()
    app.include_router(log_router(log))
    with serving_app(app) as url:
        far = HttpLog(url, place="centre")
        yield far, register
        far.close()


def said(log):
    return Checkpoint.of(log.checkpoint(), LOG)


def proofs(register, sent):
    told = []
    for each in sent:
        register.record(each.arrival(), lambda proof: told.append(proof) or str(proof).encode())
    return told


def test_an_empty_log_says_so(kept):
    log, _ = kept
    assert (said(log).size, said(log).root) == (0, EMPTY_ROOT)
    with pytest.raises(NoSuchTile):
        log.tile(Tile(0, 0, 1))


def test_every_packet_is_proved_logged_from_the_moment_of_its_receipt(kept):
    log, register = kept
    sent = packets(11)
    told = proofs(register, sent)
    for position, (each, proof) in enumerate(zip(sent, told, strict=True)):
        found = LogProof.parse(str(proof)).verify(entry_of(each.arrival()), LOG)
        assert (proof.index, found.size) == (position, position + 1)
    assert said(log).size == 11


def test_a_packet_again_does_not_stand_in_the_log_twice(kept):
    log, register = kept
    only = packet()
    assert len(proofs(register, [only, only])) == 1
    assert said(log).size == 1


def test_tiles_give_the_root_the_checkpoint_says_and_every_earlier_one(kept):
    log, register = kept
    proofs(register, packets(9))
    now = said(log)
    read = node_reader(now.size, log.tile)
    assert root_of(now.size, read) == now.root
    verify_consistency(4, 9, consistency_proof(4, 9, read), root_of(4, read), now.root)
    assert {tile.level for tile in tiles_of(9)} == {0, BUNDLE}


def test_bundles_hold_the_commitments_in_order(kept):
    log, register = kept
    sent = packets(3)
    proofs(register, sent)
    assert log.tile(Tile(BUNDLE, 0, 3)) == bundled([entry_of(each.arrival()) for each in sent])
    with pytest.raises(NoSuchTile):
        log.tile(Tile(BUNDLE, 0, 4))


def test_an_acceptance_is_checked_against_the_salt_of_the_packet(kept):
    _, register = kept
    only = packet()
    (proof,), arrival = proofs(register, [only]), only.arrival()
    receipt = Receipt("acceptance", arrival.packet_id, str(arrival.number), arrival.size, "centre", 1, str(proof))
    assert check_logged(receipt, arrival.header.salt, KEY.public).size == 1


def test_packets_that_come_at_once_each_get_a_place_of_their_own(pool):
    log = PgLog(pool, KEY)
    register = PgRegister(pool, log=log.append)
    sent, told = packets(12), []

    def take_in(each):
        register.record(each.arrival(), lambda proof: told.append(proof) or b"receipt")

    threads = [threading.Thread(target=take_in, args=(each,)) for each in sent]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(proof.index for proof in told) == list(range(12))
    assert root_of(12, node_reader(12, log.tile)) == said(log).root


def test_a_recording_that_is_undone_leaves_no_trace_in_the_log(pool):
    log = PgLog(pool, KEY)

    def fail(_tx, _arrival):
        raise KeyError("the first stage cannot begin")

    with pytest.raises(KeyError):
        PgRegister(pool, fail, log.append).record(packet().arrival(), lambda _: b"receipt")
    assert said(log).size == 0


@pytest.mark.parametrize("table", ["log_entry", "log_node"])
@pytest.mark.parametrize(
    "statement", ["DELETE FROM exchange.{}", "UPDATE exchange.{} SET {} = decode(repeat('00', 32), 'hex')"]
)
def test_nobody_changes_the_log_even_by_hand(pool, table, statement):
    proofs(PgRegister(pool, log=PgLog(pool, KEY).append), [packet()])
    column = {"log_entry": "entry", "log_node": "hash"}[table]
    with pytest.raises(psycopg.errors.RestrictViolation), pool.connection() as tx:
        tx.execute(statement.format(table, column))


def test_anybody_may_fetch_the_log(kept):
    log, register = kept
    proofs(register, packets(5))
    app = FastAPI()
    app.include_router(log_router(log))
    with serving_app(app) as url:
        checkpoint = httpx.get(url + "/log/checkpoint", timeout=PATIENCE_S)
        assert checkpoint.text == str(log.checkpoint())
        assert checkpoint.headers["content-type"] == "text/plain; charset=utf-8"
        tile = httpx.get(url + "/log/tile/0/000.p/5", timeout=PATIENCE_S)
        assert (tile.content, tile.headers["content-type"]) == (log.tile(Tile(0, 0, 5)), "application/octet-stream")
        assert httpx.get(url + "/log/tile/entries/000.p/5", timeout=PATIENCE_S).content == log.tile(Tile(BUNDLE, 0, 5))
        for absent in ("tile/0/000", "tile/0/000.p/6", "tile/0/x", "tile/entries/..%2f..%2fetc", "tile/1/000.p/1"):
            assert httpx.get(f"{url}/log/{absent}", timeout=PATIENCE_S).status_code == 404, absent


@pytest.mark.parametrize("what", ["checkpoint", "tile"])
def test_another_server_in_the_logs_place_is_no_log(what):
    app = FastAPI()

    @app.get("/{path:path}")
    def log_in_first(path: str) -> dict[str, str]:
        return {"please": "log in", "path": path}

    with serving_app(app) as url, closing(HttpLog(url, place="centre")) as far:
        ask = far.checkpoint if what == "checkpoint" else partial(far.tile, Tile(0, 0, 1))
        with pytest.raises(RemoteUnreachable, match="another server answered"):
            ask()


def test_a_log_that_is_not_there_cannot_be_reached():
    with (
        closing(HttpLog("http://127.0.0.1:1", place="centre")) as far,
        pytest.raises(RemoteUnreachable, match="no connection"),
    ):
        far.checkpoint()
