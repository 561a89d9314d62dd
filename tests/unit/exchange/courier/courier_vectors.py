"""Makes the courier's test vectors: `python courier_vectors.py` writes tests/vectors/courier anew (never do so lightly).

The packets are those of tests/vectors/packet; keys are counted bytes, published, and protect nothing.
"""

import json
from dataclasses import replace
from pathlib import Path

from rekam.exchange.courier.frame import head_bytes, trailer_bytes
from rekam.exchange.courier.manifest import Item, Manifest
from rekam.exchange.courier.writing import of_bytes
from rekam.exchange.feed import Batch, Entry, office_feed, seal_batch
from rekam.trust import cbor, receipts
from rekam.trust.certificates import Certificate, chain_to_bytes, issue
from rekam.trust.keys import SigningKey
from rekam.trust.random import SeededRandomUnsafeForTests

VECTORS = Path(__file__).parents[3] / "vectors"
FOLDER = VECTORS / "courier"
AT_MS = 1_475_456_400_000
STATION = SigningKey(bytes(range(32)))  # that of tests/vectors/packet
CENTRE, OFFICE, STRANGER = (SigningKey(bytes(range(start, start + 32))) for start in (32, 64, 96))
_SERIALS = SeededRandomUnsafeForTests("courier vectors")


def _issued(certificate: Certificate, key: SigningKey, by: Certificate | None = None) -> bytes:
    return issue(certificate, key, by=by, random=_SERIALS)


_OFFICE = Certificate("office", "3174", "Sudin Dukcapil Jakarta Selatan", OFFICE.public)
OFFICE_CHAIN = (_issued(_OFFICE, CENTRE),)
_STATION = Certificate("station", "317401-01", "Tebet 01", STATION.public)
STATION_CHAIN = (_issued(_STATION, OFFICE, _OFFICE), *OFFICE_CHAIN)
_FOREIGN = (_issued(_OFFICE, STRANGER),)
FOREIGN_CHAIN = (_issued(_STATION, OFFICE, _OFFICE), *_FOREIGN)


def _packets() -> list[tuple[Item, bytes]]:
    described = json.loads((VECTORS / "packet" / "vectors.json").read_text("utf-8"))["packets"]
    made = []
    for each in described[:3]:
        data = (VECTORS / "packet" / each["file"]).read_bytes()
        made.append((Item("packet", each["packet_id"], 0, len(data), each["number"], 0), data))
    return made


def _file(manifest: Manifest, contents: list[bytes], signer: SigningKey) -> bytes:
    head = head_bytes(manifest.packed(), signer)
    return head + b"".join(contents) + trailer_bytes(head, manifest.contents or sum(map(len, contents)))


def _manifest(**changes: object) -> Manifest:
    made = Manifest("out", bytes(16), 1, "317401-01", "3174", STATION_CHAIN, 7, AT_MS, (STATION_CHAIN,), ())
    return replace(made, **changes)


def _answer() -> bytes:
    item, _data = _packets()[0]
    said = receipts.Receipt("custody", item.sha256, item.note, item.size, "3174", AT_MS)
    batch = Batch(office_feed("3174"), AT_MS, (Entry(8, "notice", b"\xa0"),))
    contents = [
        of_bytes("receipts", cbor.encode([receipts.issue(said, OFFICE)]), "1"),
        of_bytes("batch", seal_batch(batch, CENTRE), "8-8"),
    ]
    manifest = _manifest(
        purpose="back", sender="3174", to="317401-01", chain=OFFICE_CHAIN, cursor=0, stations=(),
        items=tuple(content.item for content in contents),
    )  # fmt: skip
    return _file(manifest.packed(), [b"".join(content.chunks(0)) for content in contents], OFFICE)


def files() -> dict[str, bytes]:
    """Every vector's file."""
    packets = _packets()
    manifest = _manifest(items=tuple(item for item, _ in packets)).packed()
    out = _file(manifest, [data for _, data in packets], STATION)
    head = len(head_bytes(manifest, STATION))
    flipped = bytearray(out)
    flipped[head + manifest.items[1].offset + 400] ^= 1
    altered = bytearray(out)
    altered[out.index(b"317401-01/1/")] ^= 1
    return {
        "out.rekam": out,
        "nothing-waits.rekam": _file(_manifest(stations=()), [], STATION),
        "answer.kembali.rekam": _answer(),
        "torn-in-second-packet.rekam": out[: head + manifest.items[1].offset + 100],
        "torn-in-manifest.rekam": out[:200],
        "flipped-in-second-packet.rekam": bytes(flipped),
        "altered-manifest.rekam": bytes(altered),
        "foreign.rekam": _file(_manifest(chain=FOREIGN_CHAIN, stations=()), [], STATION),
        "newer-version.rekam": out[:8] + b"\x00\x02" + out[10:],
        "more.rekam": out + b"more",
        "empty.rekam": b"",
    }


def described() -> dict[str, object]:
    """What `vectors.json` says of them."""
    taken = {"out.rekam": 3, "nothing-waits.rekam": 0, "torn-in-second-packet.rekam": 1,
             "flipped-in-second-packet.rekam": 2, "more.rekam": 3}  # fmt: skip
    endings = {"torn-in-second-packet.rekam": "torn", "more.rekam": "more"}
    refused = {
        "answer.kembali.rekam": "AnswerInstead",
        "torn-in-manifest.rekam": "BundleTorn",
        "altered-manifest.rekam": "BundleAltered",
        "foreign.rekam": "ForeignBundle",
        "newer-version.rekam": "UnknownBundleVersion",
        "empty.rekam": "BundleEmpty",
    }
    return {
        "about": "Courier vectors, as office 3174 reads them; the format: docs/courier-format.md. Bytes in hex. "
        "The keys are published and protect nothing.",
        "root": CENTRE.to_bytes().hex(),
        "office": OFFICE.to_bytes().hex(),
        "station": STATION.to_bytes().hex(),
        "station_chain": chain_to_bytes(STATION_CHAIN).hex(),
        "files": [
            {"file": name, "bytes": len(data)}
            | ({"refused": refused[name]} if name in refused else {})
            | ({"taken": taken[name], "ending": endings.get(name, "whole")} if name in taken else {})
            for name, data in files().items()
        ],
    }


if __name__ == "__main__":
    for name, data in files().items():
        (FOLDER / name).write_bytes(data)
    (FOLDER / "vectors.json").write_text(json.dumps(described(), indent=1) + "\n", "utf-8")
