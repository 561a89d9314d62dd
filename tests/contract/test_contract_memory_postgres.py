"""The simulated PostgreSQL keeps what the real one keeps: the exchange's suites, and transactions side by side."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

import psycopg
import pytest

from exchange_contracts import (
    FeedOriginContract,
    FeedSinkContract,
    OutboxContract,
    OutboxHarness,
    RegisterContract,
    SinkHarness,
    SourceHarness,
)
from exchange_examples import CENTRE_KEY, CLOCK, OFFICE, packet, packets
from rekam.centre.centre import TABLES as CENTRE_TABLES
from rekam.enrolment.identifiers import PacketNumber
from rekam.exchange.inbox import Arrival
from rekam.exchange.log import InMemoryLog, entry_of
from rekam.exchange.pg.feed_sink import PgFeedSink
from rekam.exchange.pg.feed_writer import PgFeedWriter, append
from rekam.exchange.pg.log import PgLog
from rekam.exchange.pg.outbox import PgOutbox, enqueue
from rekam.exchange.pg.register import EXCHANGE_TABLES, PgRegister
from rekam.office.office import TABLES as OFFICE_TABLES
from rekam.storage.memory_pg.server import Blocked, MemoryPostgres
from rekam.storage.memory_pg.tables import Tables
from rekam.storage.migrations import Migration, MigrationSet
from rekam.storage.testing import fresh_pool

FEED = "office/3174"


@pytest.fixture
def memory():
    server = MemoryPostgres(EXCHANGE_TABLES, now=lambda: datetime(2016, 10, 3, tzinfo=UTC), random=bytes)
    yield server
    server.close()


@pytest.fixture
def real():
    with fresh_pool(EXCHANGE_TABLES) as pool:
        yield pool


@pytest.fixture(params=["memory", "real"])
def pool(request):
    return request.getfixturevalue(request.param)


class TestRegisterOverMemory(RegisterContract):
    @pytest.fixture
    def register(self, memory):
        return PgRegister(memory)


class TestOutboxOverMemory(OutboxContract):
    @pytest.fixture
    def harness(self, memory):
        header = packet().sealed.header
        register = PgRegister(memory, lambda tx, arrival: enqueue(tx, arrival.packet_id))

        def queue(waiting):
            numbered = replace(header, number=PacketNumber.parse(waiting.number))
            arrival = Arrival(numbered, waiting.packet_id, waiting.size, waiting.chain)
            register.record(arrival, lambda _: b"custody receipt")

        return OutboxHarness(PgOutbox(memory), queue)


class TestFeedOriginOverMemory(FeedOriginContract):
    @pytest.fixture
    def harness(self, memory):
        def publish(feed, kind, body):
            with memory.connection() as tx:
                append(tx, feed, kind, body)

        return SourceHarness(PgFeedWriter(memory, CENTRE_KEY, CLOCK), publish)


class TestFeedSinkOverMemory(FeedSinkContract):
    @pytest.fixture
    def harness(self, memory):
        with memory.connection() as tx:
            tx.execute("CREATE TABLE effect (body bytea)")

        def keep(tx, entry):
            tx.execute("INSERT INTO effect VALUES (%s)", [entry.body])
            if entry.kind == "bad":
                raise ValueError

        def effects():
            with memory.connection() as connection:
                return [row[0] for row in connection.execute("SELECT body FROM effect")]

        return SinkHarness(PgFeedSink(memory, keep), effects)


def test_the_log_over_memory_is_the_log(memory):
    log, other = PgLog(memory, OFFICE.key), InMemoryLog(OFFICE.key)
    register = PgRegister(memory, log=log.append)
    for each in packets(9):
        register.record(each.arrival(), lambda proof: str(proof).encode())
        other.append(entry_of(each.arrival()))
    assert str(log.checkpoint()) == str(other.checkpoint())


@contextmanager
def open_transaction(pool):
    with pool.connection() as tx:
        yield tx


def append_and_fail(tx):
    append(tx, FEED, "notice", b"undone")
    raise ZeroDivisionError


def append_and_lock(tx):
    append(tx, FEED, "notice", b"undone")
    tx.execute("SELECT n FROM exchange.feed_cursor WHERE feed = %(feed)s FOR UPDATE", {"feed": "f"})


def entries(pool):
    with pool.connection() as tx:
        return [bytes(row[0]) for row in tx.execute("SELECT body FROM exchange.feed_entry ORDER BY id")]


def test_what_is_not_committed_is_seen_by_its_own_transaction_alone(pool):
    with open_transaction(pool) as one:
        append(one, FEED, "notice", b"one")
        assert entries(pool) == []
        assert one.execute("SELECT count(*) FROM exchange.feed_entry").fetchone() == (1,)
    assert entries(pool) == [b"one"]


def test_numbers_are_drawn_before_the_commit_so_that_a_later_number_may_be_committed_first(pool):
    with open_transaction(pool) as one:
        append(one, FEED, "notice", b"one")
        with open_transaction(pool) as two:
            append(two, FEED, "notice", b"two")
        assert entries(pool) == [b"two"]
    assert entries(pool) == [b"one", b"two"]


def test_a_number_once_drawn_is_never_given_back(pool):
    with pytest.raises(ZeroDivisionError), open_transaction(pool) as one:
        append_and_fail(one)
    with open_transaction(pool) as two:
        append(two, FEED, "notice", b"two")
        assert two.execute("SELECT id FROM exchange.feed_entry").fetchall() == [(2,)]


def test_the_sequencer_numbers_what_is_committed_and_what_comes_late_afterwards(pool):
    writer = PgFeedWriter(pool, CENTRE_KEY, CLOCK)
    with open_transaction(pool) as one:
        append(one, FEED, "notice", b"one")
        with open_transaction(pool) as two:
            append(two, FEED, "notice", b"two")
        writer.after(FEED, 0)
    writer.after(FEED, 0)
    with pool.connection() as tx:
        numbered = tx.execute("SELECT n, body FROM exchange.feed_entry ORDER BY n").fetchall()
    assert [(n, bytes(body)) for n, body in numbered] == [(1, b"two"), (2, b"one")]


def test_a_savepoint_takes_back_its_own_writes_alone(pool):
    with open_transaction(pool) as tx:
        append(tx, FEED, "notice", b"kept")
        with pytest.raises(ZeroDivisionError), tx.transaction():
            append_and_fail(tx)
        append(tx, FEED, "notice", b"kept, too")
    assert entries(pool) == [b"kept", b"kept, too"]


def test_triggers_and_keys_refuse_as_they_do_there(pool):
    register = PgRegister(pool)
    register.record(packet().arrival(), lambda _: b"receipt")
    with pytest.raises(psycopg.errors.RestrictViolation), pool.connection() as tx:
        tx.execute("UPDATE exchange.packet SET size = 1")
    with pytest.raises(psycopg.errors.UniqueViolation), pool.connection() as tx:
        tx.execute("INSERT INTO exchange.feed_batch (feed, first, last, data) VALUES ('f', 1, 1, ''), ('f', 1, 1, '')")
    with pytest.raises(psycopg.errors.CheckViolation), pool.connection() as tx:
        tx.execute("INSERT INTO exchange.feed_cursor VALUES ('f', -1)")


@pytest.mark.parametrize("tables", [OFFICE_TABLES, CENTRE_TABLES], ids=["office", "centre"])
def test_every_table_of_office_and_centre_can_be_made_emptied_and_made_use_of_again(tables):
    made = Tables(tables)
    made.give_back()
    assert Tables.of(tables, bytes) is made, "a migration in words that the simulated server does not know"
    made.give_back()


def test_a_server_put_back_to_an_image_has_its_rows_and_its_numbers_as_they_were_then(memory):
    with memory.connection() as tx:
        append(tx, FEED, "notice", b"one")
    with open_transaction(memory) as open_one:
        append(open_one, FEED, "notice", b"not committed")
        image = memory.image()
    with memory.connection() as tx:
        append(tx, FEED, "notice", b"later")
    memory.put_back(image)
    assert entries(memory) == [b"one"]
    with memory.connection() as tx:
        append(tx, FEED, "notice", b"another")
        assert tx.execute("SELECT id FROM exchange.feed_entry ORDER BY id").fetchall() == [(1,), (3,)]
    assert entries(memory) == [b"one", b"another"]


def test_after_a_crash_what_was_committed_is_there_and_nothing_else(memory):
    with memory.connection() as tx:
        append(tx, FEED, "notice", b"committed")
    abandoned = memory.connection()
    append(abandoned.__enter__(), FEED, "notice", b"under way")
    memory.crash()
    assert entries(memory) == [b"committed"]


def test_who_would_have_to_wait_for_a_row_is_thrown_out_and_leaves_nothing(memory):
    with memory.connection() as tx:
        tx.execute("INSERT INTO exchange.feed_cursor VALUES ('f', 0)")
    with memory.connection() as one:
        one.execute("UPDATE exchange.feed_cursor SET n = 1 WHERE feed = 'f'")
        with pytest.raises(Blocked), memory.connection() as two:
            append_and_lock(two)
    assert entries(memory) == []
    with memory.connection() as tx:
        assert tx.execute("SELECT n FROM exchange.feed_cursor").fetchall() == [(1,)]


def test_who_was_thrown_out_for_a_shared_lock_holds_it_no_longer(memory):
    shared = "SELECT pg_advisory_xact_lock_shared(hashtextextended('rekam key ' || %(key)s, 0))"
    alone = "SELECT pg_advisory_xact_lock(hashtextextended('rekam key ' || %(key)s, 0))"
    with memory.connection() as one:
        one.execute(shared, {"key": "k"})
        with pytest.raises(Blocked), memory.connection() as two:
            two.execute(alone, {"key": "k"})
    for lock in (shared, alone):
        with memory.connection() as tx:
            assert tx.execute(lock, {"key": "k"}).fetchall()


def test_the_first_row_of_each_group_is_the_same_one_there(pool):
    with pool.connection() as tx:
        tx.execute("CREATE TABLE trip (place text, day int, note text)")
        rows = [("b", 1, "old"), ("a", 2, "new"), ("b", 3, "new"), ("a", 1, "old")]
        for place, day, note in rows:
            tx.execute("INSERT INTO trip VALUES (%s, %s, %s)", (place, day, note))
        first = "SELECT DISTINCT ON (t.place) t.place, t.note FROM trip t WHERE starts_with(t.note, %(x)s)"
        found = tx.execute(f"{first} ORDER BY t.place, t.day DESC", {"x": ""}).fetchall()
        inner = f"SELECT count(*) FROM ({first} ORDER BY t.place, t.day) AS one"
        assert found == [("a", "new"), ("b", "new")]
        assert tx.execute(inner, {"x": "n"}).fetchall() == [(2,)]


PARKED = MigrationSet(
    "rekam.parked",
    (
        Migration(
            1,
            "parked",
            "CREATE TABLE parked (n int PRIMARY KEY, queue text);"
            " CREATE FUNCTION refuse_release() RETURNS trigger LANGUAGE plpgsql AS $$"
            " BEGIN RAISE EXCEPTION 'no' USING ERRCODE = 'integrity_constraint_violation'; END $$;"
            " CREATE TRIGGER stays BEFORE UPDATE ON parked FOR EACH ROW"
            " WHEN (OLD.queue = 'quarantine' AND NEW.queue IS NULL) EXECUTE FUNCTION refuse_release();",
        ),
    ),
)


@pytest.fixture(params=["memory", "real"])
def parked(request):
    if request.param == "memory":
        server = MemoryPostgres(PARKED, now=lambda: datetime(2016, 10, 3, tzinfo=UTC), random=bytes)
        yield server
        server.close()
    else:
        with fresh_pool(PARKED) as pool:
            yield pool


def test_a_trigger_refuses_only_when_it_says(parked):
    with parked.connection() as tx:
        tx.execute("INSERT INTO parked VALUES (1, NULL)")
        tx.execute("UPDATE parked SET queue = %(queue)s", {"queue": "quarantine"})
    with pytest.raises(psycopg.errors.IntegrityError), parked.connection() as tx:
        tx.execute("UPDATE parked SET queue = NULL")
    with parked.connection() as tx:
        assert tx.execute("SELECT n, queue FROM parked").fetchall() == [(1, "quarantine")]
