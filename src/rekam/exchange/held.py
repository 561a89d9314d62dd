"""What the centre holds of an office's stations, for an office that lost it: `Held`, and the port `HeldSource`."""

from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol, Self

from rekam.trust.certificates import chain_from_bytes, chain_to_bytes

__all__ = ["MOST_LIVES", "Held", "HeldSource"]

MOST_LIVES: Final = 40_000
"""Numbers of lives lie below: four thousand rebuildings, after which numbers of letters would not fit a column."""


@dataclass(frozen=True)
class Held:
    """A packet as the centre took it in. `arrival`: its place in the order of arrival there, from 1 on; `size` in
    bytes; `chain`: the certificates that it came with; `receipt`: the acceptance that the centre gave.
    """

    arrival: int
    packet_id: str
    number: str
    size: int
    chain: tuple[bytes, ...]
    receipt: bytes

    def to_fields(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "arrival": self.arrival,
            "packet_id": self.packet_id,
            "number": self.number,
            "size": self.size,
            "chain": b64encode(chain_to_bytes(self.chain)).decode(),
            "receipt": b64encode(self.receipt).decode(),
        }

    @classmethod
    def from_fields(cls, fields: Mapping[str, Any]) -> Self:
        """Read `to_fields`."""
        return cls(
            int(fields["arrival"]),
            str(fields["packet_id"]),
            str(fields["number"]),
            int(fields["size"]),
            chain_from_bytes(b64decode(fields["chain"])),
            b64decode(fields["receipt"]),
        )


class HeldSource(Protocol):
    """The centre, as an office asks it for its own packets."""

    def after(self, arrival: int) -> Sequence[Held]:
        """The next of them in the order of arrival, those behind `arrival`; none at the end."""
        ...

    def piece(self, packet_id: str, offset: int) -> bytes:
        """Some bytes of a packet from `offset` on. Raises `BlobMissing` where it is not this office's."""
        ...

    def life(self, least: int) -> int:
        """The number of the life that this office's server begins: `least`, a full ten, or the next full ten that none
        of its servers had. Asked again, another.
        """
        ...
