"""Checking a paper by its code, offline: `verify_qr`."""

import zlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from rekam.documents import base45
from rekam.documents.code import (
    CERTIFICATE,
    COSE_KIND,
    CWT_TAG,
    EXPIRY,
    IDENTITY,
    ISSUED_AT,
    ISSUER,
    SALT,
    SUBJECT,
    TOKEN_ID,
    Claims,
)
from rekam.documents.papers import PaperKind
from rekam.documents.signers import Signers
from rekam.documents.withdrawals import KeyWithdrawal, PaperStanding, Withdrawals, standing
from rekam.enrolment.errors import RekamError
from rekam.enrolment.zones import WIB
from rekam.trust import cbor
from rekam.trust.certificates import Certificate
from rekam.trust.cose import EnvelopeUnreadable, Parts, WrongKind, peek1
from rekam.trust.keys import SignatureInvalid

__all__ = [
    "CodeAltered",
    "CodeUnreadable",
    "KeyWithdrawn",
    "PaperExpired",
    "Verified",
    "WhenUnproved",
    "said_in",
    "verify_qr",
]

_NOTHING_WITHDRAWN = Withdrawals()

_MAX_BYTES = 16 * 1024  # a QR code holds 4,296 characters; what unpacks to more is no paper


class CodeUnreadable(RekamError):
    """The code is not that of a Rekam paper, or is damaged ({reason}). Nothing can be said of the paper.
    Scan it again, straight and in good light; if it stays unreadable, ask the office that issued it.
    """


class CodeAltered(RekamError):
    """The code was changed after it was signed. Do not accept the paper; keep it and report it."""


class PaperExpired(RekamError):
    """The paper is genuine, but it was valid only until {until}. Ask its holder to have it renewed."""


class KeyWithdrawn(RekamError):
    """The paper was signed with a key that was withdrawn on {day}, and is not among what its office still believes.
    Do not accept it by itself; ask the office that is named on it whether it issued {number}.
    """


class WhenUnproved(RekamError):
    """The paper was signed with a key that was withdrawn on {day}. Whether it was signed before cannot be proved here;
    its own date is no proof. Ask the office that is named on it whether it issued {number}.
    """


@dataclass(frozen=True)
class Verified:
    """What a genuine, unexpired code says, and whose key signed it. `doubt`: what to say besides, None where the key is
    believed, or the paper is proved to be older than its withdrawal.
    """

    claims: Claims
    signed_by: Certificate
    doubt: WhenUnproved | None = None


def verify_qr(
    text: str,
    signers: Signers,
    *,
    now: datetime,
    withdrawals: Withdrawals = _NOTHING_WITHDRAWN,
    position: int | None = None,
) -> Verified:
    """What the code `text` says, if one of `signers` signed it and it has not expired at `now` (aware). `withdrawals`
    are the portal's; `position` is that of a proof's entry in the public log, where the verifier looked.

    Raises CodeUnreadable, CodeAltered, SignerUnknown, SignerMayNotSign, PaperExpired or KeyWithdrawn.
    """
    parts = _parts(text)
    values = _values(parts.payload)
    signed_by = signers.signer(parts.key_id, values.get(CERTIFICATE))
    try:
        parts.verify(signed_by.signing)
    except SignatureInvalid:
        raise CodeAltered from None
    try:
        claims = _claims(values)
    except (AttributeError, TypeError, ValueError, OverflowError):
        raise CodeUnreadable(reason="its claims") from None
    if claims.expires_at is not None and now >= claims.expires_at:
        raise PaperExpired(until=claims.expires_at.astimezone(WIB).date() - timedelta(days=1))
    withdrawal = withdrawals.of(signed_by.subject, signed_by.epoch)
    return Verified(claims, signed_by, _doubt(withdrawal, claims, position) if withdrawal else None)


def said_in(text: str) -> Claims:
    """What the code `text` says, unproved: nobody's signature was looked at. Raises CodeUnreadable."""
    try:
        return _claims(_values(_parts(text).payload))
    except (AttributeError, TypeError, ValueError, OverflowError):
        raise CodeUnreadable(reason="its claims") from None


def _doubt(withdrawal: KeyWithdrawal, claims: Claims, position: int | None) -> WhenUnproved | None:
    facts = {"day": withdrawal.at.astimezone(WIB).date(), "number": claims.number}
    match standing(withdrawal, number=claims.number, issued_at=claims.issued_at, position=position):
        case PaperStanding.AFTER:
            raise KeyWithdrawn(**facts)
        case PaperStanding.UNPROVED:
            return WhenUnproved(**facts)
        case PaperStanding.BEFORE:
            return None


def _parts(text: str) -> Parts:
    try:
        unpacker = zlib.decompressobj()
        data = unpacker.decompress(base45.decode(text), _MAX_BYTES)
        if not unpacker.eof or unpacker.unused_data:
            raise CodeUnreadable(reason="it unpacks to something else")
        return peek1(data.removeprefix(CWT_TAG), kind=COSE_KIND)
    except base45.NotBase45:
        raise CodeUnreadable(reason="not Base45") from None
    except zlib.error:
        raise CodeUnreadable(reason="not packed by zlib") from None
    except (EnvelopeUnreadable, WrongKind):
        raise CodeUnreadable(reason="not a signed token") from None


def _values(payload: bytes) -> dict[int, Any]:
    try:
        values = cbor.decode(payload)
    except cbor.CborUnreadable:
        raise CodeUnreadable(reason="its claims") from None
    if not isinstance(values, dict) or not isinstance(values.get(CERTIFICATE), bytes | None):
        raise CodeUnreadable(reason="its claims")
    return values


def _claims(values: dict[int, Any]) -> Claims:
    match values:
        case {1: str(), 2: str(), 6: int(), -70001: str() as paper} if paper in set(PaperKind):
            expiry = values.get(EXPIRY)
            return Claims(
                paper=PaperKind(paper),
                number=values[SUBJECT],
                issuer=values[ISSUER],
                issued_at=datetime.fromtimestamp(values[ISSUED_AT], UTC),
                expires_at=datetime.fromtimestamp(expiry, UTC) if expiry is not None else None,
                identity=values.get(IDENTITY, {}),
                packet_id=values.get(TOKEN_ID, b"").hex(),
                salt=values.get(SALT, b""),
            )
        case _:
            raise CodeUnreadable(reason="a token, but of no paper")
