"""The published bytes of feed, parts and offline check (docs/feed-format.md) are read as they always were, and made anew
they come out the same: Ed25519 is deterministic, and so is everything under it.

To publish them anew after a change of format: `python tests/unit/exchange/test_feed_vectors.py`.
"""

import hashlib
import io
import json
from datetime import date
from pathlib import Path

import numpy as np

from rekam.exchange.announced import Announced
from rekam.exchange.feed import Batch, Entry, EntryKind, open_batch, seal_batch
from rekam.exchange.filter import build_snapshot, filter_hash, open_snapshot, shard_of
from rekam.exchange.filter_delta import FilterDelta, open_delta, seal_delta
from rekam.exchange.filter_file import ShardFile
from rekam.exchange.parts import Part
from rekam.trust.keys import SigningKey

FILE = Path(__file__).parents[2] / "vectors" / "feed" / "vectors.json"
CENTRE, CHECK_KEY = SigningKey(bytes(range(32))), bytes(range(32, 64))
RECORDED = ["3174015703900001", "3174014508850002", "3273010101900001"]
LATER = ["3273011212990003"]


def made() -> dict[str, object]:
    """Everything on the page, made of keys and NIKs."""
    parts: dict[str, bytes] = {}

    def put(data: bytes) -> str:
        name = hashlib.sha256(data).hexdigest()
        parts[name] = data
        return name

    hashes = {nik: filter_hash(CHECK_KEY, nik) for nik in (*RECORDED, *LATER)}
    shards = sorted({shard_of(nik) for nik in RECORDED})
    by_shard = [
        (name, np.array([hashes[nik] for nik in RECORDED if shard_of(nik) == name], np.uint64)) for name in shards
    ]
    listed = build_snapshot(by_shard, put, edition=1, as_of=date(2016, 10, 3), signer=CENTRE)
    delta = seal_delta(FilterDelta(1, 1, date(2016, 10, 4), np.array([hashes[LATER[0]]], np.uint64)), CENTRE)
    announced = [Announced("filter", 1, listed), Announced("filter/1", 1, Part(put(delta), len(delta)))]
    entries = tuple(Entry(n, EntryKind.ANNOUNCED, row.to_body()) for n, row in enumerate(announced, 1))
    return {
        "signing key": CENTRE.to_bytes().hex(),
        "verify key": CENTRE.public.to_bytes().hex(),
        "check key": CHECK_KEY.hex(),
        "hashes": {nik: f"{value:016x}" for nik, value in hashes.items()},
        "list": listed.id,
        "delta": announced[1].part.id,
        "parts": {name: data.hex() for name, data in parts.items()},
        "bodies": [entry.body.hex() for entry in entries],
        "batch": seal_batch(Batch("office/3174", 1_475_470_800_000, entries), CENTRE).hex(),
    }


def test_what_is_published_comes_out_byte_for_byte():
    assert made() == json.loads(FILE.read_text("utf-8"))


def test_what_is_published_is_read_and_finds_everybody():
    held = json.loads(FILE.read_text("utf-8"))
    parts = {name: bytes.fromhex(data) for name, data in held["parts"].items()}
    batch = open_batch(bytes.fromhex(held["batch"]), CENTRE.public)
    snapshot_row, delta_row = (Announced.from_entry(entry) for entry in batch.entries)
    snapshot = open_snapshot(parts[snapshot_row.part.id], CENTRE.public)
    for nik in RECORDED:
        shard = snapshot.shards[shard_of(nik)]
        assert ShardFile.verified(shard, lambda data=parts[shard.part.id]: io.BytesIO(data)).contains(
            int(held["hashes"][nik], 16)
        )
    delta = open_delta(parts[delta_row.part.id], CENTRE.public, edition=1, n=1)
    assert delta.hashes.tolist() == [int(held["hashes"][LATER[0]], 16)]
    assert {name: hashlib.sha256(data).hexdigest() for name, data in parts.items()} == {name: name for name in parts}


if __name__ == "__main__":
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(json.dumps(made(), indent=1) + "\n", "utf-8")
