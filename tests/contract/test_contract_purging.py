"""What every store of a place that purges must do, and what the purger does on each of them."""

from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from exchange_examples import CENTRE_KEY, CLOCK, packets
from rekam.exchange.in_memory_purging import InMemoryPurgeStore
from rekam.exchange.inbox import Inbox
from rekam.exchange.log import InMemoryLog, entry_of
from rekam.exchange.pg.outbox import PgOutbox, enqueue
from rekam.exchange.pg.purge import PgPurgeStore
from rekam.exchange.pg.register import EXCHANGE_TABLES, PgRegister
from rekam.exchange.purging import Held, Purger
from rekam.packet.signer import station_key
from rekam.storage.blobs import BlobStore
from rekam.storage.disk import RealDisk
from rekam.storage.disk_wrappers import RecordingDisk
from rekam.storage.testing import fresh_pool
from rekam.trust import receipts
from rekam.trust.clock import LegalTime, TimeBasis

LATER = datetime(2030, 1, 1, tzinfo=UTC)
LEGAL = LegalTime(LATER, LATER, TimeBasis.CENTRE)
LOG = InMemoryLog(CENTRE_KEY)


def acceptance(packet, *, at_ms: int = 0) -> bytes:
    proof = LOG.append(entry_of(packet.arrival()))
    said = receipts.Receipt("acceptance", packet.id, packet.number, packet.sealed.size, "centre", at_ms, str(proof))
    return receipts.issue(said, CENTRE_KEY)


class InMemory:
    """Packets in a dictionary."""

    def __init__(self, blobs):
        self.blobs, self.store = blobs, InMemoryPurgeStore()

    def hold(self, packet, receipt, *, quarantined=False):
        self.blobs.put(packet.data)
        salt, size = packet.sealed.header.salt, packet.sealed.size
        to_send = receipt is None
        self.store.put(Held(packet.id, packet.number, size, salt, receipt, to_send, quarantined=quarantined))


class Pg:
    """Packets as an office received and relayed them."""

    def __init__(self, blobs, pool):
        self.blobs, self._strange = blobs, set()
        self.store = PgPurgeStore(pool, lambda _tx, packet_id: packet_id in self._strange)
        self._outbox = PgOutbox(pool)
        self._inbox = Inbox(
            blobs,
            PgRegister(pool, lambda tx, arrival: enqueue(tx, arrival.packet_id)),
            signer=CENTRE_KEY,
            clock=CLOCK,
            kind="custody",
            place="3174",
            verify_sender=lambda chain: station_key(chain, CENTRE_KEY.public),
        )

    def hold(self, packet, receipt, *, quarantined=False):
        if packet.id in self._inbox.lacking([packet.id]):
            self._inbox.append(packet.id, 0, packet.data)
            self._inbox.complete(packet.id, packet.chain)
        if receipt is not None:
            self._outbox.acknowledged(packet.id, receipt)
        (self._strange.add if quarantined else self._strange.discard)(packet.id)


@pytest.fixture(params=["memory", "postgres"])
def place(request, tmp_path):
    calls: list[tuple[str, str]] = []
    disk = RecordingDisk(RealDisk(), calls)
    blobs = BlobStore(tmp_path / "packets", disk)

    @contextmanager
    def over_postgres():
        with fresh_pool(EXCHANGE_TABLES) as pool:
            yield Pg(blobs, pool)

    with over_postgres() if request.param == "postgres" else nullcontext(InMemory(blobs)) as made:
        made.calls = calls
        yield made


def purger(place, **options) -> Purger:
    return Purger(place.store, place.blobs, CENTRE_KEY.public, **{"retention": timedelta(days=30), **options})


def test_only_what_the_rule_proves_goes_and_its_row_tells(place):
    old, fresh, waiting, odd = packets(4)
    now_ms = round(LATER.timestamp() * 1000)
    place.hold(old, acceptance(old))
    place.hold(fresh, acceptance(fresh, at_ms=now_ms))
    place.hold(waiting, None)
    place.hold(odd, acceptance(odd), quarantined=True)
    assert purger(place).run_once(LEGAL).went == (old.id,)
    assert [place.blobs.has(each.id) for each in (old, fresh, waiting, odd)] == [False, True, True, True]
    assert [packet_id for _, packet_id in place.store.accepted(0, 10)] == [fresh.id, odd.id]
    assert place.store.going() == []


def test_the_row_says_going_before_the_file_goes_and_gone_after_its_folder_is_durable(place):
    (packet,) = packets(1)
    place.hold(packet, acceptance(packet))
    calls, store = place.calls, place.store
    let_go, gone = store.let_go, store.gone
    store.let_go = lambda *args: (let_go(*args), calls.append(("row says", "going")))[0]
    store.gone = lambda *args: (calls.append(("row says", "gone")), gone(*args))[0]
    calls.clear()
    purger(place).run_once(LEGAL)
    assert calls == [
        ("row says", "going"),
        ("unlink", packet.id),
        ("fsync folder", packet.id[:2]),
        ("row says", "gone"),
    ]


def test_a_copy_that_was_let_go_and_is_judged_anew_with_a_no_stays(place):
    (packet,) = packets(1)
    place.hold(packet, acceptance(packet))
    assert place.store.let_go(packet.id, lambda _held: True)
    assert place.store.going() == [packet.id]
    place.hold(packet, acceptance(packet), quarantined=True)
    assert purger(place).run_once(LEGAL).went == ()
    assert place.store.going() == []
    assert place.blobs.has(packet.id)


def test_a_walk_goes_in_small_steps_over_everything_and_then_rests_for_an_hour(place):
    held = packets(5)
    for each in held:
        place.hold(each, acceptance(each))
    working = purger(place, step=2)
    went = []
    while not (done := working.run_once(LEGAL)).finished:
        went.append(done.went)
    assert [len(step) for step in (*went, done.went)] == [2, 2, 1]
    (late,) = [each for each in packets(6) if each.number.endswith("6")]
    place.hold(late, acceptance(late))
    assert working.run_once(LEGAL).went == ()
    hour_later = LegalTime(LATER, LATER + timedelta(hours=1), TimeBasis.CENTRE)
    assert working.run_once(hour_later).went == (late.id,)


def test_kept_for_ever_means_that_nothing_goes(place):
    (packet,) = packets(1)
    place.hold(packet, acceptance(packet))
    assert purger(place, retention=None).run_once(LEGAL).went == ()
    assert place.blobs.has(packet.id)


def test_postgresql_itself_refuses_to_let_go_what_is_not_accepted(tmp_path):
    with fresh_pool(EXCHANGE_TABLES) as pool:
        place = Pg(BlobStore(tmp_path / "packets", RealDisk()), pool)
        (packet,) = packets(1)
        place.hold(packet, None)
        with pytest.raises(psycopg.errors.RestrictViolation):
            place.store.let_go(packet.id, lambda _held: True)
        place.hold(packet, acceptance(packet))
        place.store.let_go(packet.id, lambda _held: True)
        place.store.gone(packet.id)
        for change in ("DELETE FROM exchange.purge", "UPDATE exchange.purge SET gone_at = NULL"):
            with pytest.raises(psycopg.errors.RestrictViolation), pool.connection() as tx:
                tx.execute(change)
