"""Lanes, sizes of pieces, second chances, and a busy place: what a sender does about a bad line and a bad packet."""

import itertools
import threading

import pytest

from exchange_examples import OFFICE, OTHER_OFFICE, ROOT, Crowded, inbox, packets
from patience import PATIENCE_S
from rekam.exchange.chunk_size import AIM_S, FIRST, LARGEST, SMALLEST, ChunkSize
from rekam.exchange.errors import RemoteUnreachable
from rekam.exchange.in_memory import InMemoryOutbox, InMemoryRegister
from rekam.exchange.lanes import ThreadLanes, one_lane
from rekam.exchange.remote import LocalRemote
from rekam.exchange.second_chances import FIRST_S, LONGEST_S, SecondChances
from rekam.exchange.sender import Sender
from rekam.packet.signer import station_key
from rekam.storage.blobs import BlobStore
from rekam.storage.disk import RealDisk
from rekam.trust.certificates import ChainBroken
from rekam.trust.clock import SteppedClock


@pytest.mark.parametrize("lanes", [one_lane, ThreadLanes(1), ThreadLanes(4)], ids=["one", "one thread", "four"])
def test_tasks_begin_in_their_order_and_all_of_them_run(lanes):
    begun, lock = [], threading.Lock()

    def task(number):
        def run():
            with lock:
                begun.append(number)

        return run

    lanes(task(number) for number in range(50))
    assert sorted(begun) == list(range(50))
    if lanes is one_lane:
        assert begun == list(range(50))


def test_several_lanes_run_at_once():
    together, met = threading.Barrier(4, timeout=PATIENCE_S), []
    ThreadLanes(4)([lambda: met.append(together.wait())] * 8)
    assert sorted(met) == [0, 0, 1, 1, 2, 2, 3, 3]


@pytest.mark.parametrize("lanes", [one_lane, ThreadLanes(3)], ids=["one", "three"])
def test_an_error_keeps_further_tasks_from_beginning_and_is_raised(lanes):
    begun = []

    def tasks():
        for number in range(100):
            begun.append(number)
            yield fail if number == 5 else (lambda: None)

    def fail():
        raise RemoteUnreachable(place="3174", reason="cut")

    with pytest.raises(RemoteUnreachable):
        lanes(tasks())
    assert len(begun) < 20


def test_pieces_grow_with_the_line_until_a_megabyte():
    size = ChunkSize()
    sent = []
    for _ in range(12):
        sent.append(size.bytes)
        size.took(size.bytes, size.bytes / 10_000_000)
    assert sent[0] == FIRST
    assert sent[-1] == LARGEST
    assert sent == sorted(sent)


def test_on_128_kbit_a_piece_takes_some_seconds_and_not_a_minute():
    size, line = ChunkSize(), 16_000  # bytes a second
    for _ in range(12):
        size.took(size.bytes, 0.8 + size.bytes / line)
    assert AIM_S / 2 < size.bytes / line < AIM_S


def test_a_cut_halves_the_piece_and_the_end_of_a_packet_changes_nothing():
    size = ChunkSize()
    for _ in range(10):
        size.took(size.bytes, 0.01)
    size.took(100, 0.8)
    assert size.bytes == LARGEST
    for _ in range(10):
        size.lost()
    assert size.bytes == SMALLEST


def test_a_packet_set_aside_is_tried_again_after_pauses_that_grow_whatever_the_wall_clock_does():
    clock, outbox = SteppedClock(), InMemoryOutbox()
    (only,) = packets(1)
    outbox.put(only.waiting())
    chances = SecondChances(lambda: [each.packet_id for each in outbox.set_aside()], outbox.retry, clock)
    outbox.failed(only.id, "PacketRefused", "why")
    pauses, waited = [], 0
    while len(pauses) < 12:
        clock.advance(10)
        clock.set_wall(clock.wall().replace(year=1990 + len(pauses) % 40))
        waited += 10
        if chances.give():
            pauses.append(waited)
            outbox.failed(only.id, "PacketRefused", "why")
            waited = 0
    assert abs(pauses[0] - FIRST_S) <= 20
    assert all(later >= earlier for earlier, later in itertools.pairwise(pauses))
    assert abs(pauses[-1] - LONGEST_S) <= 20


def sending(tmp_path, chain, remote, **options):
    outbox, blobs = InMemoryOutbox(), BlobStore(tmp_path / "station", RealDisk())
    for each in chain:
        blobs.put(each.data)
        outbox.put(each.waiting())
    given = {"kind": "custody", "chunk_bytes": 700, **options}
    return Sender(outbox, blobs, remote, OFFICE.key.public, **given), outbox


def test_a_packet_refused_today_arrives_by_itself_when_the_office_was_mended(tmp_path):
    clock, chain, trusted = SteppedClock(), packets(2), []

    def verify_sender(presented):
        if not trusted:
            raise ChainBroken(reason="the office's root is an old one")
        return trusted[0]

    office = LocalRemote(inbox(tmp_path / "office", InMemoryRegister(), verify_sender=verify_sender))
    sender, outbox = sending(tmp_path, chain, office, clock=clock)
    sender.run_once()
    assert len(outbox.set_aside()) == 2
    trusted.append(station_key(chain[0].chain, ROOT))
    sender.run_once()
    assert outbox.receipts == {}
    for _ in range(4):
        clock.advance(FIRST_S / 2)
        sender.run_once()
    assert set(outbox.receipts) == {each.id for each in chain}


def test_a_busy_place_is_left_alone_for_as_long_as_it_asked(tmp_path):
    clock, crowd, asked = SteppedClock(), Crowded(30), []

    class Watched(LocalRemote):
        def lacking(self, packet_ids):
            asked.append(clock.stamp().monotonic_ns)
            return super().lacking(packet_ids)

    box = inbox(tmp_path / "office", InMemoryRegister(), pressure=crowd)
    sender, _ = sending(tmp_path, packets(2), Watched(box), clock=clock)
    assert sender.run_once().stopped_by.code == "RemoteBusy"
    for _ in range(29):
        clock.advance(1)
        assert sender.run_once().stopped_by.code == "RemoteBusy"
    assert len(asked) == 1
    crowd.seconds = 0
    clock.advance(1)
    assert sender.run_once().acknowledged == 2
    assert len(asked) == 2


def test_with_several_lanes_a_bad_packet_delays_no_good_one_and_all_arrive_once(tmp_path):
    chain = packets(20, size=3000)
    register = InMemoryRegister()
    sender, outbox = sending(tmp_path, chain, LocalRemote(inbox(tmp_path / "office", register)), lanes=ThreadLanes(4))
    spoiled = chain[3].waiting()
    object.__setattr__(spoiled, "chain", OTHER_OFFICE.chain)
    outbox._queue[spoiled.packet_id] = spoiled
    done = sender.run_once()
    assert (done.acknowledged, done.set_aside, done.stopped_by) == (19, 1, None)
    assert set(outbox.receipts) == {each.id for each in chain} - {spoiled.packet_id}
    assert outbox.receipts == register.receipts([each.id for each in chain])
