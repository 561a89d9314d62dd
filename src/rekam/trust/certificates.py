"""Certificates: who a key belongs to, said by its issuer in a COSE_Sign1 (ADR 0003).

The centre's root signs offices, the portal and the centre's own working keys; an office signs its
stations, its staff and its document keys. Nothing expires by date, because clocks in the field are years
off: a station installed anew gets the next `epoch`, and what must end is revoked through the feed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

from rekam.enrolment.errors import RekamError
from rekam.trust import cbor
from rekam.trust.cose import EnvelopeUnreadable, SignedByAnother, WrongKind, peek1, sign1
from rekam.trust.keys import KeyUnreadable, SignatureInvalid, SigningKey, VerifyKey
from rekam.trust.random import Random, SystemRandom
from rekam.trust.sealing import SealingKey, SealingKeyUnreadable

__all__ = [
    "Certificate",
    "CertificateForbidden",
    "CertificateUnreadable",
    "ChainBroken",
    "chain_from_bytes",
    "chain_to_bytes",
    "issue",
    "verify_chain",
]

KIND: Final = "rekam/certificate"
BY_ROOT: Final = frozenset({"office", "centre", "portal"})
BY_OFFICE: Final = frozenset({"station", "operator", "supervisor", "document"})
_IN_THE_REGENCY: Final = frozenset({"station", "document"})
_MAX_CHAIN: Final = 3


class CertificateUnreadable(RekamError):
    """The certificate cannot be read ({reason}). Nothing was taken over.
    Ask the office that issued it to send it again.
    """


class CertificateForbidden(RekamError):
    """{issuer} must not certify {kind} '{subject}'. Nothing was taken over.
    The centre certifies offices; an office certifies the stations of its own regency, its staff and its document keys.
    """


class ChainBroken(RekamError):
    """The certificates do not lead to the centre ({reason}). Nothing was taken over.
    Ask the office to certify this place again, and report it if the office has not changed anything.
    """


@dataclass(frozen=True)
class Certificate:
    """A key and its owner.

    `subject`: the id (``3174``, ``317401-01``, an operator's id); `name`: for people to read; `epoch`: from 1,
    one more whenever the subject is installed anew; `sealing`: what to seal to when writing to the subject;
    `issuer_key_id` (16 bytes) and `serial` (8 bytes) are filled in by `issue`.
    """

    kind: str
    subject: str
    name: str
    signing: VerifyKey
    sealing: SealingKey | None = None
    epoch: int = 1
    issuer_key_id: bytes = b""
    serial: bytes = b""

    def to_bytes(self) -> bytes:
        """The payload that the issuer signs."""
        return cbor.encode(
            {
                "kind": self.kind,
                "subject": self.subject,
                "name": self.name,
                "signing": self.signing.to_bytes(),
                "sealing": self.sealing.to_bytes() if self.sealing else None,
                "epoch": self.epoch,
                "issuer": self.issuer_key_id,
                "serial": self.serial,
            }
        )


def issue(
    certificate: Certificate, key: SigningKey, *, by: Certificate | None = None, random: Random | None = None
) -> bytes:
    """Sign `certificate` with the issuer's `key`; `by` is the issuer's own certificate, None for the centre's root.

    Raises CertificateForbidden where the issuer may not certify this kind or subject.
    """
    _check_right(certificate, by)
    if by is not None and by.signing.key_id != key.key_id:
        raise CertificateForbidden(issuer=by.subject, kind=certificate.kind, subject=certificate.subject)
    serial = certificate.serial or (random or SystemRandom()).bytes(8)
    return sign1(replace(certificate, issuer_key_id=key.key_id, serial=serial).to_bytes(), key, kind=KIND)


def verify_chain(chain: Sequence[bytes], root: VerifyKey) -> tuple[Certificate, ...]:
    """The certificates of `chain` (leaf first), each signed by the next and the last by `root`.

    Raises ChainBroken, CertificateForbidden or CertificateUnreadable. The same chain again costs a look-up: a chain
    holds for ever, and whether its key was withdrawn is asked elsewhere.
    """
    return _verified(tuple(chain), root)


@lru_cache(maxsize=4096)
def _verified(chain: tuple[bytes, ...], root: VerifyKey) -> tuple[Certificate, ...]:
    if not 1 <= len(chain) <= _MAX_CHAIN:
        raise ChainBroken(reason=f"{len(chain)} certificates")
    found: list[Certificate] = []
    issuer: Certificate | None = None
    for data in reversed(chain):
        certificate = _verify_one(data, issuer.signing if issuer else root)
        _check_right(certificate, issuer)
        found.insert(0, certificate)
        issuer = certificate
    return tuple(found)


def chain_to_bytes(chain: Iterable[bytes]) -> bytes:
    """One CBOR array, leaf first: how a chain travels."""
    return cbor.encode(list(chain))


@lru_cache(maxsize=4096)
def chain_from_bytes(data: bytes) -> tuple[bytes, ...]:
    """Read `chain_to_bytes`; the certificates in it are not verified. Raises CertificateUnreadable."""
    try:
        chain = cbor.decode(data)
    except cbor.CborUnreadable as unreadable:
        raise CertificateUnreadable(**unreadable.facts) from None
    if not isinstance(chain, list) or not all(isinstance(item, bytes) for item in chain):
        raise CertificateUnreadable(reason="not a chain")
    return tuple(chain)


def _verify_one(data: bytes, issuer: VerifyKey) -> Certificate:
    try:
        parts = peek1(data, kind=KIND)
        certificate = _read(parts.verify(issuer))
    except (EnvelopeUnreadable, WrongKind) as unreadable:
        raise CertificateUnreadable(reason=str(unreadable.facts.get("reason", "not a certificate"))) from None
    except (SignedByAnother, SignatureInvalid):
        raise ChainBroken(reason="a certificate is not signed by the one above it") from None
    if certificate.issuer_key_id != issuer.key_id:
        raise ChainBroken(reason="a certificate names another issuer")
    return certificate


def _check_right(certificate: Certificate, issuer: Certificate | None) -> None:
    if issuer is None:
        allowed = certificate.kind in BY_ROOT
    else:
        allowed = issuer.kind == "office" and certificate.kind in BY_OFFICE
        if certificate.kind in _IN_THE_REGENCY:
            allowed = allowed and certificate.subject.startswith(issuer.subject)
    if not allowed:
        name = issuer.subject if issuer else "The centre's root"
        raise CertificateForbidden(issuer=name, kind=certificate.kind, subject=certificate.subject)


def _read(payload: bytes) -> Certificate:
    try:
        fields: Any = cbor.decode(payload)
    except cbor.CborUnreadable as unreadable:
        raise CertificateUnreadable(**unreadable.facts) from None
    match fields:
        case {
            "kind": str() as kind,
            "subject": str() as subject,
            "name": str() as name,
            "signing": bytes() as signing,
            "sealing": bytes() | None as sealing,
            "epoch": int() as epoch,
            "issuer": bytes() as issuer,
            "serial": bytes() as serial,
            **rest,
        } if not rest and epoch >= 1:
            try:
                to = SealingKey.from_bytes(sealing) if sealing is not None else None
                return Certificate(kind, subject, name, VerifyKey(signing), to, epoch, issuer, serial)
            except (KeyUnreadable, SealingKeyUnreadable):
                raise CertificateUnreadable(reason="its key") from None
        case _:
            raise CertificateUnreadable(reason="its fields")
