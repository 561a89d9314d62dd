"""Builds each packet vector from its published inputs.

HPKE draws its own randomness, so what it gave once is taken from the vector; all else must come out again.
"""

import io
from dataclasses import dataclass, field

from rekam.enrolment.identifiers import PacketNumber
from rekam.packet.parcel import seal_parcel
from rekam.packet.seal import seal
from rekam.trust.clock import Stamp
from rekam.trust.keys import SigningKey
from rekam.trust.sealing import OpeningKey, SealingKey


@dataclass(frozen=True)
class RecordedSealingKey(SealingKey):
    """Gives what sealing gave when the vector was made."""

    recorded: bytes = b""

    def seal(self, plaintext, info):
        return self.recorded


@dataclass
class RecordedRandom:
    """Gives the recorded draws, in their order."""

    draws: list[bytes] = field(default_factory=list)

    def bytes(self, count):
        draw = self.draws.pop(0)
        assert len(draw) == count
        return draw


def unhex(vector, name):
    return bytes.fromhex(vector[name])


def recipient(vector):
    """The recipient's public key, replaying the recorded encapsulation where there is one."""
    public = OpeningKey.from_bytes(unhex(vector, "opening_key")).public
    recorded = unhex(vector, "hpke")
    return RecordedSealingKey(public.suite, public.raw, recorded) if recorded else public


def build_packet(vector):
    """The packet's bytes."""
    key, out = unhex(vector, "content_key"), io.BytesIO()
    seal(
        [unhex(vector, "content")],
        number=PacketNumber.parse(vector["number"]),
        previous=unhex(vector, "previous"),
        signer=SigningKey(unhex(vector, "signing_key")),
        recipient=recipient(vector),
        stamp=Stamp(unhex(vector, "boot"), vector["monotonic_ns"], vector["wall_ms"]),
        random=RecordedRandom([key[:32], key[32:], unhex(vector, "salt")]),
        out=out,
        chunk_bytes=vector["chunk"],
    )
    return out.getvalue()


def build_parcel(vector):
    """The parcel's bytes."""
    return seal_parcel(
        unhex(vector, "content"),
        kind=vector["kind"],
        recipient=recipient(vector),
        signer=SigningKey(unhex(vector, "signing_key")),
        random=RecordedRandom([unhex(vector, "salt")]),
    )
