import hashlib
import io
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from packet_samples import CENTRE, HYBRID_CENTRE, NUMBER, OTHER_STATION, ROOT, STATION, chain, sealed

from rekam.enrolment.errors import RekamError
from rekam.enrolment.identifiers import PacketNumber
from rekam.packet import errors
from rekam.packet.frame import KIND, MAGIC, head_bytes
from rekam.packet.header import Header
from rekam.packet.inspect import inspect, inspect_whole
from rekam.packet.signer import station_key
from rekam.packet.unseal import unseal
from rekam.storage.hashed import Hashed
from rekam.trust import cbor
from rekam.trust.certificates import ChainBroken
from rekam.trust.cose import peek1, sign1
from rekam.trust.keys import SigningKey
from rekam.trust.sealing import OpeningKey
from rekam.trust.stream import ChunkAltered, ChunksMissing, ChunksReordered

CHUNK = 1024
SEALED = CHUNK + 16
DATA, SAID = sealed(bytes(range(250)) * 10, chunk_bytes=CHUNK)  # three chunks, the last shorter
BODY = len(DATA) - SAID.header.size
SMALL, _ = sealed(b"a small recording")
PREAMBLE = MAGIC + b"\x00\x01"


def inspected(data, key=STATION.public):
    """As a stream is inspected; a packet in memory must be judged in the very same words."""
    said = judged(lambda: inspect(io.BytesIO(data), key))
    assert judged(lambda: inspect_whole(Hashed.of(data), key)) == said
    return inspect(io.BytesIO(data), key)


def judged(inspection):
    try:
        return inspection()
    except RekamError as refused:
        return type(refused), str(refused)


def opened(data, keys=(CENTRE,), key=STATION.public):
    return unseal(io.BytesIO(data), keys, key).read()


def resigned(header, body, signer=STATION):
    """What somebody with a station's own key could send."""
    return head_bytes(header, signer) + body


@pytest.mark.parametrize("bit", [0x01, 0x40, 0xFF])
def test_any_changed_byte_is_found_with_and_without_the_opening_key(bit):
    for place in range(len(SMALL)):
        changed = bytearray(SMALL)
        changed[place] ^= bit
        with pytest.raises(errors.PacketError):
            inspected(bytes(changed))
        with pytest.raises((errors.PacketError, ChunkAltered)):
            opened(bytes(changed))


@pytest.mark.parametrize(
    ("place", "error"),
    [
        pytest.param(0, errors.NotAPacket, id="magic"),
        pytest.param(9, errors.UnknownPacketVersion, id="version"),
        pytest.param(BODY - 1, errors.PacketHeaderAltered, id="signature"),
        pytest.param(DATA.index(SAID.header.salt), errors.PacketHeaderAltered, id="salt"),
        pytest.param(DATA.index(b"317401-01"), errors.PacketHeaderAltered, id="station"),
        pytest.param(BODY, errors.CiphertextAltered, id="first byte of the content"),
        pytest.param(len(DATA) - 1, errors.CiphertextAltered, id="last byte of the content"),
    ],
)
def test_a_changed_byte_is_called_by_what_it_belongs_to(place, error):
    changed = bytearray(DATA)
    changed[place] ^= 0x01
    with pytest.raises(error):
        inspected(bytes(changed))


def test_where_the_packet_is_opened_a_changed_chunk_is_named():
    changed = bytearray(DATA)
    changed[BODY + SEALED] ^= 1
    with pytest.raises(ChunkAltered, match="chunk 1"):
        opened(bytes(changed))


def test_a_packet_cut_anywhere_is_called_truncated():
    for kept in range(len(SMALL)):
        with pytest.raises(errors.PacketTruncated):
            inspected(SMALL[:kept])
        with pytest.raises(errors.PacketTruncated):
            opened(SMALL[:kept])


def test_truncation_says_how_many_bytes_are_missing():
    with pytest.raises(errors.PacketTruncated, match="100 bytes are missing"):
        inspected(DATA[:-100])


def test_a_fault_is_told_again_at_every_further_reading_and_never_looks_like_the_end():
    changed = bytearray(DATA)
    changed[BODY + SEALED] ^= 1
    stream = unseal(io.BytesIO(bytes(changed)), [CENTRE], STATION.public)
    assert len(stream.read(CHUNK)) == CHUNK
    for _ in range(3):
        with pytest.raises(ChunkAltered):
            stream.read(CHUNK)


def test_bytes_after_the_end_are_called_so():
    for extra in (b"\x00", DATA):
        with pytest.raises(errors.TrailingBytes):
            inspected(DATA + extra)
        with pytest.raises(errors.TrailingBytes):
            opened(DATA + extra)


def test_chunks_that_change_places_are_called_reordered():
    first, second, rest = DATA[BODY : BODY + SEALED], DATA[BODY + SEALED : BODY + 2 * SEALED], DATA[BODY + 2 * SEALED :]
    swapped = DATA[:BODY] + second + first + rest
    with pytest.raises(ChunksReordered, match="chunk 1 in the place of chunk 0"):
        opened(swapped)
    with pytest.raises(errors.CiphertextAltered, match="reordered"):
        inspected(swapped)


def test_even_the_station_itself_cannot_cut_a_packet_at_a_chunks_edge():
    body = DATA[BODY : BODY + 2 * SEALED]
    header = replace(SAID.header, size=len(body), sha256=hashlib.sha256(body).digest())
    assert inspected(resigned(header, body)).size
    with pytest.raises(ChunksMissing):
        opened(resigned(header, body))


def test_another_stations_packet_is_called_so():
    with pytest.raises(errors.SealedByAnotherStation, match=STATION.key_id.hex()):
        inspected(DATA, OTHER_STATION.public)
    with pytest.raises(errors.SealedByAnotherStation):
        opened(DATA, key=OTHER_STATION.public)


def test_a_station_cannot_claim_to_be_another():
    forged = resigned(SAID.header, DATA[BODY:], OTHER_STATION)
    with pytest.raises(errors.PacketHeaderAltered):
        inspected(forged, OTHER_STATION.public)
    with pytest.raises(errors.PacketHeaderAltered):
        inspected(forged, lambda _: OTHER_STATION.public)


def test_a_wrong_centre_key_is_called_so_and_names_the_right_one():
    with pytest.raises(errors.SealedToAnotherCentre, match=CENTRE.key_id.hex()):
        opened(DATA, [OpeningKey.generate(), HYBRID_CENTRE])
    with pytest.raises(errors.SealedToAnotherCentre):
        opened(DATA, [])


@pytest.mark.parametrize("version", [0, 2, 65535])
def test_an_unknown_version_is_called_so(version):
    with pytest.raises(errors.UnknownPacketVersion, match=f"version {version}"):
        inspected(MAGIC + version.to_bytes(2, "big") + DATA[10:])


@pytest.mark.parametrize(
    "change",
    [
        {"number": PacketNumber(NUMBER.station, 1, 43)},
        {"previous": b"\x01" * 32},
        {"salt": bytes(16)},
        {"chunk_bytes": 2048},
    ],
    ids=["number", "chain", "salt", "chunk size"],
)
def test_content_cannot_be_moved_under_another_header_even_by_its_own_station(change):
    moved = resigned(replace(SAID.header, **change), DATA[BODY:])
    with pytest.raises(errors.PacketKeyUnusable):
        opened(moved)


def test_content_cannot_be_stolen_by_another_station():
    stolen = resigned(replace(SAID.header, signer=OTHER_STATION.key_id), DATA[BODY:], OTHER_STATION)
    with pytest.raises(errors.PacketKeyUnusable):
        opened(stolen, key=OTHER_STATION.public)


def test_a_packets_number_must_be_of_the_certified_station_and_epoch():
    inspected(DATA, station_key(chain("station", "317401-01", STATION), ROOT.public))
    for subject, epoch in [("317401-02", 1), ("317401-01", 2)]:
        with pytest.raises(errors.NumberOfAnotherStation, match=f"signed by {subject}, epoch {epoch}"):
            inspected(DATA, station_key(chain("station", subject, STATION, epoch=epoch), ROOT.public))


def test_only_a_stations_certificate_stands_for_a_packet():
    with pytest.raises(ChainBroken, match="certificate for 'operator'"):
        station_key(chain("operator", "siti", STATION), ROOT.public)


def header_map(**changes):
    return cbor.decode(SAID.header.to_bytes()) | changes


def signed_payload(payload):
    signed = sign1(payload, STATION, kind=KIND, external_aad=PREAMBLE)
    return PREAMBLE + len(signed).to_bytes(4, "big") + signed + DATA[BODY:]


@pytest.mark.parametrize(
    "change",
    [
        {"suite": "rot13"},
        {"station": "3174-1"},
        {"epoch": 0},
        {"sequence": -1},
        {"sequence": True},
        {"previous": b""},
        {"size": bytes(8)},
        {"size": b"\x10"},
        {"chunk": 0},
        {"chunk": 2**40},
        {"wall_ms": "today"},
        {"key": None},
        {"extra": 1},
    ],
    ids=str,
)
def test_a_signed_header_with_impossible_values_is_called_unreadable(change):
    with pytest.raises(errors.PacketHeaderUnreadable):
        inspected(signed_payload(cbor.encode(header_map(**change))))


def test_an_unknown_version_inside_the_signature_is_called_so():
    with pytest.raises(errors.UnknownPacketVersion):
        inspected(signed_payload(cbor.encode(header_map(version=2))))


def test_a_wrapped_key_of_any_other_bytes_is_called_unusable():
    for wrapped in (b"", bytes(87), SAID.header.wrapped_key[::-1]):
        with pytest.raises(errors.PacketKeyUnusable):
            opened(resigned(replace(SAID.header, wrapped_key=wrapped), DATA[BODY:]))


def test_something_else_that_the_station_signed_is_no_header():
    signed = sign1(SAID.header.to_bytes(), STATION, kind="rekam/attestation", external_aad=PREAMBLE)
    with pytest.raises(errors.PacketHeaderUnreadable, match="rekam/attestation"):
        inspected(PREAMBLE + len(signed).to_bytes(4, "big") + signed + DATA[BODY:])


any_value = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**64), 2**64 - 1) | st.binary(max_size=40) | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(header_map())), any_value, min_size=1))
def test_any_values_in_a_signed_header_raise_only_errors_of_the_family(changes):
    payload = cbor.encode(header_map(**changes))
    # a station may sign what it likes: an inspection passes what is possible, and repeats it as it was signed
    with suppress(RekamError):
        assert inspected(signed_payload(payload)).header.to_bytes() == payload
    # the content opens under the header it was sealed with, and no other
    with suppress(RekamError):
        opened(signed_payload(payload))
        assert header_map(**changes) == header_map()


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300), st.binary(max_size=50))
@example(b"\xd2\x84" + b"\x9b" + b"\xff" * 8, b"")
def test_any_bytes_as_a_header_raise_only_errors_of_the_family(signed, body):
    for data in (PREAMBLE + len(signed).to_bytes(4, "big") + signed + body, PREAMBLE + signed, signed):
        with pytest.raises(RekamError):
            inspected(data)
    with pytest.raises(RekamError):
        inspected(signed_payload(signed))


def test_a_header_reads_back_from_its_bytes():
    payload = peek1(DATA[14:BODY], kind=KIND).payload
    assert Header.from_bytes(payload) == SAID.header
    assert SigningKey(STATION.seed).public == STATION.public


def test_a_stream_that_gives_few_bytes_at_a_time_is_read_all_the_same():
    class Trickle(io.BytesIO):
        def read(self, size=-1, /):
            return super().read(min(size, 7) if size > 0 else size)

    assert inspect(Trickle(DATA), STATION.public).packet_id == SAID.packet_id
