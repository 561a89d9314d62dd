"""The signed list of a bundle's contents: `Manifest` (docs/courier-format.md)."""

from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any, Final, Literal

from rekam.exchange.courier.errors import BundleUnreadable, UnknownBundleVersion
from rekam.exchange.inbox import CertificateChain
from rekam.trust import cbor

__all__ = ["ANY", "MAX_ITEMS", "VERSION", "Item", "Manifest", "Purpose"]

VERSION: Final = 1
MAX_ITEMS: Final = 20_000
ANY: Final = "any"
TRIP_BYTES: Final = 16
_MAX_NOTE: Final = 200

Purpose = Literal["out", "back"]


@dataclass(frozen=True)
class Item:
    """One content: `sha256` in hex, `offset` from the first content byte, `station` an index of chains or -1."""

    kind: str
    sha256: str
    offset: int
    size: int
    note: str = ""
    station: int = -1

    @property
    def end(self) -> int:
        """Where the next item begins."""
        return self.offset + self.size


@dataclass(frozen=True)
class Manifest:
    """What a bundle says of itself. `trip`: 16 bytes; `cursor`: the sender's place in the feed; `at_ms`: shown only."""

    purpose: Purpose
    trip: bytes
    part: int
    sender: str
    to: str
    chain: CertificateChain
    cursor: int
    at_ms: int
    stations: tuple[CertificateChain, ...]
    items: tuple[Item, ...]

    @property
    def contents(self) -> int:
        """Bytes of all contents together."""
        return self.items[-1].end if self.items else 0

    @property
    def name(self) -> str:
        """What the file is called; the name decides nothing."""
        whose, ending = (self.sender, "rekam") if self.purpose == "out" else (self.to, "kembali.rekam")
        return f"{whose}-{self.trip.hex()[:8]}-{self.part}.{ending}"

    def packed(self) -> "Manifest":
        """The same with each item beginning where the one before ends."""
        starts = accumulate((item.size for item in self.items), initial=0)
        items = (replace(item, offset=start) for item, start in zip(self.items, starts, strict=False))
        return replace(self, items=tuple(items))

    def to_bytes(self) -> bytes:
        """The payload that the writer signs."""
        return cbor.encode(
            {
                "version": VERSION,
                "purpose": self.purpose,
                "trip": self.trip,
                "part": self.part,
                "sender": self.sender,
                "to": self.to,
                "chain": list(self.chain),
                "cursor": self.cursor,
                "at_ms": self.at_ms,
                "stations": [list(chain) for chain in self.stations],
                "items": [
                    [item.kind, bytes.fromhex(item.sha256), item.offset, item.size, item.note, item.station]
                    for item in self.items
                ],
            }
        )

    @classmethod
    def from_bytes(cls, payload: bytes, path: object) -> "Manifest":
        """Read `to_bytes`, strictly; `path` names the file in errors. Raises BundleUnreadable, UnknownBundleVersion."""
        try:
            fields: Any = cbor.decode(payload)
        except cbor.CborUnreadable as unreadable:
            raise BundleUnreadable(path=path, **unreadable.facts) from None
        if isinstance(fields, dict) and (type(fields.get("version")), fields.get("version")) != (int, VERSION):
            raise UnknownBundleVersion(path=path, version=fields.get("version"))
        match fields:
            case {
                "version": int(),
                "purpose": "out" | "back" as purpose,
                "trip": bytes() as trip,
                "part": int() as part,
                "sender": str() as sender,
                "to": str() as to,
                "chain": list() as chain,
                "cursor": int() as cursor,
                "at_ms": int() as at_ms,
                "stations": list() as stations,
                "items": list() as items,
                **rest,
            } if not rest and len(trip) == TRIP_BYTES and part >= 1 and cursor >= 0 and len(items) <= MAX_ITEMS:
                chains = tuple(_chain(each, path) for each in stations)
                listed = tuple(_item(each, path) for each in items)
                manifest = cls(purpose, trip, part, sender, to, _chain(chain, path), cursor, at_ms, chains, listed)
            case _:
                raise BundleUnreadable(path=path, reason="its fields")
        _check(manifest, path)
        return manifest


def _chain(chain: Any, path: object) -> CertificateChain:
    if not isinstance(chain, list) or not all(isinstance(each, bytes) for each in chain):
        raise BundleUnreadable(path=path, reason="its certificates")
    return tuple(chain)


def _item(item: Any, path: object) -> Item:
    match item:
        case [str() as kind, bytes() as sha256, int() as offset, int() as size, str() as note, int() as station] if (
            len(sha256) == 32 and offset >= 0 and size >= 0 and len(note) <= _MAX_NOTE and not _is_bool(item)
        ):
            return Item(kind, sha256.hex(), offset, size, note, station)
        case _:
            raise BundleUnreadable(path=path, reason="an item")


def _is_bool(item: list[Any]) -> bool:
    return any(isinstance(each, bool) for each in item)


def _check(manifest: Manifest, path: object) -> None:
    if manifest.packed().items != manifest.items:
        raise BundleUnreadable(path=path, reason="its offsets")
    if len({item.sha256 for item in manifest.items}) != len(manifest.items):
        raise BundleUnreadable(path=path, reason="an item twice")
    if any(not -1 <= item.station < len(manifest.stations) for item in manifest.items):
        raise BundleUnreadable(path=path, reason="a station")
    if any((item.kind == "packet") != (item.station >= 0) for item in manifest.items):
        raise BundleUnreadable(path=path, reason="a station")
