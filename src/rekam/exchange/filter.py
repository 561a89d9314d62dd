"""The offline check's snapshot: a signed list of shards, each a part of its own, that say of any NIK whether it was
recorded, by keyed hash, in 9 bits each, or in 18.

A shard holds one regency, by the NIK's first four digits. The same people give the same part, so a new edition brings
only the regencies in which somebody is new. Advisory: it never refuses a recording.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from rekam.enrolment.errors import RekamError
from rekam.exchange.fuse import STORED_AS, Bits, FuseFilter, Hashes, Shape
from rekam.exchange.parts import Part
from rekam.trust import cbor
from rekam.trust.at_rest import keyed_hash
from rekam.trust.cose import EnvelopeUnreadable, KeyLookup, SignedByAnother, WrongKind, sign1, verify1
from rekam.trust.keys import SignatureInvalid, SigningKey, VerifyKey

__all__ = [
    "HASH_BYTES",
    "FilterShard",
    "FilterUnreadable",
    "Snapshot",
    "build_snapshot",
    "filter_hash",
    "hash_in_filter",
    "open_signed",
    "open_snapshot",
    "shard_of",
]

HASH_BYTES: Final = 8
_SIGNED_AS: Final = "rekam/filter"


class FilterUnreadable(RekamError):
    """A part of the file for the offline check, {part}, cannot be used ({reason}). Recording goes on without the check.
    It is fetched again by itself; report it if it comes back.
    """


def shard_of(nik: str) -> str:
    """The NIK's first four digits: the regency or city that issued it."""
    return nik[:4]


def filter_hash(key: bytes, nik: str) -> int:
    """64 bits that stand for `nik` under the filter's `key`."""
    return hash_in_filter(keyed_hash(key, "filter", nik))


def hash_in_filter(check_hash: bytes) -> int:
    """The same for whom `check_hash`, 32 bytes, stands in the feed."""
    return int.from_bytes(check_hash[:HASH_BYTES], "big")


@dataclass(frozen=True)
class FilterShard:
    """One regency's filter: its shape and seed (`fuse`), and the part that holds its fingerprints."""

    shape: Shape
    seed: int
    part: Part


@dataclass(frozen=True)
class Snapshot:
    """Edition `edition` of the filter; `as_of`: the legal date up to which it knows what the centre knew."""

    edition: int
    as_of: date
    shards: Mapping[str, FilterShard]

    @property
    def people(self) -> int:
        """How many hashes it holds."""
        return sum(shard.shape.keys for shard in self.shards.values())


def build_snapshot(
    shards: Iterable[tuple[str, Hashes]],
    put: Callable[[bytes], str],
    *,
    edition: int,
    as_of: date,
    signer: SigningKey,
    bits: Bits = 8,
) -> Part:
    """Build the filters of `shards` (first four digits and hashes, uint64, one shard at a time), `put` each and then
    the signed list of them into a store of parts; the list is what a feed announces.

    `bits` of a fingerprint: 8 take one stranger in 256 for recorded, 16 one in 65,536, in twice the bytes.
    The same sets, edition, date and bits give the same bytes. Memory is a shard's, never the nation's.
    """
    listed: dict[str, dict[str, Any]] = {}
    for name, hashes in shards:
        built = FuseFilter.build(hashes, bits)
        data = built.fingerprints.tobytes()
        shape = built.shape
        listed[name] = {
            "shard": name,
            "keys": shape.keys,
            "segment_length": shape.segment_length,
            "segments": shape.segments,
            "bits": shape.bits,
            "seed": built.seed,
            "id": bytes.fromhex(put(data)),
        }
    fields = {"edition": edition, "as_of": as_of.isoformat(), "shards": [listed[name] for name in sorted(listed)]}
    signed = sign1(cbor.encode(fields), signer, kind=_SIGNED_AS)
    return Part(put(signed), len(signed))


def open_snapshot(data: bytes, verify: VerifyKey | KeyLookup) -> Snapshot:
    """The snapshot of a signed list. Raises `FilterUnreadable`: altered, cut short, or not signed by the centre."""
    fields = open_signed(data, verify, _SIGNED_AS)
    try:
        shards = dict(_shards(fields["shards"]))
        return Snapshot(int(fields["edition"]), date.fromisoformat(fields["as_of"]), shards)
    except (KeyError, TypeError, ValueError) as error:
        raise FilterUnreadable(part=hashlib.sha256(data).hexdigest(), reason="its fields") from error


def open_signed(data: bytes, verify: VerifyKey | KeyLookup, kind: str) -> Any:
    """The CBOR fields of one signed file of the check. Raises `FilterUnreadable`."""
    try:
        return cbor.decode(verify1(data, verify, kind=kind))
    except (EnvelopeUnreadable, WrongKind, SignedByAnother, SignatureInvalid, cbor.CborUnreadable) as error:
        raise FilterUnreadable(part=hashlib.sha256(data).hexdigest(), reason=str(error)) from error


def _shards(items: list[dict[str, Any]]) -> Iterator[tuple[str, FilterShard]]:
    for item in items:
        if item["bits"] not in STORED_AS:
            raise ValueError(item["bits"])
        shape = Shape(item["keys"], item["segment_length"], item["segments"], item["bits"])
        yield item["shard"], FilterShard(shape, item["seed"], Part(item["id"].hex(), shape.size))
