"""A station's signed word to its office that somebody's key signs nothing more, and after which recording: `KeyEnd`.

A COSE_Sign1 of kind ``rekam/key-end`` by the station's key over a CBOR map of the fields below, with the station's own
certificate and the one that ended: it proves itself by whatever way it comes (docs/operator-key-format.md). The cut is
a place in the station's chain of packets, never a time (docs/adr/0051).
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from rekam.enrolment.errors import RekamError
from rekam.trust import cbor
from rekam.trust.certificates import Certificate, verify_chain
from rekam.trust.cose import peek1, sign1
from rekam.trust.keys import SigningKey, VerifyKey

__all__ = ["KEY_END", "EndWhy", "KeyEnd", "KeyEndUnproved", "SignedKeyEnd", "read_key_end", "sign_key_end"]

KEY_END: Final = "key-end"
"""Kind of an item on a stick."""
_SIGNED_AS: Final = "rekam/key-end"
_VERSION: Final = 1
_LIMIT_BYTES: Final = 4096
_ID: Final = 32
EndWhy = Literal["replaced", "left"]


class KeyEndUnproved(RekamError):
    """A station's word that an operator's key ended is not proved ({reason}). Nothing was changed. The station says it
    again by itself; report it if it is refused again.
    """


@dataclass(frozen=True)
class KeyEnd:
    """The key with the certificate `ended` (leaf, as issued) signs no recording of the station after `after`, whose
    packet id is `head` (32 bytes; empty where `after` is 0). `why`: a new key took its place (``replaced``) or its
    owner ``left``.
    """

    station: str
    epoch: int
    ended: bytes
    why: EndWhy
    after: int
    head: bytes


@dataclass(frozen=True)
class SignedKeyEnd:
    """A word whose signatures hold; `whose` is the certificate that ended, `by` the station's."""

    end: KeyEnd
    whose: Certificate
    by: Certificate
    digest: str


def sign_key_end(end: KeyEnd, key: SigningKey, certificate: bytes) -> bytes:
    """`certificate` is the station's own; the reader adds the office's."""
    fields = {
        "version": _VERSION,
        "station": end.station,
        "epoch": end.epoch,
        "ended": end.ended,
        "why": end.why,
        "after": end.after,
        "head": end.head,
        "by": certificate,
    }
    return sign1(cbor.encode(fields), key, kind=_SIGNED_AS)


def read_key_end(data: bytes, office: Sequence[bytes], root: VerifyKey) -> SignedKeyEnd:
    """The word, if the station that it names signed it and the office with the chain `office` certified both keys.
    Raises `KeyEndUnproved`.
    """
    if len(data) > _LIMIT_BYTES:
        raise KeyEndUnproved(reason="it is too long")
    try:
        parts = peek1(data, kind=_SIGNED_AS)
        end, certificate = _end(cbor.decode(parts.payload))
        by = verify_chain((certificate, *office), root)[0]
        parts.verify(by.signing)
        whose = verify_chain((end.ended, *office), root)[0]
    except KeyEndUnproved:
        raise
    except RekamError as error:
        raise KeyEndUnproved(reason=error.code) from None
    if (by.kind, by.subject, by.epoch) != ("station", end.station, end.epoch):
        raise KeyEndUnproved(reason=f"signed by {by.kind} {by.subject}")
    if whose.kind not in {"operator", "supervisor"}:
        raise KeyEndUnproved(reason=f"about the key of a {whose.kind}")
    return SignedKeyEnd(end, whose, by, hashlib.sha256(data).hexdigest())


def _end(fields: Any) -> tuple[KeyEnd, bytes]:
    match fields:
        case {
            "version": 1,
            "station": str() as station,
            "epoch": int() as epoch,
            "ended": bytes() as ended,
            "why": "replaced" | "left" as why,
            "after": int() as after,
            "head": bytes() as head,
            "by": bytes() as certificate,
            **rest,
        } if not rest and epoch > 0 and after >= 0 and len(head) == (_ID if after else 0):
            return KeyEnd(station, epoch, ended, why, after, head), certificate
    raise KeyEndUnproved(reason="its fields")
