"""A station asks its office to certify an operator's new key, and the office's answer (docs/operator-key-format.md).

The key is made at the station and signs the request, a supervisor of the station signs around it: so nobody can ask for
a key that they do not hold, nor for an operator without a supervisor; for a new supervisor an operator may sign. The
office answers for this one request and for no other, by its SHA-256. Both are small enough for a QR code and travel on
any medium; nothing in them is secret.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from rekam.enrolment.errors import RekamError
from rekam.enrolment.identifiers import StationId
from rekam.trust import cbor
from rekam.trust.certificates import Certificate, verify_chain
from rekam.trust.cose import peek1, sign1, verify1
from rekam.trust.keys import SigningKey, VerifyKey

__all__ = [
    "KeyAnswer",
    "KeyAnswerUnreadable",
    "KeyRequest",
    "KeyRequestUnproved",
    "SignedKeyRequest",
    "digest_of",
    "read_key_request",
    "sign_key_request",
]

VERSION: Final = 1
KEY_KIND: Final = "rekam/operator-key"
REQUEST_KIND: Final = "rekam/operator-key-request"
ANSWER_KIND: Final = "rekam/operator-key-answer"
LONGEST_NAME: Final = 80
_LIMIT_BYTES: Final = 4096
_KEY_ID: Final = 16
_DIGEST: Final = 32
Why = Literal["new", "forgotten", "appointed"]
Role = Literal["operator", "supervisor"]
Outcome = Literal["issued", "refused", "withdrawn"]


class KeyRequestUnproved(RekamError):
    """The request for an operator's new key cannot be used ({reason}). Nothing was changed at the office. Copy all of
    it from the station's screen or file once more; if it is refused again, have the station make a new request.
    """


class KeyAnswerUnreadable(RekamError):
    """The office's answer about an operator's new key cannot be used ({reason}). Nothing was changed at this station.
    Copy all of it from the office's page or file once more; if it is refused again, telephone the office.
    """


@dataclass(frozen=True)
class KeyRequest:
    """Who is to be certified at which installation: `subject` with `name` and `role`; `key` is the new one. `why`:
    ``new`` at this office, a PIN was ``forgotten``, or an operator was ``appointed`` supervisor; in these two `ends` is
    the key id (16 bytes) of the old key, else empty.
    """

    station: str
    epoch: int
    subject: str
    name: str
    role: Role
    why: Why
    key: VerifyKey
    ends: bytes = b""

    def to_bytes(self) -> bytes:
        """Deterministic CBOR: what the new key signs."""
        return cbor.encode(
            {
                "version": VERSION,
                "station": self.station,
                "epoch": self.epoch,
                "subject": self.subject,
                "name": self.name,
                "role": self.role,
                "why": self.why,
                "key": self.key.to_bytes(),
                "ends": self.ends,
            }
        )


@dataclass(frozen=True)
class SignedKeyRequest:
    """A request whose signatures hold; `asked_by` is who asked, certified by this office: the kind is the role."""

    request: KeyRequest
    asked_by: Certificate
    digest: bytes


def digest_of(data: bytes) -> bytes:
    """32 bytes that name a signed request."""
    return hashlib.sha256(data).digest()


def sign_key_request(
    request: KeyRequest, key: SigningKey, by: SigningKey, certificate: bytes, role: str = "supervisor"
) -> bytes:
    """`key` is the new one, `certificate` that of who asks in `role`: the office knows the rest of the chain."""
    inner = sign1(request.to_bytes(), key, kind=KEY_KIND)
    return sign1(cbor.encode({"request": inner, role: certificate}), by, kind=REQUEST_KIND)


def read_key_request(data: bytes, office: Sequence[bytes], root: VerifyKey) -> SignedKeyRequest:
    """The request, if the new key and a supervisor (for a supervisor's key: or an operator) whom the office with the
    chain `office` certified signed it. Whether they work at that station is the office's to know. Raises
    `KeyRequestUnproved`.
    """
    if len(data) > _LIMIT_BYTES:
        raise KeyRequestUnproved(reason="it is too long")
    try:
        outer = peek1(data, kind=REQUEST_KIND)
        inner, leaf, role = _outer(cbor.decode(outer.payload))
        by = verify_chain((leaf, *office), root)[0]
        outer.verify(by.signing)
        parts = peek1(inner, kind=KEY_KIND)
        request = _request(cbor.decode(parts.payload))
        parts.verify(request.key)
    except KeyRequestUnproved:
        raise
    except RekamError as error:
        raise KeyRequestUnproved(reason=error.code) from None
    if by.kind != role or (role == "operator" and request.role != "supervisor"):
        raise KeyRequestUnproved(reason=f"signed by {by.kind} {by.subject}")
    return SignedKeyRequest(request, by, digest_of(data))


@dataclass(frozen=True)
class KeyAnswer:
    """The office's word on the request with the SHA-256 `request`: `certificate` where it is ``issued``, a `reason` in
    words where it is ``refused``.
    """

    request: bytes
    station: str
    epoch: int
    outcome: Outcome
    certificate: bytes = b""
    reason: str = ""

    def signed(self, key: SigningKey) -> bytes:
        """By the office."""
        fields = {
            "version": VERSION,
            "request": self.request,
            "station": self.station,
            "epoch": self.epoch,
            "outcome": self.outcome,
            "certificate": self.certificate,
            "reason": self.reason,
        }
        return sign1(cbor.encode(fields), key, kind=ANSWER_KIND)

    @classmethod
    def read(cls, data: bytes, office: VerifyKey) -> "KeyAnswer":
        """Raises `KeyAnswerUnreadable` for anything that the office did not sign as an answer."""
        if len(data) > _LIMIT_BYTES:
            raise KeyAnswerUnreadable(reason="it is too long")
        try:
            return _answer(cbor.decode(verify1(data, office, kind=ANSWER_KIND)))
        except KeyAnswerUnreadable:
            raise
        except RekamError as error:
            raise KeyAnswerUnreadable(reason=error.code) from None


def _outer(fields: Any) -> tuple[bytes, bytes, Role]:
    match fields:
        case {"request": bytes() as inner, "supervisor": bytes() as leaf, **rest} if not rest:
            return inner, leaf, "supervisor"
        case {"request": bytes() as inner, "operator": bytes() as leaf, **rest} if not rest:
            return inner, leaf, "operator"
    raise KeyRequestUnproved(reason="its fields")


def _request(fields: Any) -> KeyRequest:
    match fields:
        case {
            "version": 1,
            "station": str() as station,
            "epoch": int() as epoch,
            "subject": str() as subject,
            "name": str() as name,
            "role": "operator" | "supervisor" as role,
            "why": "new" | "forgotten" | "appointed" as why,
            "key": bytes() as key,
            "ends": bytes() as ends,
            **rest,
        } if not rest and epoch >= 1 and subject and name.strip() == name and 0 < len(name) <= LONGEST_NAME:
            StationId(station)
            if len(ends) == (0 if why == "new" else _KEY_ID) and (why != "appointed" or role == "supervisor"):
                return KeyRequest(station, epoch, subject, name, role, why, VerifyKey.from_bytes(key), ends)
    raise KeyRequestUnproved(reason="its fields")


def _answer(fields: Any) -> KeyAnswer:
    match fields:
        case {
            "version": 1,
            "request": bytes() as request,
            "station": str() as station,
            "epoch": int() as epoch,
            "outcome": "issued" | "refused" | "withdrawn" as outcome,
            "certificate": bytes() as certificate,
            "reason": str() as reason,
            **rest,
        } if not rest and len(request) == _DIGEST and (outcome == "issued") == bool(certificate):
            return KeyAnswer(request, station, epoch, outcome, certificate, reason)
    raise KeyAnswerUnreadable(reason="its fields")
