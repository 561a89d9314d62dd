import hashlib
import io
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packet_samples import CENTRE, HYBRID_CENTRE, NUMBER, OFFICE, OPERATOR, SITI, STATION, sealed

from rekam.packet.errors import NotAPacket, PacketTooLarge, SealedToAnotherCentre
from rekam.packet.inspect import inspect
from rekam.packet.seal import seal
from rekam.packet.unseal import unseal
from rekam.trust.clock import SteppedClock
from rekam.trust.random import SeededRandomUnsafeForTests, SystemRandom
from rekam.trust.sealing import OpeningKey, Suite, Unopenable

CENTRES = [pytest.param(CENTRE, id="x25519"), pytest.param(HYBRID_CENTRE, id="hybrid")]


@pytest.mark.parametrize("centre", CENTRES)
@settings(max_examples=30, deadline=None)
@given(pieces=st.lists(st.binary(max_size=5000), max_size=4))
def test_what_a_station_seals_the_centre_opens(centre, pieces):
    data, said = sealed(pieces, recipient=centre.public, chunk_bytes=1024)
    opened = unseal(io.BytesIO(data), [CENTRE, HYBRID_CENTRE], STATION.public)
    assert opened.read() == b"".join(pieces)
    assert opened.header == said.header


@pytest.mark.parametrize("size", [0, 1, 1023, 1024, 1025, 2048, 2049])
def test_content_around_a_chunks_edge_comes_back_whole(size):
    data, said = sealed(bytes(size), chunk_bytes=1024)
    assert unseal(io.BytesIO(data), [CENTRE], STATION.public).read() == bytes(size)
    assert said.size == len(data)


@pytest.mark.parametrize("centre", CENTRES)
def test_an_office_proves_a_packet_without_any_opening_key(centre):
    data, said = sealed(b"recording" * 1000, recipient=centre.public)
    found = inspect(io.BytesIO(data), STATION.public)
    assert (found.header, found.packet_id, found.size) == (said.header, said.packet_id, len(data))
    assert found.packet_id == hashlib.sha256(data).hexdigest()


def test_the_header_says_who_sealed_what_to_whom_and_when():
    clock = SteppedClock()
    clock.advance(5)
    _, said = sealed(b"recording", previous=b"\x07" * 32, stamp=clock.stamp())
    header = said.header
    assert (header.number, header.previous, header.stamp) == (NUMBER, b"\x07" * 32, clock.stamp())
    assert (header.signer, header.recipient) == (STATION.key_id, CENTRE.key_id)
    assert header.suite is Suite.X25519
    assert len(header.salt) == 16


def test_the_same_recording_sealed_twice_is_two_packets_that_share_nothing_secret():
    (first, said), (second, again) = sealed(), sealed()
    assert first != second
    assert said.packet_id != again.packet_id
    assert said.header.salt != again.header.salt
    assert first[-25:] != second[-25:]


def test_the_plaintext_stands_nowhere_in_the_packet():
    data, _ = sealed(SITI.name.encode() * 100)
    assert SITI.name.encode() not in data


def test_the_station_that_sealed_a_packet_cannot_open_it():
    """Neither its signing key's bytes, nor its own parcel key, nor the centre's public key will do."""
    data, said = sealed()
    held = [STATION.to_bytes(), OPERATOR.to_bytes(), OFFICE.public.to_bytes(), CENTRE.public.raw, said.header.salt * 2]
    keys = [OpeningKey(Suite.X25519, raw) for raw in held] + [OpeningKey.generate()]
    with pytest.raises(SealedToAnotherCentre, match=CENTRE.key_id.hex()):
        unseal(io.BytesIO(data), keys, STATION.public)
    for key in keys:  # and not because of the name alone
        with pytest.raises(Unopenable):
            key.open(said.header.wrapped_key, said.header.context())
    assert CENTRE.open(said.header.wrapped_key, said.header.context())


def test_a_recording_that_is_too_large_is_refused_and_leaves_no_packet():
    out = io.BytesIO()
    facts = {"number": NUMBER, "previous": bytes(32), "signer": STATION, "recipient": CENTRE.public}
    with pytest.raises(PacketTooLarge, match="10000 bytes"):
        seal(
            [bytes(20_000)],
            **facts,
            stamp=SteppedClock().stamp(),
            random=SystemRandom(),
            out=out,
            limit=10_000,
            chunk_bytes=1024,
        )
    out.seek(0)
    with pytest.raises(NotAPacket):
        inspect(out, STATION.public)


def test_a_packet_of_the_largest_permitted_size_is_sealed():
    data, _ = sealed(bytes(5000))
    assert sealed(bytes(5000), limit=len(data))[1].size == len(data)
    with pytest.raises(PacketTooLarge):
        sealed(bytes(5000), limit=len(data) - 1)


def test_a_packet_of_any_size_is_sealed_inspected_and_opened_in_constant_memory(tmp_path):
    megabytes, piece = 48, bytes(1 << 20)
    with (tmp_path / "large.packet").open("w+b") as out:
        tracemalloc.start()
        seal(
            (piece for _ in range(megabytes)),
            number=NUMBER,
            previous=bytes(32),
            signer=STATION,
            recipient=CENTRE.public,
            stamp=SteppedClock().stamp(),
            random=SeededRandomUnsafeForTests(1),
            out=out,
        )
        out.seek(0)
        inspect(out, STATION.public)
        out.seek(0)
        opened = unseal(out, [CENTRE], STATION.public)
        size = sum(len(part) for part in iter(lambda: opened.read(1 << 16), b""))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert size == megabytes << 20
    assert peak < 8 << 20
