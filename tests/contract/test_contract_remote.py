"""What every remote must do, whether its place lives in this process or behind HTTP, patient or not."""

from contextlib import contextmanager, suppress

import httpx
import pytest

from exchange_examples import CENTRE_KEY, CLOCK, OFFICE, STATION, Crowded, inbox, packet, packets
from exchange_server import serving
from patience import PATIENCE_S
from rekam.exchange.admission import stations_of
from rekam.exchange.errors import (
    FeedWentBack,
    PacketRefused,
    RemoteBusy,
    RemoteFull,
    RemoteUnreachable,
    UploadTooLarge,
)
from rekam.exchange.feed import open_batch
from rekam.exchange.http_remote import HttpRemote
from rekam.exchange.in_memory import InMemoryFeed, InMemoryOutbox, InMemoryRegister
from rekam.exchange.lossy import LossyRemote
from rekam.exchange.parts import PIECE_BYTES, Part, PartFetcher, PartMissing, StoredParts
from rekam.exchange.patience import PatientRemote
from rekam.exchange.remote import LocalRemote
from rekam.exchange.sender import Sender
from rekam.exchange.signed_http import SignedHttp
from rekam.storage.blobs import BlobStore
from rekam.storage.disk import RealDisk
from rekam.storage.disk_wrappers import LimitedDisk
from rekam.storage.errors import BlobDamaged, BlobMissing, OffsetMismatch
from rekam.trust import receipts, roll_call

FEED = "office/3174"


@pytest.fixture(params=["local", "http", "patient", "patient http"])
def remote_to(request):
    """A function that makes the remote for an inbox and a feed."""

    @contextmanager
    def over(box, feed=None, parts=None):
        local = LocalRemote(box, feed, parts)
        if request.param == "local":
            yield local
        elif request.param == "patient":
            yield PatientRemote(local, lambda seconds: None)
        else:
            with serving(local, may_send=stations_of("3174")) as url:
                http = HttpRemote(url, place="3174", key=STATION.key, chain=STATION.chain, clock=CLOCK)
                yield PatientRemote(http, lambda seconds: None) if request.param == "patient http" else http
                http.close()

    return over


def test_a_packet_goes_over_in_pieces_and_comes_back_as_a_receipt(remote_to, tmp_path):
    sealed = packet(content=b"p" * 5000)
    with remote_to(inbox(tmp_path, InMemoryRegister())) as remote:
        assert remote.lacking([sealed.id]) == {sealed.id: 0}
        assert remote.append(sealed.id, 0, sealed.data[:3000]) == 3000
        assert remote.offset(sealed.id) == 3000
        assert remote.lacking([sealed.id]) == {sealed.id: 3000}
        assert remote.append(sealed.id, 3000, sealed.data[3000:]) == len(sealed.data)
        receipt = remote.complete(sealed.id, sealed.chain)
        assert receipts.verify(receipt, OFFICE.key.public).packet_id == sealed.id
        assert remote.lacking([sealed.id]) == {}
        assert remote.complete(sealed.id, sealed.chain) == receipt
        assert remote.receipts([sealed.id, "0" * 64]) == {sealed.id: receipt}
    BlobStore(tmp_path, RealDisk()).verify(sealed.id)


def test_the_last_piece_and_the_question_for_the_receipt_are_one_request(remote_to, tmp_path):
    first, second = packets(2, size=5000)
    with remote_to(inbox(tmp_path, InMemoryRegister())) as remote:
        remote.append(first.id, 0, first.data[:3000])
        receipt = remote.complete(first.id, first.chain, 3000, first.data[3000:])
        assert receipts.verify(receipt, OFFICE.key.public).packet_id == first.id
        whole = remote.complete(second.id, second.chain, 0, second.data)
        assert receipts.verify(whole, OFFICE.key.public).packet_id == second.id
        assert remote.complete(second.id, second.chain, 0, second.data) == whole  # its answer was lost: sent again
        assert remote.complete(second.id, second.chain) == whole
        with pytest.raises(OffsetMismatch):
            remote.complete(first.id, first.chain, 3000, first.data[3000:])
        assert remote.complete(first.id, first.chain) == receipt


def test_a_roll_call_is_answered_once_for_all_and_signed(remote_to, tmp_path):
    chain = packets(9)
    with remote_to(inbox(tmp_path, InMemoryRegister())) as remote:
        for each in chain[:5]:
            remote.complete(each.id, each.chain, 0, each.data)
        remote.append(chain[6].id, 0, chain[6].data)
        asked = [each.id for each in reversed(chain)]
        roll = roll_call.verify(remote.roll_call(asked), asked, OFFICE.key.public)
        assert (roll.kind, roll.place, roll.checkpoint) == ("custody", "3174", None)
        assert list(roll.held) == [each.id for each in reversed(chain[:5])]
        assert roll_call.verify(remote.roll_call([]), [], OFFICE.key.public).held == {}


def test_an_offset_that_disagrees_comes_back_with_the_right_one(remote_to, tmp_path):
    sealed = packet()
    with remote_to(inbox(tmp_path, InMemoryRegister())) as remote:
        remote.append(sealed.id, 0, sealed.data[:100])
        with pytest.raises(OffsetMismatch) as refused:
            remote.append(sealed.id, 50, sealed.data[50:])
        assert refused.value.facts["expected"] == 100


def test_a_packet_that_is_not_there_or_not_whole_gets_no_receipt(remote_to, tmp_path):
    sealed = packet()
    with remote_to(inbox(tmp_path, InMemoryRegister())) as remote:
        with pytest.raises(BlobMissing):
            remote.complete(sealed.id, sealed.chain)
        remote.append(sealed.id, 0, sealed.data[:-1])
        with pytest.raises(BlobDamaged):
            remote.complete(sealed.id, sealed.chain)


def test_a_packet_that_no_repetition_will_mend_is_refused_with_its_reason(remote_to, tmp_path):
    sealed = packet()
    with remote_to(inbox(tmp_path, InMemoryRegister())) as remote:
        remote.append(sealed.id, 0, sealed.data)
        with pytest.raises(PacketRefused) as refused:
            remote.complete(sealed.id, OFFICE.chain)
        assert refused.value.facts["code"] == "ChainBroken"


def test_a_full_disk_is_told_and_what_was_received_stays_received(remote_to, tmp_path):
    first, second = packets(2, size=60_000)
    box = inbox(tmp_path, InMemoryRegister(), disk=LimitedDisk(RealDisk(), capacity=100_000))
    with remote_to(box) as remote:
        remote.append(first.id, 0, first.data)
        receipt = remote.complete(first.id, first.chain)
        with pytest.raises((RemoteFull, Exception)) as told:
            remote.append(second.id, 0, second.data)
        assert told.value.code in {"RemoteFull", "DiskReserveReached"}
        assert remote.receipts([first.id, second.id]) == {first.id: receipt}


def test_pressure_is_told_with_the_time_to_wait(remote_to, tmp_path):
    sealed = packet()
    with remote_to(inbox(tmp_path, InMemoryRegister(), pressure=Crowded(7))) as remote:
        with pytest.raises(RemoteBusy) as told:
            remote.append(sealed.id, 0, sealed.data)
        assert told.value.facts["retry_after_s"] == 7


def test_a_packet_beyond_the_limit_is_refused(remote_to, tmp_path):
    sealed = packet(content=b"x" * 3000)
    with remote_to(inbox(tmp_path, InMemoryRegister(), limit_bytes=2000)) as remote, pytest.raises(UploadTooLarge):
        remote.append(sealed.id, 0, sealed.data)


def test_the_feed_comes_over_signed_and_only_what_is_new(remote_to, tmp_path):
    feed = InMemoryFeed(CENTRE_KEY, CLOCK)
    feed.append(FEED, "result", b"one")
    feed.append(FEED, "result", b"two")
    with remote_to(inbox(tmp_path, InMemoryRegister()), feed) as remote:
        batch = open_batch(remote.feed_after(FEED, 1), CENTRE_KEY.public)
        assert [entry.body for entry in batch.entries] == [b"two"]
        assert remote.feed_after(FEED, 2) is None
        with pytest.raises(FeedWentBack):
            remote.feed_after(FEED, 3)


@pytest.mark.parametrize("seed", range(4))
def test_over_a_line_that_loses_every_third_message_everything_arrives_once(remote_to, tmp_path, seed):
    chain = packets(6, size=3000)
    outbox, blobs, register = InMemoryOutbox(), BlobStore(tmp_path / "station", RealDisk()), InMemoryRegister()
    for each in chain:
        blobs.put(each.data)
        outbox.put(each.waiting())
    with remote_to(inbox(tmp_path / "office", register)) as remote:
        lossy = LossyRemote(remote, seed=seed, lose=0.3)
        sender = Sender(outbox, blobs, lossy, OFFICE.key.public, kind="custody", chunk_bytes=1000)
        runs = 0
        while outbox.waiting(1):
            sender.run_once()
            runs += 1
            assert runs < 500
    assert outbox.set_aside() == []
    assert outbox.receipts == register.receipts([each.id for each in chain])
    assert [link.packet_id for link in sorted(register.links("317401-01", 1), key=lambda link: link.sequence)] == [
        each.id for each in chain
    ]


def test_a_part_comes_over_piece_by_piece_and_ends_where_it_ends(remote_to, tmp_path):
    store, data = BlobStore(tmp_path / "far", RealDisk()), bytes(range(256)) * 700
    part_id = store.put(data)
    with remote_to(None, parts=StoredParts(store, "3174")) as remote:
        assert remote.part(part_id, 0) == data[:PIECE_BYTES]
        assert remote.part(part_id, 100_001) == data[100_001 : 100_001 + PIECE_BYTES]
        assert remote.part(part_id, len(data)) == b""
        with pytest.raises(PartMissing, match="in force"):
            remote.part("0" * 64, 0)


def test_a_part_that_is_still_on_its_way_is_not_handed_on(remote_to, tmp_path):
    store, data = BlobStore(tmp_path / "far", RealDisk()), b"half of it"
    part_id = BlobStore(tmp_path / "elsewhere", RealDisk()).put(data)
    store.append(part_id, 0, data[:5])
    with remote_to(None, parts=StoredParts(store, "3174")) as remote, pytest.raises(PartMissing):
        remote.part(part_id, 0)


@pytest.mark.parametrize("seed", range(3))
def test_over_a_line_that_loses_every_third_message_a_part_arrives_whole(remote_to, tmp_path, seed):
    far, near, data = (
        BlobStore(tmp_path / "far", RealDisk()),
        BlobStore(tmp_path / "near", RealDisk()),
        bytes(300_000),
    )
    part = Part(far.put(data), len(data))
    with remote_to(None, parts=StoredParts(far, "3174")) as remote:
        fetcher, runs = PartFetcher(near, LossyRemote(remote, seed=seed, lose=0.3)), 0
        while not near.has(part.id):
            with suppress(RemoteUnreachable):
                fetcher.run_once([part], lambda: False)
            runs += 1
            assert runs < 200
    near.verify(part.id)


def test_a_batch_travels_packed_and_its_signed_bytes_are_the_same(tmp_path):
    feed = InMemoryFeed(CENTRE_KEY, CLOCK)
    feed.append(FEED, "result", b"many words that repeat " * 1000)
    signed, carried = feed.after(FEED, 0), []
    with serving(LocalRemote(None, feed), may_send=stations_of("3174")) as url:
        client = httpx.Client(timeout=PATIENCE_S, event_hooks={"response": [carried.append]})
        remote = HttpRemote(url, place="3174", key=STATION.key, chain=STATION.chain, clock=CLOCK, client=client)
        carried_over = open_batch(remote.feed_after(FEED, 0), CENTRE_KEY.public)
        assert carried_over.entries == open_batch(signed, CENTRE_KEY.public).entries
        client.close()
    assert carried[0].headers["content-type"] == "application/zstd"
    assert int(carried[0].headers["content-length"]) < len(signed) // 20


def test_a_reader_that_does_not_know_of_packing_gets_the_signed_bytes(tmp_path):
    feed = InMemoryFeed(CENTRE_KEY, CLOCK)
    feed.append(FEED, "result", b"many words that repeat " * 1000)
    with serving(LocalRemote(None, feed), may_send=stations_of("3174")) as url:
        older = SignedHttp(url, place="3174", key=STATION.key, chain=STATION.chain, clock=CLOCK)
        answer = older.send("GET", f"/exchange/feed/{FEED}?after=0")
        older.close()
    assert answer.headers["content-type"] == "application/cose"
    assert open_batch(answer.content, CENTRE_KEY.public).last == 1
