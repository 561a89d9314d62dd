"""Receipts: the signed word of a place that it holds a packet durably.

A *custody* receipt comes from the office (a backup exists), an *acceptance* receipt from the centre (the
packet may be purged elsewhere). A place issues one receipt per packet and repeats those bytes for ever.
"""

from dataclasses import dataclass
from typing import Final, Literal

from rekam.enrolment.errors import RekamError
from rekam.trust import cbor
from rekam.trust.cose import EnvelopeUnreadable, KeyLookup, WrongKind, sign1, verify1
from rekam.trust.keys import SigningKey, VerifyKey

__all__ = ["Receipt", "ReceiptUnreadable", "issue", "verify"]

KIND: Final = "rekam/receipt"


class ReceiptUnreadable(RekamError):
    """The receipt cannot be read ({reason}). The packet stays kept here.
    Sending goes on by itself; report it if it comes back.
    """


@dataclass(frozen=True)
class Receipt:
    """What is confirmed.

    `packet_id`: 64 hex digits; `number`: ``317401-01/1/000042``; `size`: bytes of the sealed packet;
    `place`: id of the place that holds it; `at_ms`: that place's time, milliseconds since 1970 UTC; `log`: in an
    acceptance, the proof that the packet stands in the public log (`trust.log.proof`).
    """

    kind: Literal["custody", "acceptance"]
    packet_id: str
    number: str
    size: int
    place: str
    at_ms: int
    log: str | None = None


def issue(receipt: Receipt, key: SigningKey) -> bytes:
    """The receipt, signed by the place that holds the packet."""
    said = {name: value for name, value in vars(receipt).items() if value is not None}
    return sign1(cbor.encode(said), key, kind=KIND)


def verify(data: bytes, key: VerifyKey | KeyLookup) -> Receipt:
    """The receipt, if `key` signed it. Raises ReceiptUnreadable, SignedByAnother, SignatureInvalid."""
    try:
        fields = cbor.decode(verify1(data, key, kind=KIND))
    except (EnvelopeUnreadable, WrongKind, cbor.CborUnreadable) as unreadable:
        raise ReceiptUnreadable(reason=str(unreadable.facts.get("reason", "another kind"))) from None
    match fields:
        case {
            "kind": "custody" | "acceptance" as kind,
            "packet_id": str() as packet_id,
            "number": str() as number,
            "size": int() as size,
            "place": str() as place,
            "at_ms": int() as at_ms,
            **rest,
        } if rest.keys() <= {"log"}:
            log = rest.get("log")
            if log is None or isinstance(log, str):
                return Receipt(kind, packet_id, number, size, place, at_ms, log)
            raise ReceiptUnreadable(reason="its place in the log")
        case _:
            raise ReceiptUnreadable(reason="its fields")
