"""The stage queue on a real PostgreSQL: leases, fencing, one transaction, quarantine, the sum that always adds up."""

import threading
import time
import uuid
from dataclasses import dataclass, field

import pytest
from psycopg.errors import IntegrityError

from patience import PATIENCE_S
from rekam.centre.lease import kept
from rekam.centre.pipeline import Pipeline
from rekam.centre.queue import LEASE_SECONDS, StageQueue, StaleWorker
from rekam.centre.results import Results
from rekam.centre.sql import QUERIES
from rekam.centre.verdict import Pass, Queue, Reject, Settle, Wait
from rekam.enrolment.status import Status
from rekam.exchange.pg.register import EXCHANGE_TABLES
from rekam.storage.migrations import MigrationSet
from rekam.storage.testing import fresh_pool
from rekam.trust import cbor


@dataclass
class Feed:
    """What would go down, committed or not: the tests read the tables for what was committed."""

    entries: list = field(default_factory=list)

    def append(self, tx, feed, kind, body):
        self.entries.append((feed, kind, cbor.decode(body)))


class Named:
    alone, failing = False, None

    def __init__(self, name, failing=None):
        self.name, self.failing = name, failing

    def run(self, case):
        return Pass()


PIPELINE = Pipeline(
    *(Named(name) for name in ("unsealing", "completeness", "attestation", "register", "extraction", "quality")),
    Named("uniqueness", Status.SEARCH_FAILURE_AT_CENTRAL),
    Named("decision"),
)


@pytest.fixture
def pool():
    with fresh_pool(EXCHANGE_TABLES, MigrationSet.load("rekam.centre")) as pool:
        yield pool


@pytest.fixture
def feed():
    return Feed()


@pytest.fixture
def queue(feed):
    return StageQueue(PIPELINE, Results(feed))


def receive(pool, stage="unsealing", number=1):
    packet_id = uuid.uuid4().hex * 2
    row = {"packet_id": packet_id, "number": f"317401-01/1/{number:06d}", "station": "317401-01", "office": "3174"}
    with pool.connection() as connection:
        connection.execute(QUERIES.open_case, row)
        connection.execute(QUERIES.enter_first_stage, {"packet_id": packet_id, "stage": stage})
    return packet_id


def claim(pool, queue):
    with pool.connection() as connection:
        return queue.claim(connection)


def commit(pool, queue, claimed, verdict):
    with pool.connection() as connection:
        queue.commit(connection, claimed, verdict)


def one(pool, sql, *parameters):
    with pool.connection() as connection:
        return connection.execute(sql, parameters).fetchone()


def expire_lease(pool, packet_id):
    with pool.connection() as connection:
        connection.execute(
            "UPDATE packet_stage SET lease_until = now() - interval '1 s' WHERE packet_id = %s", [packet_id]
        )


def test_a_passed_case_goes_to_the_next_stage_and_is_free_for_any_worker(pool, queue):
    packet_id = receive(pool)
    commit(pool, queue, claim(pool, queue), Pass())
    claimed = claim(pool, queue)
    assert (claimed.packet_id, claimed.stage) == (packet_id, "completeness")


def test_a_claimed_case_is_nobody_elses(pool, queue):
    receive(pool)
    assert claim(pool, queue) is not None
    assert claim(pool, queue) is None


def test_two_hundred_cases_are_each_claimed_once_by_eight_threads(pool, queue):
    expected = {receive(pool, number=number) for number in range(1, 201)}
    taken, lock = [], threading.Lock()

    def work():
        while (claimed := claim(pool, queue)) is not None:
            with lock:
                taken.append(claimed.packet_id)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == 200
    assert set(taken) == expected


def test_a_stale_worker_writes_nothing(pool, queue):
    packet_id = receive(pool)
    sleeper = claim(pool, queue)
    expire_lease(pool, packet_id)
    with pool.connection() as connection:
        assert queue.reap(connection) == [packet_id]
    successor = claim(pool, queue)
    assert successor.token > sleeper.token
    with pytest.raises(StaleWorker):
        commit(pool, queue, sleeper, Settle(Status.DUPLICATE_RECORD))
    commit(pool, queue, successor, Pass())
    assert one(pool, "SELECT count(*) FROM result") == (0,)
    assert one(pool, "SELECT stage FROM packet_stage WHERE packet_id = %s", packet_id) == ("completeness",)


def test_a_sleeper_whose_case_was_only_reaped_is_stale_too(pool, queue):
    packet_id = receive(pool)
    sleeper = claim(pool, queue)
    expire_lease(pool, packet_id)
    with pool.connection() as connection:
        queue.reap(connection)
    with pytest.raises(StaleWorker):
        commit(pool, queue, sleeper, Pass())


def test_an_effect_that_fails_takes_the_transition_with_it(pool, queue):
    packet_id = receive(pool)
    claimed = claim(pool, queue)

    def write(tx):
        tx.execute("UPDATE enrolment_case SET operator = 'x' WHERE packet_id = %s", [packet_id])

    def fail(tx):
        raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        commit(pool, queue, claimed, Pass((write, fail)))
    assert one(pool, "SELECT operator FROM enrolment_case") == (None,)
    assert one(pool, "SELECT stage, token FROM packet_stage") == ("unsealing", claimed.token)
    assert one(pool, "SELECT count(*) FROM stage_history") == (0,)


def test_a_packet_that_fails_again_and_again_ends_in_quarantine_with_its_reason(pool, queue):
    packet_id = receive(pool)
    for _ in range(4):
        with pool.connection() as connection:
            connection.execute("UPDATE packet_stage SET ready_at = now()")
        claimed = claim(pool, queue)
        with pool.connection() as connection:
            queue.fail(connection, claimed, "the matcher said no")
    assert claim(pool, queue) is None
    assert one(pool, "SELECT queue, last_error FROM packet_stage") == ("quarantine", "the matcher said no")
    assert one(pool, "SELECT state, status FROM enrolment_case") == ("quarantined", "QUARANTINED")
    with pool.connection() as connection:
        assert queue.release(connection, packet_id, Queue.QUARANTINE)
    assert one(pool, "SELECT state FROM enrolment_case") == ("in_stage",)
    assert claim(pool, queue).packet_id == packet_id


def test_a_failing_packet_never_goes_before_a_fresh_one(pool, queue):
    bad = receive(pool, number=1)
    with pool.connection() as connection:
        queue.fail(connection, queue.claim(connection), "odd")
        connection.execute("UPDATE packet_stage SET ready_at = now()")
    good = receive(pool, number=2)
    assert [claim(pool, queue).packet_id for _ in range(2)] == [good, bad]


def test_a_failing_search_is_shown_as_what_it_is_and_clears_by_itself(pool, queue, feed):
    receive(pool, stage="uniqueness")
    with pool.connection() as connection:
        queue.fail(connection, queue.claim(connection), "no memory")
    assert one(pool, "SELECT status FROM enrolment_case") == ("SEARCH_FAILURE_AT_CENTRAL",)
    with pool.connection() as connection:
        connection.execute("UPDATE packet_stage SET ready_at = now()")
    commit(pool, queue, claim(pool, queue), Pass())
    assert one(pool, "SELECT status FROM enrolment_case") == ("RECEIVED_AT_CENTRAL",)
    assert [body["status"] for _, kind, body in feed.entries if kind == "progress"] == [
        "SEARCH_FAILURE_AT_CENTRAL",
        "RECEIVED_AT_CENTRAL",
    ]


def test_a_result_is_final_and_single(pool, queue, feed):
    packet_id = receive(pool, stage="decision")
    commit(pool, queue, claim(pool, queue), Settle(Status.PRINT_READY_RECORD))
    assert [kind for _, kind, _ in feed.entries] == ["result"]
    with pytest.raises(IntegrityError), pool.connection() as connection:
        connection.execute(
            QUERIES.record_result,
            {"packet_id": packet_id, "status": "DUPLICATE_RECORD", "reason": "", "candidate": None},
        )
    for sql in ("DELETE FROM result", "UPDATE result SET status = 'x'", "DELETE FROM stage_history"):
        with pytest.raises(IntegrityError), pool.connection() as connection:
            connection.execute(sql)


def test_received_is_always_in_stage_plus_done_plus_rejected_plus_quarantined(pool, queue):
    verdicts = [
        Pass(),
        Settle(Status.ENROLL_FAILURE_AT_CENTRAL),
        Reject("no signature"),
        Wait(Queue.VALIDATION, Status.REQUEST_VALIDATION),
    ]
    for number in range(1, 9):
        receive(pool, number=number)
    for verdict in verdicts:
        commit(pool, queue, claim(pool, queue), verdict)
    for _ in range(2):
        claimed = claim(pool, queue)
        with pool.connection() as connection:
            connection.execute("UPDATE packet_stage SET attempts = 9 WHERE packet_id = %s", [claimed.packet_id])
            queue.fail(connection, type(claimed)(claimed.packet_id, claimed.stage, claimed.token, 9), "odd")
    received, in_stage, done, rejected, quarantined, waiting = one(pool, QUERIES.counts)
    assert received == in_stage + done + rejected + quarantined == 8
    assert (done, rejected, quarantined, waiting) == (1, 1, 2, 1)
    # never 20: whatever is in a stage has a row there, and whatever has left has none
    assert one(
        pool,
        "SELECT count(*) FROM enrolment_case c LEFT JOIN packet_stage s USING (packet_id)"
        " WHERE (c.state IN ('in_stage', 'quarantined')) <> (s.packet_id IS NOT NULL)",
    ) == (0,)


def test_a_renewed_lease_is_not_reaped_and_a_stale_worker_renews_nothing(pool, queue):
    packet_id = receive(pool)
    claimed = claim(pool, queue)
    expire_lease(pool, packet_id)
    with pool.connection() as connection:
        queue.renew(connection, claimed)
        assert queue.reap(connection) == []
    expire_lease(pool, packet_id)
    with pool.connection() as connection:
        queue.reap(connection)
        queue.renew(connection, claimed)
    assert one(pool, "SELECT lease_until, token FROM packet_stage") == (None, None)


def test_a_stage_longer_than_its_lease_keeps_it(pool, feed):
    queue = StageQueue(PIPELINE, Results(feed))
    packet_id = receive(pool)
    claimed = claim(pool, queue)

    def renew():
        with pool.connection() as connection:
            queue.renew(connection, claimed)

    assert 2 * queue.renew_every_s < LEASE_SECONDS, "one renewal may fail"
    with kept(renew, 0.01):
        for _ in range(3):  # it runs out by hand: nobody waits for it, nor need a busy machine be quick
            expire_lease(pool, packet_id)
            deadline = time.monotonic() + PATIENCE_S
            while one(pool, "SELECT lease_until > now() FROM packet_stage") != (True,):
                assert time.monotonic() < deadline
                time.sleep(0.01)
            with pool.connection() as connection:
                assert queue.reap(connection) == []
    commit(pool, queue, claimed, Pass())
    assert one(pool, "SELECT stage FROM packet_stage WHERE packet_id = %s", packet_id) == ("completeness",)
