"""The signed code of every paper: `sign`, `Claims`; a CWT (RFC 8392) that carries Claim 169 where it names a person.

Text = Base45(zlib(18(COSE_Sign1))), as Claim 169 v1.2.2 section 3.2.1 has it, but without the CWT tag 61: it is
optional (RFC 8392 section 6), and a decoder in the field refuses it (ADR 0005). We read both.
CWT claims: 1 issuer URI, 2 the paper's number, 4 expiry, 6 issued at, 7 the packet's id (proofs), 169 identity
(suket and card), and three private ones: -70001 the `PaperKind`, -70002 the signer's certificate, -70003 the
packet's salt (proofs). ADR 0005.
"""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from rekam.documents import base45
from rekam.documents.papers import PaperKind
from rekam.enrolment.biodata import Biodata
from rekam.trust import cbor
from rekam.trust.cose import sign1
from rekam.trust.keys import SigningKey

__all__ = ["COSE_KIND", "CWT_TAG", "Claims", "DocumentKey", "day_after", "identity", "sign", "start_of"]

COSE_KIND = "application/cwt"
CWT_TAG = b"\xd8\x3d"  # CBOR tag 61
ISSUER, SUBJECT, EXPIRY, ISSUED_AT, TOKEN_ID, IDENTITY = 1, 2, 4, 6, 7, 169
PAPER, CERTIFICATE, SALT = -70001, -70002, -70003
# Claim 169 knows unmarried, married and divorced; widowed (4) has no value there and is left out
_MARITAL = {1: 1, 2: 2, 3: 3}


@dataclass(frozen=True)
class DocumentKey:
    """What signs papers. The certificate (the office's word on this key) travels in the code, so that a
    verifier needs no more than the offices' certificates; leave it out where verifiers hold the key's chain.
    """

    signing: SigningKey
    certificate: bytes | None = None


@dataclass(frozen=True)
class Claims:
    """What a code says. Moments are aware, to the second; `packet_id` (hex) and `salt` are a proof's."""

    paper: PaperKind
    number: str
    issuer: str
    issued_at: datetime
    expires_at: datetime | None = None
    identity: Mapping[int, Any] = field(default_factory=dict)
    packet_id: str = ""
    salt: bytes = b""


def start_of(day: date) -> datetime:
    """Midnight UTC at the start of `day`."""
    return datetime.combine(day, time(), UTC)


def day_after(day: date) -> datetime:
    """The moment at which a paper valid until `day` has expired everywhere in Indonesia."""
    return start_of(day + timedelta(days=1))


def identity(biodata: Biodata) -> dict[int, Any]:
    """The Claim 169 map of `biodata` (v1.2.2 section 3.1); it holds no biometrics."""
    claims = {
        1: str(biodata.nik),
        2: "1",
        3: "ind",
        4: biodata.name,
        8: f"{biodata.birth_date:%Y%m%d}",
        9: int(biodata.sex),
        10: f"{biodata.address}\nRT {biodata.rt}/RW {biodata.rw}",
        14: _MARITAL.get(biodata.marital_status),
        21: biodata.village,
        23: "IDN",
    }
    if biodata.itap_until is None:
        claims[13] = "IDN"
    return {key: value for key, value in claims.items() if value is not None}


def sign(claims: Claims, key: DocumentKey) -> str:
    """The text for the QR code; the same claims and key give the same text."""
    values: dict[int, Any] = {
        ISSUER: claims.issuer,
        SUBJECT: claims.number,
        EXPIRY: int(claims.expires_at.timestamp()) if claims.expires_at else None,
        ISSUED_AT: int(claims.issued_at.timestamp()),
        TOKEN_ID: bytes.fromhex(claims.packet_id) or None,
        IDENTITY: dict(claims.identity) or None,
        PAPER: str(claims.paper),
        CERTIFICATE: key.certificate,
        SALT: claims.salt or None,
    }
    payload = cbor.encode({claim: value for claim, value in values.items() if value is not None})
    return base45.encode(zlib.compress(sign1(payload, key.signing, kind=COSE_KIND), 9))
