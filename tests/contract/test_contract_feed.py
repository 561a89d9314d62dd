import threading

import psycopg
import pytest

from exchange_contracts import FEED, FeedOriginContract, FeedSinkContract, SinkHarness, SourceHarness, batch
from exchange_examples import CENTRE_KEY, CLOCK
from rekam.exchange.feed import FeedFollower, open_batch
from rekam.exchange.in_memory import InMemoryFeed, InMemoryFeedSink
from rekam.exchange.pg.feed_sink import PgFeedSink
from rekam.exchange.pg.feed_writer import PgFeedWriter, append
from rekam.exchange.pg.register import EXCHANGE_TABLES
from rekam.storage.testing import fresh_pool


@pytest.fixture
def pool():
    with fresh_pool(EXCHANGE_TABLES) as opened:
        yield opened


def publisher(pool):
    def publish(feed, kind, body):
        with pool.connection() as tx:
            append(tx, feed, kind, body)

    return publish


def pg_sink(pool):
    with pool.connection() as tx:
        tx.execute("CREATE TABLE effect (body bytea)")

    def keep(tx, entry):
        tx.execute("INSERT INTO effect VALUES (%s)", [entry.body])
        if entry.kind == "bad":
            raise ValueError

    def effects():
        with pool.connection() as connection:
            return [bytes(row[0]) for row in connection.execute("SELECT body FROM effect")]

    return SinkHarness(PgFeedSink(pool, keep), effects)


class TestInMemoryFeed(FeedOriginContract):
    @pytest.fixture
    def harness(self):
        feed = InMemoryFeed(CENTRE_KEY, CLOCK)
        return SourceHarness(feed, feed.append)


class TestPgFeedWriter(FeedOriginContract):
    @pytest.fixture
    def harness(self, pool):
        return SourceHarness(PgFeedWriter(pool, CENTRE_KEY, CLOCK), publisher(pool))


class TestInMemoryFeedSink(FeedSinkContract):
    @pytest.fixture
    def harness(self):
        def keep(state, entry):
            state.setdefault("effects", []).append(entry.body)
            if entry.kind == "bad":
                raise ValueError

        sink = InMemoryFeedSink(keep)
        return SinkHarness(sink, lambda: sink.state.get("effects", []))


class TestPgFeedSink(FeedSinkContract):
    @pytest.fixture
    def harness(self, pool):
        return pg_sink(pool)


@pytest.mark.parametrize("kind", ["memory", "postgres"])
def test_a_relaying_place_hands_on_the_very_bytes_that_the_centre_signed(pool, kind):
    sink = (
        PgFeedSink(pool, lambda tx, entry: None) if kind == "postgres" else InMemoryFeedSink(lambda state, entry: None)
    )
    first, second = batch(1, 2), batch(3, 4, 5)
    sink.apply(FEED, *first)
    sink.apply(FEED, *second)
    assert sink.after(FEED, 0) == first[1]
    assert sink.after(FEED, 2) == sink.after(FEED, 4) == second[1]
    assert sink.after(FEED, 5) is None
    assert sink.after("office/3273", 0) is None


def test_an_entry_of_a_transaction_that_rolls_back_leaves_no_gap(pool):
    writer, publish = PgFeedWriter(pool, CENTRE_KEY, CLOCK), publisher(pool)
    publish(FEED, "result", b"one")
    with pool.connection() as tx:
        append(tx, FEED, "result", b"never happened")
        tx.rollback()
    publish(FEED, "result", b"two")
    entries = open_batch(writer.after(FEED, 0), CENTRE_KEY.public).entries
    assert [(entry.n, entry.body) for entry in entries] == [(1, b"one"), (2, b"two")]


def test_an_entry_that_commits_late_comes_after_what_was_already_read(pool):
    writer = PgFeedWriter(pool, CENTRE_KEY, CLOCK)
    with pool.connection() as slow:
        append(slow, FEED, "result", b"begun first, committed last")
        publisher(pool)(FEED, "result", b"quick")
        assert [entry.body for entry in open_batch(writer.after(FEED, 0), CENTRE_KEY.public).entries] == [b"quick"]
    entries = open_batch(writer.after(FEED, 1), CENTRE_KEY.public).entries
    assert [(entry.n, entry.body) for entry in entries] == [(2, b"begun first, committed last")]


def test_many_writers_and_followers_at_once_see_one_order_without_gaps(pool):
    writer, publish = PgFeedWriter(pool, CENTRE_KEY, CLOCK), publisher(pool)
    seen: dict[int, list[tuple[int, bytes]]] = {reader: [] for reader in range(3)}
    done = threading.Event()

    def write(mark: int) -> None:
        for number in range(15):
            publish(FEED, "result", b"%d/%d" % (mark, number))

    def read(reader: int) -> None:
        while len(seen[reader]) < 45:
            finished = done.is_set()
            data = writer.after(FEED, len(seen[reader]), 7)
            if data:
                seen[reader] += [(entry.n, entry.body) for entry in open_batch(data, CENTRE_KEY.public).entries]
            elif finished:
                return

    writers = [threading.Thread(target=write, args=(mark,)) for mark in range(3)]
    readers = [threading.Thread(target=read, args=(reader,)) for reader in seen]
    for thread in (*writers, *readers):
        thread.start()
    for thread in writers:
        thread.join()
    done.set()
    for thread in readers:
        thread.join()
    assert seen[0] == seen[1] == seen[2]
    assert [n for n, _ in seen[0]] == list(range(1, 46))
    assert len({body for _, body in seen[0]}) == 45


def test_a_follower_in_postgres_applies_what_the_writer_signed_and_two_at_once_apply_it_once(pool):
    publish, harness = publisher(pool), pg_sink(pool)
    for number in range(40):
        publish(FEED, "result", b"%d" % number)
    writer = PgFeedWriter(pool, CENTRE_KEY, CLOCK)

    class Small:
        def after(self, feed, n, limit=0):
            return writer.after(feed, n, 3)

    def follow():
        for _ in range(20):
            try:
                FeedFollower(FEED, Small(), harness.sink, CENTRE_KEY.public).run_once()
            except Exception as error:
                refused.append(error)

    refused = []
    threads = [threading.Thread(target=follow) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {type(error).__name__ for error in refused} <= {"FeedWentBack"}
    assert sorted(harness.effects()) == sorted(b"%d" % number for number in range(40))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE exchange.feed_entry SET body = 'x'",
        "UPDATE exchange.feed_entry SET n = n + 1",
        "DELETE FROM exchange.feed_entry",
        "UPDATE exchange.feed_cursor SET n = 1",
        "DELETE FROM exchange.feed_cursor",
        "DELETE FROM exchange.feed_batch",
    ],
)
def test_the_feed_cannot_be_rewritten_even_by_hand(pool, statement):
    publisher(pool)(FEED, "result", b"one")
    publisher(pool)(FEED, "result", b"two")
    data = PgFeedWriter(pool, CENTRE_KEY, CLOCK).after(FEED, 0)
    PgFeedSink(pool, lambda tx, entry: None).apply(FEED, open_batch(data, CENTRE_KEY.public), data)
    with pytest.raises(psycopg.errors.RestrictViolation), pool.connection() as tx:
        tx.execute(statement)
