"""Parcels: what the centre sends to one place, closed to all others, so that it may travel on any medium.

A COSE_Sign1 by the sender over ``{recipient, suite, salt, sealed}``; `sealed` is HPKE's single shot, bound
to kind, sender and salt.
"""

from typing import Any, Final

from rekam.packet.errors import ParcelAltered, ParcelForAnotherPlace, ParcelUnreadable
from rekam.trust import cbor
from rekam.trust.cose import EnvelopeUnreadable, SignedByAnother, WrongKind, sign1, verify1
from rekam.trust.keys import SignatureInvalid, SigningKey, VerifyKey
from rekam.trust.random import Random
from rekam.trust.sealing import OpeningKey, SealingKey, Unopenable

__all__ = ["open_parcel", "seal_parcel"]

_SALT_BYTES: Final = 16


def seal_parcel(payload: bytes, *, kind: str, recipient: SealingKey, signer: SigningKey, random: Random) -> bytes:
    """`payload`, said to be a `kind` (say, ``print-order``), sealed to `recipient` and signed by `signer`."""
    salt = random.bytes(_SALT_BYTES)
    fields = {
        "recipient": recipient.key_id,
        "suite": recipient.suite.label,
        "salt": salt,
        "sealed": recipient.seal(payload, _info(kind, signer.public, salt)),
    }
    return sign1(cbor.encode(fields), signer, kind=_signed_kind(kind))


def open_parcel(data: bytes, opening_key: OpeningKey, verify_key: VerifyKey, kind: str) -> bytes:
    """The payload. Raises ParcelUnreadable, ParcelForAnotherPlace or ParcelAltered."""
    try:
        fields: Any = cbor.decode(verify1(data, verify_key, kind=_signed_kind(kind)))
    except (EnvelopeUnreadable, cbor.CborUnreadable) as unreadable:
        raise ParcelUnreadable(**unreadable.facts) from None
    except WrongKind as wrong:
        raise ParcelUnreadable(reason=f"a {wrong.facts['found']} where a {kind} belongs") from None
    except (SignedByAnother, SignatureInvalid):
        raise ParcelAltered from None
    match fields:
        case {
            "recipient": bytes() as recipient,
            "suite": str() as suite,
            "salt": bytes() as salt,
            "sealed": bytes() as sealed,
            **rest,
        } if not rest:
            pass
        case _:
            raise ParcelUnreadable(reason="its fields")
    if recipient != opening_key.key_id or suite != opening_key.suite.label:
        raise ParcelForAnotherPlace(recipient=recipient.hex(), expected=opening_key.key_id.hex())
    try:
        return opening_key.open(sealed, _info(kind, verify_key, salt))
    except Unopenable:
        raise ParcelAltered from None


def _signed_kind(kind: str) -> str:
    return f"rekam/parcel/{kind}"


def _info(kind: str, sender: VerifyKey, salt: bytes) -> bytes:
    return cbor.encode(["rekam/parcel", kind, sender.key_id, salt])
