"""What a witness keeps: the same promises in memory and in PostgreSQL, and there even against a hand at the database."""

import psycopg
import pytest

from exchange_examples import packet
from lying_centre import history, signed
from rekam.exchange.in_memory_witness import InMemoryReceiptShelf, InMemoryWitnessStore
from rekam.exchange.log_evidence import Breach, Evidence
from rekam.exchange.pg.outbox import PgOutbox, enqueue
from rekam.exchange.pg.register import EXCHANGE_TABLES, PgRegister
from rekam.exchange.pg.witness import PgReceiptShelf, PgWitnessStore
from rekam.storage.testing import fresh_pool
from rekam.trust.keys import SigningKey

OFFICE = SigningKey(b"\x01" * 32)
REFUSED = (ValueError, psycopg.errors.RestrictViolation)


@pytest.fixture
def pool():
    with fresh_pool(EXCHANGE_TABLES) as opened:
        yield opened


@pytest.fixture(params=["memory", "postgres"])
def store(request):
    return InMemoryWitnessStore() if request.param == "memory" else PgWitnessStore(request.getfixturevalue("pool"))


def note(size):
    return history(size).checkpoint()


def cosigned(size):
    return note(size).cosigned("rekam/office/3174", OFFICE, 1_500_000_000)


def test_it_begins_with_nothing(store):
    assert (store.newest(), store.cosigned(), store.delivered()) == (None, None, -1)


def test_the_largest_checkpoint_is_the_newest(store):
    for size in (0, 3, 9, 10):
        store.keep(note(size))
        assert store.newest() == note(size)


@pytest.mark.parametrize("size", [9, 8, 0])
def test_it_never_goes_back_nor_takes_a_second_word_for_one_size(store, size):
    store.keep(note(9))
    with pytest.raises(REFUSED):
        store.keep(signed(size, bytes(32)))
    assert store.newest() == note(9)


def test_a_cosignature_belongs_to_a_kept_checkpoint(store):
    store.keep(note(9))
    with pytest.raises((ValueError, KeyError)):
        store.keep_cosigned(cosigned(10))
    with pytest.raises(ValueError, match="not a cosignature"):
        store.keep_cosigned(signed(9, bytes(32)).cosigned("rekam/office/3174", OFFICE, 1))
    store.keep_cosigned(cosigned(9))
    assert store.cosigned() == cosigned(9)


def test_what_the_log_took_is_remembered(store):
    for size in (9, 12):
        store.keep(note(size))
        store.keep_cosigned(cosigned(size))
    store.note_delivered(9)
    store.note_delivered(9)
    assert store.delivered() == 9
    store.note_delivered(12)
    assert store.delivered() == 12


def test_an_alarm_is_kept_once_for_each_checkpoint_and_kind(store):
    split = Evidence(note(9), signed(9, bytes(32)))
    assert store.raise_alarm(Breach.SPLIT, split)
    assert not store.raise_alarm(Breach.SPLIT, Evidence(note(9), signed(9, b"\x01" * 32)))
    assert store.raise_alarm(Breach.SMALLER, Evidence(note(9), note(3)))
    assert store.raise_alarm(Breach.SPLIT, Evidence(note(10), signed(10, bytes(32))))


def test_alarms_are_read_back_newest_first_with_their_evidence(pool):
    store = PgWitnessStore(pool)
    split = Evidence(note(9), signed(9, bytes(32)), (bytes(32),))
    store.raise_alarm(Breach.SPLIT, split)
    store.raise_alarm(Breach.SMALLER, Evidence(note(9), note(3)))
    newest, oldest = store.alarms()
    assert (newest.breach, oldest.breach, oldest.evidence, oldest.kept_size) == (
        Breach.SMALLER, Breach.SPLIT, split, 9,
    )  # fmt: skip


@pytest.mark.parametrize("table", ["checkpoint", "cosignature", "delivery", "alarm", "receipt"])
@pytest.mark.parametrize("statement", ["DELETE FROM exchange.witness_{}", "UPDATE exchange.witness_{} SET {} = {}"])
def test_nobody_changes_what_a_witness_keeps_even_by_hand(pool, table, statement):
    filled(pool)
    column = {
        "checkpoint": ("note", "'x'"),
        "cosignature": ("note", "'x'"),
        "delivery": ("taken_at", "now()"),
        "alarm": ("evidence", "'x'"),
        "receipt": ("agrees", "false"),
    }[table]
    with pytest.raises(psycopg.errors.RestrictViolation), pool.connection() as tx:
        tx.execute(statement.format(table, *column))


def filled(pool):
    store, sent = PgWitnessStore(pool), packet()
    store.keep(note(9))
    store.keep_cosigned(cosigned(9))
    store.note_delivered(9)
    store.raise_alarm(Breach.SMALLER, Evidence(note(9), note(3)))
    hold(pool, sent)
    PgReceiptShelf(pool).note_compared(sent.id, agrees=True)
    return store


def hold(pool, sent, receipt=b"acceptance"):
    """A packet in custody whose acceptance came."""
    register = PgRegister(pool, lambda tx, arrival: enqueue(tx, arrival.packet_id))
    register.record(sent.arrival(), lambda _: b"custody")
    PgOutbox(pool).acknowledged(sent.id, receipt)


@pytest.fixture(params=["memory", "postgres"])
def shelf(request):
    """A shelf with the acceptances of two packets, and their ids, oldest first."""
    first, second = packet(1), packet(2)
    if request.param == "memory":
        return InMemoryReceiptShelf({first.id: b"acceptance 1", second.id: b"acceptance 2"}), first.id, second.id
    pool = request.getfixturevalue("pool")
    hold(pool, first, b"acceptance 1")
    hold(pool, second, b"acceptance 2")
    return PgReceiptShelf(pool), first.id, second.id


def test_acceptances_wait_oldest_first_until_they_are_compared_for_good(shelf):
    held, first, second = shelf
    assert held.uncompared(10) == [(first, b"acceptance 1"), (second, b"acceptance 2")]
    assert held.uncompared(1) == [(first, b"acceptance 1")]
    held.note_compared(first, agrees=False)
    held.note_compared(first, agrees=True)
    assert held.uncompared(10) == [(second, b"acceptance 2")]


def test_the_figures_of_a_witness_are_counted(pool):
    state = filled(pool).state()
    assert (state.checkpoints, state.size, state.cosigned, state.delivered) == (1, 9, 9, 9)
    assert (state.agreed, state.denied, state.waiting) == (1, 0, 0)
