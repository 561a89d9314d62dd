import hashlib
import io
import json
from pathlib import Path

import pytest
from packet_vectors import build_packet, build_parcel, unhex

from rekam.packet.inspect import inspect
from rekam.packet.parcel import open_parcel
from rekam.packet.unseal import unseal
from rekam.trust.keys import SigningKey
from rekam.trust.sealing import OpeningKey

FOLDER = Path(__file__).parents[2] / "vectors" / "packet"
VECTORS = json.loads((FOLDER / "vectors.json").read_text(encoding="utf-8"))
packets = pytest.mark.parametrize("vector", VECTORS["packets"], ids=lambda vector: vector["file"])
parcels = pytest.mark.parametrize("vector", VECTORS["parcels"], ids=lambda vector: vector["file"])


def read(vector):
    return (FOLDER / vector["file"]).read_bytes()


def keys(vector):
    return OpeningKey.from_bytes(unhex(vector, "opening_key")), SigningKey(unhex(vector, "signing_key")).public


@packets
def test_a_published_packet_still_opens_and_says_the_same(vector):
    opening, station = keys(vector)
    found = inspect(io.BytesIO(read(vector)), station)
    header = found.header
    assert found.packet_id == vector["packet_id"] == hashlib.sha256(read(vector)).hexdigest()
    assert (str(header.number), header.suite.label, header.chunk_bytes) == (
        vector["number"],
        vector["suite"],
        vector["chunk"],
    )
    assert (header.context().hex(), header.wrapped_key.hex()) == (vector["context"], vector["hpke"])
    assert opening.open(header.wrapped_key, header.context()) == unhex(vector, "content_key")
    assert unseal(io.BytesIO(read(vector)), [opening], station).read() == unhex(vector, "content")


@packets
def test_the_same_inputs_still_give_the_same_packet(vector):
    assert build_packet(vector) == read(vector)


@parcels
def test_a_published_parcel_still_opens_and_is_still_made_the_same(vector):
    assert open_parcel(read(vector), *keys(vector), vector["kind"]) == unhex(vector, "content")
    assert build_parcel(vector) == read(vector)


def test_every_file_of_the_folder_is_a_described_vector():
    described = {vector["file"] for vector in VECTORS["packets"] + VECTORS["parcels"]}
    assert {path.name for path in FOLDER.iterdir()} == described | {"vectors.json"}
