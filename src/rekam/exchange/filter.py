"""The offline check: one signed file that says of any NIK whether it was recorded, by keyed hash, in 9 bits each.

Layout: magic 10 bytes | header length 4 bytes | header, a COSE_Sign1 | the shards' fingerprints, end to end.
The signed header names each shard's place and SHA-256, so opening 230 MB costs one signature and each shard is
proved when it is first asked. Advisory: it never refuses a recording.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np

from rekam.enrolment.errors import RekamError
from rekam.exchange.fuse import Fingerprints, FuseFilter, Hashes, Shape
from rekam.storage.disk import Disk, RealDisk, full_disk_told
from rekam.trust import cbor
from rekam.trust.at_rest import keyed_hash
from rekam.trust.cose import EnvelopeUnreadable, KeyLookup, SignedByAnother, WrongKind, sign1, verify1
from rekam.trust.keys import SignatureInvalid, SigningKey, VerifyKey

__all__ = ["FilterFile", "FilterOlder", "FilterUnreadable", "filter_hash", "shard_of", "write_filter"]

MAGIC: Final = b"\x89REKAMF\r\n\x01"
_SIGNED_AS: Final = "rekam/filter"
_MAX_HEADER: Final = 1 << 20


class FilterUnreadable(RekamError):
    """The file for the offline check, {path}, cannot be used ({reason}). Recording goes on without the check.
    It is fetched again by itself; report it if it comes back.
    """


class FilterOlder(RekamError):
    """The file for the offline check is edition {found}, and edition {current} is here already. The newer one stays.
    Nothing is to be done.
    """


def shard_of(nik: str) -> str:
    """The NIK's first four digits: the regency or city that issued it."""
    return nik[:4]


def filter_hash(key: bytes, nik: str) -> int:
    """64 bits that stand for `nik` under the filter's `key`."""
    return int.from_bytes(keyed_hash(key, "filter", nik)[:8], "big")


@dataclass(frozen=True)
class _Shard:
    shape: Shape
    seed: int
    offset: int
    sha256: bytes


def write_filter(
    path: Path,
    shards: Mapping[str, Hashes],
    *,
    edition: int,
    as_of: date,
    signer: SigningKey,
    disk: Disk | None = None,
) -> None:
    """Build and write the filter of `shards` (first four digits -> hashes, uint64), durably and all at once.

    `edition` grows with each snapshot; `as_of` is the legal date of the newest recording in it. The same sets give
    the same bytes.
    """
    disk = disk or RealDisk()
    filters = {name: FuseFilter.build(hashes) for name, hashes in sorted(shards.items())}
    header = sign1(cbor.encode(_header(filters, edition, as_of)), signer, kind=_SIGNED_AS)
    unfinished = path.with_name(path.name + ".new")
    if disk.size(unfinished) is not None:
        disk.unlink(unfinished)
    disk.make_folder(path.parent)
    with full_disk_told(path), disk.open_append(unfinished) as out:
        out.write(MAGIC + len(header).to_bytes(4, "big") + header)
        for built in filters.values():
            out.write(built.fingerprints.tobytes())
        out.fsync()
    disk.rename(unfinished, path)
    disk.fsync_folder(path.parent)


def _header(filters: Mapping[str, FuseFilter], edition: int, as_of: date) -> dict[str, Any]:
    shards, offset = [], 0
    for name, built in filters.items():
        data = built.fingerprints.tobytes()
        shards.append(
            {
                "shard": name,
                "keys": built.shape.keys,
                "segment_length": built.shape.segment_length,
                "segments": built.shape.segments,
                "seed": built.seed,
                "offset": offset,
                "sha256": hashlib.sha256(data).digest(),
            }
        )
        offset += len(data)
    return {"edition": edition, "as_of": as_of.isoformat(), "size": offset, "shards": shards}


class FilterFile:
    """A filter on disk, opened and its signature verified; its shards are mapped into memory, not read.

    `edition` and `as_of` are the snapshot's; `people` is how many hashes it holds.
    """

    def __init__(self, path: Path, verify: VerifyKey | KeyLookup) -> None:
        """Raises `FilterUnreadable`: not a filter, another version, altered, cut short, or not signed by the centre."""
        self._path = path
        self._filters: dict[str, FuseFilter] = {}
        try:
            with path.open("rb") as file:
                if file.read(len(MAGIC)) != MAGIC:
                    raise self._unreadable("it is not a filter of this version")
                length = min(int.from_bytes(file.read(4), "big"), _MAX_HEADER)
                signed = file.read(length)
        except FileNotFoundError:
            raise self._unreadable("it is not there") from None
        try:
            fields: Any = cbor.decode(verify1(signed, verify, kind=_SIGNED_AS))
        except (EnvelopeUnreadable, WrongKind, SignedByAnother, SignatureInvalid, cbor.CborUnreadable) as error:
            raise self._unreadable(str(error)) from error
        self._start = len(MAGIC) + 4 + length
        self.edition = int(fields["edition"])
        self.as_of = date.fromisoformat(fields["as_of"])
        self._shards = dict(_read_shards(fields["shards"]))
        self.people = sum(shard.shape.keys for shard in self._shards.values())
        if path.stat().st_size != self._start + int(fields["size"]):
            raise self._unreadable("it was cut short or bytes were added")

    def contains(self, nik_hash: int, shard: str) -> bool:
        """False only if nobody with that hash and those first four digits was in the snapshot.

        True of one stranger in 256. Raises `FilterUnreadable` when the shard's bytes are damaged: a damaged filter
        gives no answer, never a "no".
        """
        if shard not in self._shards:
            return False
        return self._filter(shard).contains(nik_hash)

    def check_newer_than(self, current: "FilterFile | None") -> None:
        """Raise `FilterOlder` unless this edition may replace `current`."""
        if current is not None and self.edition <= current.edition:
            raise FilterOlder(found=self.edition, current=current.edition)

    def _filter(self, name: str) -> FuseFilter:
        if name not in self._filters:
            shard = self._shards[name]
            mapped = np.memmap(self._path, np.uint8, "r", self._start + shard.offset, (shard.shape.size,))
            data: Fingerprints = np.asarray(mapped)
            if hashlib.sha256(data.data).digest() != shard.sha256:
                raise self._unreadable(f"part {name} is damaged")
            self._filters[name] = FuseFilter(shard.shape, shard.seed, data)
        return self._filters[name]

    def _unreadable(self, reason: str) -> FilterUnreadable:
        return FilterUnreadable(path=self._path, reason=reason)


def _read_shards(items: list[dict[str, Any]]) -> Iterator[tuple[str, _Shard]]:
    for item in items:
        shape = Shape(item["keys"], item["segment_length"], item["segments"])
        yield item["shard"], _Shard(shape, item["seed"], item["offset"], item["sha256"])
