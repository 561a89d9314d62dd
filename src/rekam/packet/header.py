"""The packet's header: who sealed what to whom, in which place of the chain (docs/packet-format.md)."""

import hashlib
from dataclasses import dataclass
from typing import Any, Final

from rekam.enrolment.identifiers import InvalidPacketNumber, InvalidStationId, PacketNumber, StationId
from rekam.packet.errors import PacketHeaderUnreadable, UnknownPacketVersion
from rekam.trust import cbor
from rekam.trust.clock import Stamp
from rekam.trust.sealing import Suite, UnknownSuite
from rekam.trust.stream import ciphertext_is_possible

__all__ = ["FIRST_PREVIOUS", "VERSION", "Header"]

VERSION: Final = 1
FIRST_PREVIOUS: Final = bytes(32)
SALT_BYTES: Final = 16
CHUNK_LIMITS: Final = range(1024, (1 << 20) + 1)
_TYPES: Final[dict[str, type]] = {
    **dict.fromkeys(("suite", "station"), str),
    **dict.fromkeys(("version", "epoch", "sequence", "chunk", "monotonic_ns", "wall_ms"), int),
    **dict.fromkeys(("previous", "size", "sha256", "salt", "recipient", "signer", "boot", "key"), bytes),
}
_LENGTHS: Final = {"previous": 32, "size": 8, "sha256": 32, "salt": 16, "recipient": 16, "signer": 16, "boot": 16}


@dataclass(frozen=True)
class Header:
    """What a packet says of itself, all of it signed.

    `previous`: SHA-256 of the station's packet before (32 zero bytes for the first of an epoch); `size` and
    `sha256`: of the ciphertext; `chunk_bytes`: plaintext bytes per chunk; `salt`: 16 random bytes for the
    public log; `recipient`, `signer`: key ids, 16 bytes; `stamp`: the station's clocks when it sealed, never
    used for order; `wrapped_key`: the content key as HPKE sealed it.
    """

    suite: Suite
    number: PacketNumber
    previous: bytes
    size: int
    sha256: bytes
    chunk_bytes: int
    salt: bytes
    recipient: bytes
    signer: bytes
    stamp: Stamp
    wrapped_key: bytes

    def context(self) -> bytes:
        """32 bytes that bind content and content key to this header: all of it but what sealing itself yields."""
        bound = self._map()
        for made_by_sealing in ("size", "sha256", "key"):
            del bound[made_by_sealing]
        return hashlib.sha256(b"rekam/packet\0" + cbor.encode(bound)).digest()

    def to_bytes(self) -> bytes:
        """The payload of the header's COSE_Sign1. Its length does not depend on `size` or `sha256`."""
        return cbor.encode(self._map())

    def _map(self) -> dict[str, Any]:
        return {
            "version": VERSION,
            "suite": self.suite.label,
            "station": str(self.number.station),
            "epoch": self.number.epoch,
            "sequence": self.number.sequence,
            "previous": self.previous,
            "size": self.size.to_bytes(8, "big"),
            "sha256": self.sha256,
            "chunk": self.chunk_bytes,
            "salt": self.salt,
            "recipient": self.recipient,
            "signer": self.signer,
            "boot": self.stamp.boot_id,
            "monotonic_ns": self.stamp.monotonic_ns,
            "wall_ms": self.stamp.wall_ms,
            "key": self.wrapped_key,
        }

    @classmethod
    def from_bytes(cls, payload: bytes) -> "Header":
        """Read `to_bytes`, strictly. Raises PacketHeaderUnreadable or UnknownPacketVersion."""
        try:
            fields: Any = cbor.decode(payload)
        except cbor.CborUnreadable as unreadable:
            raise PacketHeaderUnreadable(**unreadable.facts) from None
        _check_types(fields)
        try:
            number = PacketNumber(StationId(fields["station"]), fields["epoch"], fields["sequence"])
            header = cls(
                suite=Suite.parse(fields["suite"]),
                number=number,
                previous=fields["previous"],
                size=int.from_bytes(fields["size"], "big"),
                sha256=fields["sha256"],
                chunk_bytes=fields["chunk"],
                salt=fields["salt"],
                recipient=fields["recipient"],
                signer=fields["signer"],
                stamp=Stamp(fields["boot"], fields["monotonic_ns"], fields["wall_ms"]),
                wrapped_key=fields["key"],
            )
        except (InvalidStationId, InvalidPacketNumber, UnknownSuite) as wrong:
            raise PacketHeaderUnreadable(reason=str(wrong)) from None
        _check_values(header)
        return header


def _check_types(fields: Any) -> None:
    if not isinstance(fields, dict):
        raise PacketHeaderUnreadable(reason="its fields")
    if fields.get("version") != VERSION or isinstance(fields["version"], bool):
        raise UnknownPacketVersion(version=fields.get("version"))
    if fields.keys() != _TYPES.keys():
        raise PacketHeaderUnreadable(reason="its fields")
    for name, kind in _TYPES.items():
        if type(fields[name]) is not kind:
            raise PacketHeaderUnreadable(reason=name)
    for name, length in _LENGTHS.items():
        if len(fields[name]) != length:
            raise PacketHeaderUnreadable(reason=name)


def _check_values(header: Header) -> None:
    if header.chunk_bytes not in CHUNK_LIMITS:
        raise PacketHeaderUnreadable(reason="chunk")
    if not ciphertext_is_possible(header.size, header.chunk_bytes):
        raise PacketHeaderUnreadable(reason="size")
