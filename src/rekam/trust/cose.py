"""COSE_Sign1 (RFC 9052 section 4.2, EdDSA of RFC 9053 section 2.2): how everything in Rekam is signed.

The protected header holds the algorithm (1), the kind of the payload as content type (3) and the signer's
key id (4); the unprotected header is empty. A signature for one kind is therefore never valid for another.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from cbor2 import CBORTag

from rekam.enrolment.errors import RekamError
from rekam.trust import cbor
from rekam.trust.keys import SigningKey, VerifyKey

__all__ = ["EnvelopeUnreadable", "KeyLookup", "Parts", "SignedByAnother", "WrongKind", "peek1", "sign1", "verify1"]

SIGN1_TAG: Final = 18
EDDSA: Final = -8
_ALG, _CONTENT_TYPE, _KID = 1, 3, 4

KeyLookup = Callable[[bytes], VerifyKey]


class EnvelopeUnreadable(RekamError):
    """The signed data cannot be read ({reason}). Nothing was taken over.
    Fetch it again from where it came; if it stays unreadable, keep it and report it.
    """


class WrongKind(RekamError):
    """The data is a signed '{found}' where a '{expected}' belongs. Nothing was taken over. Choose the right file."""


class SignedByAnother(RekamError):
    """The data was signed by key {found}, not by {expected} as it should be. Nothing was taken over.
    Check from which place it came.
    """


@dataclass(frozen=True)
class Parts:
    """A COSE_Sign1 taken apart and not yet verified. `key_id`: 16 bytes; `signature`: 64 bytes."""

    kind: str
    key_id: bytes
    protected: bytes
    payload: bytes
    signature: bytes

    def verify(self, key: VerifyKey, external_aad: bytes = b"") -> bytes:
        """The payload, if `key` signed it. Raises SignedByAnother or SignatureInvalid."""
        if key.key_id != self.key_id:
            raise SignedByAnother(found=self.key_id.hex(), expected=key.key_id.hex())
        key.verify(self.signature, _to_be_signed(self.protected, external_aad, self.payload))
        return self.payload


def sign1(payload: bytes, key: SigningKey, *, kind: str, external_aad: bytes = b"") -> bytes:
    """A tagged COSE_Sign1 over `payload`, said to be a `kind`, bound to `external_aad`."""
    protected = _protection(kind, key.key_id)
    signature = key.sign(_to_be_signed(protected, external_aad, payload))
    return cbor.encode(CBORTag(SIGN1_TAG, [protected, {}, payload, signature]))


@lru_cache(maxsize=1024)  # a place signs a few kinds with its one key
def _protection(kind: str, key_id: bytes) -> bytes:
    return cbor.encode({_ALG: EDDSA, _CONTENT_TYPE: kind, _KID: key_id})


def verify1(data: bytes, key: VerifyKey | KeyLookup, *, kind: str, external_aad: bytes = b"") -> bytes:
    """The payload of `data`, signed as `kind` by `key` (or by the key that the lookup gives for the key id).

    Raises EnvelopeUnreadable, WrongKind, SignedByAnother, SignatureInvalid, or what the lookup raises.
    """
    parts = peek1(data, kind=kind)
    return parts.verify(key if isinstance(key, VerifyKey) else key(parts.key_id), external_aad)


def peek1(data: bytes, *, kind: str) -> Parts:
    """Take `data` apart without verifying: to learn which key to ask for. Raises EnvelopeUnreadable, WrongKind."""
    try:
        envelope = cbor.decode(data, tags=frozenset({SIGN1_TAG}))
    except cbor.CborUnreadable as unreadable:
        raise EnvelopeUnreadable(**unreadable.facts) from None
    match envelope:
        case CBORTag(tag=18, value=[bytes() as protected, {**unprotected}, bytes() as payload, bytes() as signature]):
            if unprotected or len(signature) != 64:
                raise EnvelopeUnreadable(reason="not a signature of ours")
        case _:
            raise EnvelopeUnreadable(reason="not a COSE_Sign1")
    found, key_id = _protected(protected)
    if found != kind:
        raise WrongKind(found=found, expected=kind)
    return Parts(kind, key_id, protected, payload, signature)


@lru_cache(maxsize=4096)  # one of a few for each key
def _protected(protected: bytes) -> tuple[str, bytes]:
    try:
        header: Any = cbor.decode(protected)
    except cbor.CborUnreadable as unreadable:
        raise EnvelopeUnreadable(**unreadable.facts) from None
    match header:
        case {1: -8, 3: str() as kind, 4: bytes() as key_id, **rest} if not rest and len(key_id) == 16:
            return kind, key_id
        case _:
            raise EnvelopeUnreadable(reason="not a signature of ours")


def _to_be_signed(protected: bytes, external_aad: bytes, payload: bytes) -> bytes:
    return cbor.encode(["Signature1", protected, external_aad, payload])
