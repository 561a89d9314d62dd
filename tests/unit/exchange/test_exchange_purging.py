"""The rule that lets a copy go, each of its conditions by itself; and a power cut at every step of letting go."""

import contextlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from exchange_examples import CENTRE_KEY, OFFICE, packet, packets
from rekam.exchange.in_memory_purging import InMemoryPurgeStore
from rekam.exchange.log import InMemoryLog, entry_of
from rekam.exchange.purging import Held, Purger, Why, judge
from rekam.storage.blobs import BlobStore
from rekam.storage.disk_wrappers import RecordingDisk
from rekam.storage.memory_disk import MemoryDisk
from rekam.trust import receipts
from rekam.trust.clock import Anchor, LegalClock, LegalTime, SteppedClock, TimeBasis

ACCEPTED = datetime(2026, 1, 1, tzinfo=UTC)
ACCEPTED_MS = round(ACCEPTED.timestamp() * 1000)
RETENTION = timedelta(days=30)
SEALED = packet()
PACKETS = packets(2)


def certain(at: datetime) -> LegalTime:
    return LegalTime(at, at, TimeBasis.CENTRE)


def receipt_for(sealed, *, signer=CENTRE_KEY, logged=None, **changes) -> bytes:
    proof = InMemoryLog(CENTRE_KEY).append(entry_of((logged or sealed).arrival()))
    said = receipts.Receipt(
        "acceptance", sealed.id, sealed.number, sealed.sealed.size, "centre", ACCEPTED_MS, str(proof)
    )
    return receipts.issue(replace(said, **changes), signer)


def held(sealed=SEALED, **changes) -> Held:
    salt, size = sealed.sealed.header.salt, sealed.sealed.size
    return replace(Held(sealed.id, sealed.number, size, salt, receipt_for(sealed)), **changes)


def why(*, legal: LegalTime | None = None, retention: timedelta | None = RETENTION, **changes: object) -> Why:
    now = legal or certain(ACCEPTED + RETENTION)
    return judge(held(**changes), centre=CENTRE_KEY.public, legal=now, retention=retention).why


def test_a_copy_goes_when_the_centre_provably_has_the_packet_and_the_retention_is_over():
    assert why() is Why.PROVED


def test_nothing_goes_while_the_centres_log_is_known_to_have_broken_its_word():
    store, doubted = InMemoryPurgeStore(), [True]
    blobs = BlobStore(Path("packets"), MemoryDisk())
    blobs.put(SEALED.data)
    store.put(held())
    legal = certain(ACCEPTED + 2 * RETENTION)
    purger = Purger(store, blobs, CENTRE_KEY.public, retention=RETENTION, log_doubted=lambda: doubted[0])
    assert judge(held(), centre=CENTRE_KEY.public, legal=legal, retention=RETENTION, log_doubted=True).why is (
        Why.LOG_DOUBTED
    )
    assert purger.run_once(legal).went == ()
    assert blobs.has(SEALED.id)
    doubted[0] = False
    later = certain(ACCEPTED + 3 * RETENTION)
    assert purger.run_once(later).went == (SEALED.id,)


def test_a_custody_receipt_is_never_enough():
    custody = receipt_for(SEALED, kind="custody", log=None, place="3174")
    assert why(receipt=custody) is Why.RECEIPT_OF_ANOTHER
    by_the_office = receipt_for(SEALED, signer=OFFICE.key, kind="custody", log=None)
    assert why(receipt=by_the_office) is Why.RECEIPT_WRONG


@pytest.mark.parametrize(
    ("changes", "because"),
    [
        ({"receipt": None}, Why.NOT_ACCEPTED),
        ({"receipt": b"no receipt"}, Why.RECEIPT_WRONG),
        ({"receipt": receipt_for(SEALED, signer=OFFICE.key)}, Why.RECEIPT_WRONG),
        ({"receipt": receipt_for(PACKETS[1])}, Why.RECEIPT_OF_ANOTHER),
        ({"receipt": receipt_for(SEALED, size=SEALED.sealed.size + 1)}, Why.RECEIPT_OF_ANOTHER),
        ({"receipt": receipt_for(SEALED, number="317401-01/1/000002")}, Why.RECEIPT_OF_ANOTHER),
        ({"receipt": receipt_for(SEALED, log=None)}, Why.NOT_LOGGED),
        ({"receipt": receipt_for(SEALED, logged=PACKETS[1])}, Why.NOT_LOGGED),
        ({"salt": bytes(16)}, Why.NOT_LOGGED),
        ({"to_send": True}, Why.STILL_TO_SEND),
        ({"set_aside": True}, Why.SET_ASIDE),
        ({"quarantined": True}, Why.QUARANTINED),
        ({"retention": None}, Why.KEPT_FOR_EVER),
        ({"legal": certain(ACCEPTED + RETENTION - timedelta(milliseconds=1))}, Why.TOO_EARLY),
    ],
    ids=lambda value: value.name if isinstance(value, Why) else None,
)
def test_each_condition_by_itself_keeps_the_copy(changes, because):
    assert why(**changes) is because


def test_one_flipped_bit_anywhere_in_the_receipt_keeps_the_copy():
    sound = receipt_for(SEALED)
    for position in range(0, len(sound), 7):
        spoilt = bytearray(sound)
        spoilt[position] ^= 1
        assert why(receipt=bytes(spoilt)) in {Why.RECEIPT_WRONG, Why.RECEIPT_OF_ANOTHER, Why.NOT_LOGGED}


def test_a_machine_whose_clock_ran_years_ahead_over_a_restart_purges_nothing():
    clock = SteppedClock(ACCEPTED)
    kept = Anchor(ACCEPTED_MS, clock.stamp())
    clock.reboot()
    clock.set_wall(ACCEPTED + timedelta(days=3650))
    carried = LegalClock(clock, kept).now()
    assert carried.at > ACCEPTED + RETENTION
    assert why(legal=carried) is Why.TOO_EARLY
    assert why(legal=LegalClock(clock).now()) is Why.TOO_EARLY


def test_when_the_retention_ends_is_told():
    judged = judge(held(), centre=CENTRE_KEY.public, legal=certain(ACCEPTED), retention=RETENTION)
    assert judged.not_before_ms == ACCEPTED_MS + 30 * 24 * 3600 * 1000


class Cut(Exception):
    """The power fails."""


class CutAt(list):
    """Raises when call number `at` is about to be written down."""

    def __init__(self, at):
        super().__init__()
        self.at = at

    def append(self, call):
        if len(self) == self.at:
            raise Cut
        super().append(call)


class DurableRows(InMemoryPurgeStore):
    """Rows that are committed when a call returns; each commit is a step at which the power may fail, too."""

    def __init__(self, calls):
        super().__init__()
        self.calls = calls

    def let_go(self, packet_id, may_go):
        self.calls.append(("commit", "going"))
        return super().let_go(packet_id, may_go)

    def gone(self, packet_id):
        self.calls.append(("commit", "gone"))
        super().gone(packet_id)


@pytest.mark.parametrize("again", range(5))
@pytest.mark.parametrize("cut", range(9))
def test_a_power_cut_at_any_step_never_leaves_a_row_that_claims_bytes_that_are_gone(cut, again):
    """Cut at step `cut`, come back, cut again at step `again`, come back for good."""
    memory, folder = MemoryDisk(), Path("/packets")
    store = DurableRows(calls := CutAt(cut))
    blobs = BlobStore(folder, memory)
    for each in PACKETS:
        blobs.put(each.data)
        store.put(held(each))

    def step():
        disk = RecordingDisk(memory, store.calls)
        purger = Purger(store, BlobStore(folder, disk), CENTRE_KEY.public, retention=RETENTION)
        purger.run_once(certain(ACCEPTED + RETENTION))

    def honest():
        survivor = BlobStore(folder, memory)
        for each in PACKETS:
            if store.states[each.id] == "kept":
                survivor.verify(each.id)
            if store.states[each.id] == "gone":
                assert not survivor.has(each.id)

    for calls in (calls, CutAt(again)):  # noqa: B020 - the first is already in the store
        store.calls = calls
        with contextlib.suppress(Cut):
            step()
        memory.power_cut()
        honest()
    store.calls = []
    step()
    memory.power_cut()
    honest()
    assert set(store.states.values()) == {"gone"}


def test_a_disk_that_will_not_let_one_copy_go_keeps_nobody_else_and_is_tried_again():
    memory, folder, store = MemoryDisk(), Path("/packets"), InMemoryPurgeStore()
    blobs = BlobStore(folder, memory)
    for each in PACKETS:
        blobs.put(each.data)
        store.put(held(each))

    class BadSector(RecordingDisk):
        def unlink(self, path):
            if path.name == PACKETS[0].id:
                raise OSError(5, "Input/output error")
            super().unlink(path)

    def run(disk):
        purger = Purger(store, BlobStore(folder, disk), CENTRE_KEY.public, retention=RETENTION)
        return purger.run_once(certain(ACCEPTED + RETENTION))

    done = run(BadSector(memory))
    assert (done.went, done.stuck) == ((PACKETS[1].id,), (PACKETS[0].id,))
    assert store.states[PACKETS[0].id] == "going"
    assert run(memory).went == (PACKETS[0].id,)


@pytest.mark.parametrize("killed", range(9))
def test_a_kill_at_any_step_and_a_power_cut_after_the_next_leave_no_bytes_behind_a_row_that_says_gone(killed):
    """A killed process leaves the disk's memory as it is: what it unlinked is gone for the next, and not yet durable."""
    memory, folder = MemoryDisk(), Path("/packets")
    store = DurableRows(CutAt(killed))
    blobs = BlobStore(folder, memory)
    for each in PACKETS:
        blobs.put(each.data)
        store.put(held(each))

    def step():
        disk = RecordingDisk(memory, store.calls)
        purger = Purger(store, BlobStore(folder, disk), CENTRE_KEY.public, retention=RETENTION)
        purger.run_once(certain(ACCEPTED + RETENTION))

    with contextlib.suppress(Cut):
        step()
    store.calls = []
    step()
    memory.power_cut()
    assert set(store.states.values()) == {"gone"}
    assert not any(BlobStore(folder, memory).has(each.id) for each in PACKETS)
