"""The centre killed with -9 under load, its twin takes over: nothing acknowledged is missing, nothing is there twice."""

import json
import os
import random
import signal
import time
from contextlib import suppress

import httpx
import pytest

from centre_examples import CENTRE
from patience import PATIENCE_S
from rekam.drill.country import PlaceDidNotStart
from rekam.exchange.log import log_key
from rekam.trust import receipts
from rekam.trust.log.merkle import leaf_hash, nodes_completed_by, root_of
from rekam.trust.log.proof import LogProof, commitment
from twin_examples import Pair, SendingOffice, entries_of_the_log


@pytest.fixture
def pair(tmp_path):
    made = Pair(tmp_path)
    yield made
    made.stop()


def check_promises(office: SendingOffice, url: str) -> None:
    """Every receipt's packet stands at its place in one log, which only grew, and every feed entry came once."""
    assert office.alarms == []
    assert [n for n, _ in office.applied] == list(range(1, len(office.applied) + 1))
    _, entries = entries_of_the_log(url)
    nodes: dict[tuple[int, int], bytes] = {}

    def node(level: int, index: int) -> bytes:
        return nodes[level, index]

    for position, entry in enumerate(entries):
        nodes |= dict(nodes_completed_by(position, leaf_hash(entry), node))
    positions = []
    for packet_id, data in office.receipts.items():
        receipt = receipts.verify(data, CENTRE.key.public)
        entry = commitment(packet_id, receipt.number, office.salts[packet_id])
        proof = LogProof.parse(receipt.log)
        seen = proof.verify(entry, log_key(CENTRE.key.public))
        assert entries[proof.index] == entry, receipt.number
        assert root_of(seen.size, node) == seen.root, "the log forked"
        positions.append(proof.index)
    assert len(set(positions)) == len(office.receipts)


def test_a_centre_killed_again_and_again_under_load_loses_nothing_and_doubles_nothing(pair):
    chance = random.Random(int(os.environ.get("REKAM_TWIN_SEED", "1")))
    pair.centre.start()
    office = pair.office()
    office.start()
    office.await_receipts(5)
    pair.twin.start()
    pair.await_paired()
    office.await_receipts(len(office.receipts) + 20)
    time.sleep(chance.random())
    pair.centre.kill()
    promised = dict(office.receipts)
    told = pair.promote("--centre-is-off")
    assert told["adds_up"], told
    assert told["generation"] == 2
    office.await_receipts(len(promised) + 20)
    # the second life: the machine that was killed becomes the twin of its twin, and takes over in its turn
    again = pair.as_twin_of_two()
    try:
        again.start()
        pair.await_paired(1)
        office.await_receipts(len(office.receipts) + 20)
        time.sleep(chance.random())
        pair.twin.kill()
        done = pair.command("promote", "--because", "mesin dua padam", "--centre-is-off", "--json", name="one")
        assert done.returncode == 0, done.stdout + done.stderr
        office.await_receipts(len(office.receipts) + 10)
        office.stop()
        assert promised.items() <= office.receipts.items()
        check_promises(office, pair.url(0))
    finally:
        office.stop()
        again.kill()


def test_an_old_centre_that_comes_back_serves_nothing(pair):
    pair.centre.start()
    office = pair.office()
    pair.twin.start()
    pair.await_paired()
    office.send(office.sealed())
    pair.centre.kill()
    assert pair.promote("--centre-is-off")["packets"] == 1
    with suppress(PlaceDidNotStart, httpx.TransportError):  # it may have learned that it is old before it answers
        pair.centre.start()  # somebody switches it on again
        plain = httpx.get(f"{pair.url(0)}/log/checkpoint", timeout=PATIENCE_S)
        assert plain.status_code == 503, "an old centre published a checkpoint"
    deadline = time.monotonic() + PATIENCE_S
    while pair.centre.running and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not pair.centre.running, "it learns from its former twin that it is old, and ends"
    assert "Superseded" in (pair.folder / "one.log").read_text()
    office.send(office.sealed())
    check_promises(office, pair.url(1))


def test_a_centre_that_lives_is_fenced_before_its_twin_takes_over(pair):
    pair.centre.start()
    office = pair.office()
    office.start()
    pair.twin.start()
    pair.await_paired()
    office.await_receipts(len(office.receipts) + 10)
    told = pair.promote()
    assert told["adds_up"], told
    office.await_receipts(len(office.receipts) + 10)
    office.stop()
    assert not pair.centre.running
    check_promises(office, pair.url(1))


def test_without_its_twin_nothing_is_acknowledged_until_an_official_decides(pair):
    pair.centre.start()
    office = pair.office()
    pair.twin.start()
    pair.await_paired()
    office.send(office.sealed())
    pair.twin.kill()
    office.start()
    deadline = time.monotonic() + PATIENCE_S
    while pair.standing().settled or office.refused < 3:
        assert time.monotonic() < deadline, (pair.standing(), office.refused)
        time.sleep(0.1)
    assert len(office.receipts) == 1
    assert json.loads(pair.command("pair", "--json", name="one", keys=False).stdout)["serves"] is False
    done = pair.command("alone", "--because", "kembaran rusak", "--by", "kepala", name="one", keys=False)
    assert done.returncode == 0, done.stderr
    office.await_receipts(10)
    pair.twin.start()
    pair.await_paired()
    office.await_receipts(len(office.receipts) + 5)
    pair.centre.process.send_signal(signal.SIGKILL)
    pair.centre.kill()
    assert pair.promote("--centre-is-off")["adds_up"]
    office.await_receipts(len(office.receipts) + 5)
    office.stop()
    check_promises(office, pair.url(1))


def test_a_twin_that_cannot_reach_the_centre_takes_over_only_when_told_that_it_is_off(pair):
    pair.centre.start()
    pair.twin.start()
    pair.await_paired()
    pair.centre.kill()
    refused = pair.command("promote", "--because", "coba")
    assert refused.returncode == 2
    assert "CentreMayRun" in refused.stderr
    assert pair.promote("--centre-is-off")["generation"] == 2
