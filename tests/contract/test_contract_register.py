import threading

import psycopg
import pytest

from exchange_contracts import RegisterContract
from exchange_examples import packet
from rekam.exchange.in_memory import InMemoryRegister
from rekam.exchange.pg.outbox import PgOutbox, enqueue
from rekam.exchange.pg.register import EXCHANGE_TABLES, PgRegister
from rekam.storage.testing import fresh_pool


@pytest.fixture
def pool():
    with fresh_pool(EXCHANGE_TABLES) as opened:
        yield opened


class TestInMemoryRegister(RegisterContract):
    @pytest.fixture
    def register(self):
        return InMemoryRegister()


class TestPgRegister(RegisterContract):
    @pytest.fixture
    def register(self, pool):
        return PgRegister(pool)


def test_the_hook_runs_once_in_the_transaction_of_the_arrival(pool):
    register = PgRegister(pool, lambda tx, arrival: enqueue(tx, arrival.packet_id))
    only = packet()
    for _ in range(2):
        register.record(only.arrival(), lambda _: b"receipt")
    assert [each.packet_id for each in PgOutbox(pool).waiting(10)] == [only.id]


@pytest.mark.parametrize("kind", ["memory", "postgres"])
def test_a_hook_that_fails_leaves_nothing_recorded(pool, kind):
    def fail(*_args):
        raise KeyError("the first stage cannot begin")

    register = InMemoryRegister(fail) if kind == "memory" else PgRegister(pool, fail)
    only = packet()
    with pytest.raises(KeyError):
        register.record(only.arrival(), lambda _: b"receipt")
    assert register.receipts([only.id]) == {}


def test_two_different_packets_of_one_number_recorded_at_once_never_miss_the_alarm(pool):
    register = PgRegister(pool)
    for sequence in range(1, 11):
        twins = [packet(sequence, b"one"), packet(sequence, b"other")]
        threads = [
            threading.Thread(target=register.record, args=(twin.arrival(), lambda _: b"receipt")) for twin in twins
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(register.forks()) == 10
    assert all(len(fork.packet_ids) == 2 for fork in register.forks())


@pytest.mark.parametrize("statement", ["UPDATE exchange.packet SET size = 1", "DELETE FROM exchange.packet"])
def test_a_recorded_packet_cannot_be_changed_even_by_hand(pool, statement):
    PgRegister(pool).record(packet().arrival(), lambda _: b"receipt")
    with pytest.raises(psycopg.errors.RestrictViolation), pool.connection() as tx:
        tx.execute(statement)
