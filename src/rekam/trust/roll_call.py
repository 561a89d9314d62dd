"""Roll calls: one signed answer to "which of these packets do you hold?", for thousands of packets at once.

A place names the packets that it gave a receipt for; the centre adds where each stands in the public log, under one
checkpoint. A packet's id is the digest of its bytes, so the answer is as much of a promise as the receipts are, in one
signature and some nine bytes a packet. docs/packet-format.md, "Roll call".
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from rekam.enrolment.errors import RekamError
from rekam.trust import cbor
from rekam.trust.cose import EnvelopeUnreadable, KeyLookup, WrongKind, sign1, verify1
from rekam.trust.keys import SigningKey, VerifyKey

__all__ = ["ID_BYTES", "RollCall", "RollCallUnreadable", "ids_from_bytes", "ids_to_bytes", "issue", "verify"]

KIND: Final = "rekam/roll-call"
ID_BYTES: Final = 32
_POSITION_BYTES: Final = 8


class RollCallUnreadable(RekamError):
    """The answer to a roll call cannot be read, or belongs to another question ({reason}). Nothing was taken over and
    every packet stays kept here. Sending goes on by itself; report it if it comes back.
    """


@dataclass(frozen=True)
class RollCall:
    """What a place says of the packets it was asked for.

    `kind`: what its receipts are; `place`: its id; `at_ms`: that place's time, milliseconds since 1970 UTC; `held`:
    the packets it gave a receipt for, in the order they were asked, each with its position in the public log (None
    where the place keeps no log); `checkpoint`: the log's signed note, longer than every position named.
    """

    kind: Literal["custody", "acceptance"]
    place: str
    at_ms: int
    held: Mapping[str, int | None]
    checkpoint: str | None = None


def ids_to_bytes(packet_ids: Sequence[str]) -> bytes:
    """How ids travel: 32 bytes each, one after the other."""
    return bytes.fromhex("".join(packet_ids))


def ids_from_bytes(data: bytes) -> list[str]:
    """Read `ids_to_bytes`. Raises RollCallUnreadable."""
    if len(data) % ID_BYTES:
        raise RollCallUnreadable(reason="an id is 32 bytes")
    text, width = data.hex(), 2 * ID_BYTES
    return [text[start : start + width] for start in range(0, len(text), width)]


def issue(roll: RollCall, asked: Sequence[str], key: SigningKey) -> bytes:
    """The answer to `asked`, signed by the place that holds the packets."""
    answer: dict[str, Any] = {
        "kind": roll.kind,
        "place": roll.place,
        "at_ms": roll.at_ms,
        "asked": hashlib.sha256(ids_to_bytes(asked)).digest(),
        "held": _bits([packet_id in roll.held for packet_id in asked]),
    }
    if roll.checkpoint is not None:
        places = [roll.held[packet_id] for packet_id in asked if packet_id in roll.held]
        answer["positions"] = b"".join((place or 0).to_bytes(_POSITION_BYTES, "big") for place in places)
        answer["checkpoint"] = roll.checkpoint
    return sign1(cbor.encode(answer), key, kind=KIND)


def verify(data: bytes, asked: Sequence[str], key: VerifyKey | KeyLookup) -> RollCall:
    """The answer, if `key` signed it and it answers `asked`.

    Raises RollCallUnreadable, SignedByAnother, SignatureInvalid.
    """
    try:
        fields = cbor.decode(verify1(data, key, kind=KIND))
    except (EnvelopeUnreadable, WrongKind, cbor.CborUnreadable) as unreadable:
        raise RollCallUnreadable(reason=str(unreadable.facts.get("reason", "another kind"))) from None
    match fields:
        case {
            "kind": "custody" | "acceptance" as kind,
            "place": str() as place,
            "at_ms": int() as at_ms,
            "asked": bytes() as digest,
            "held": bytes() as bits,
            **rest,
        }:
            if digest != hashlib.sha256(ids_to_bytes(asked)).digest():
                raise RollCallUnreadable(reason="it answers another question")
            held = _marked(asked, bits)
            match rest:
                case {} if not rest:
                    return RollCall(kind, place, at_ms, dict.fromkeys(held))
                case {"positions": bytes() as packed, "checkpoint": str() as checkpoint, **more} if not more:
                    return RollCall(
                        kind, place, at_ms, dict(zip(held, _positions(packed, len(held)), strict=True)), checkpoint
                    )
    raise RollCallUnreadable(reason="its fields")


def _bits(marks: Sequence[bool]) -> bytes:
    """One bit each, the first in the highest bit of the first byte; the last byte ends in zeros."""
    text = "".join("1" if mark else "0" for mark in marks)
    return int(text.ljust(-(-len(text) // 8) * 8, "0") or "0", 2).to_bytes(-(-len(text) // 8), "big")


def _marked(asked: Sequence[str], bits: bytes) -> list[str]:
    text = "".join(f"{each:08b}" for each in bits)
    if len(bits) != -(-len(asked) // 8) or "1" in text[len(asked) :]:
        raise RollCallUnreadable(reason="its marks")
    return [packet_id for packet_id, mark in zip(asked, text, strict=False) if mark == "1"]


def _positions(packed: bytes, count: int) -> list[int]:
    if len(packed) != count * _POSITION_BYTES:
        raise RollCallUnreadable(reason="its positions")
    return [
        int.from_bytes(packed[start : start + _POSITION_BYTES], "big")
        for start in range(0, len(packed), _POSITION_BYTES)
    ]
