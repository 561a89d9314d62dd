"""Errors as they travel over HTTP: problem details (RFC 9457) with our code, and back again."""

from collections.abc import Mapping
from typing import Any, Final

from rekam.enrolment.errors import RekamError
from rekam.exchange import errors, recovery
from rekam.exchange.account_file import AccountUnproved, AccountUnreadable
from rekam.exchange.day_word import DayWordUnproved
from rekam.exchange.key_end import KeyEndUnproved
from rekam.exchange.key_request import KeyRequestUnproved
from rekam.exchange.parts import PartMissing
from rekam.storage.errors import BlobDamaged, BlobMissing, DiskFull, DiskReserveReached, OffsetMismatch
from rekam.trust.certificates import CertificateForbidden, CertificateUnreadable, ChainBroken
from rekam.trust.requests import RequestAltered, RequestReplayed, RequestUnsigned
from rekam.trust.roll_call import RollCallUnreadable

__all__ = ["LONGEST_WAIT_S", "MEDIA_TYPE", "from_problem", "status_of", "to_problem"]

LONGEST_WAIT_S: Final = 3600
"""Seconds: the longest that a sender waits because a place asked it to."""

MEDIA_TYPE = "application/problem+json"

_STATUS: Mapping[type[RekamError], int] = {
    RequestUnsigned: 401,
    RequestAltered: 401,
    RequestReplayed: 401,
    CertificateUnreadable: 401,
    CertificateForbidden: 401,
    ChainBroken: 401,
    errors.SenderForbidden: 403,
    errors.SenderRevoked: 403,
    errors.FeedForbidden: 403,
    BlobMissing: 404,
    PartMissing: 404,
    OffsetMismatch: 409,
    errors.FeedWentBack: 409,
    errors.ChunkTooLarge: 413,
    errors.UploadTooLarge: 413,
    BlobDamaged: 422,
    errors.PacketRefused: 422,
    errors.StatementRefused: 422,
    errors.CosignatureRefused: 422,
    AccountUnreadable: 422,
    AccountUnproved: 422,
    DayWordUnproved: 422,
    errors.CheckpointNotOurs: 409,
    errors.RequestMalformed: 400,
    KeyRequestUnproved: 422,
    KeyEndUnproved: 422,
    RollCallUnreadable: 400,
    recovery.RecoveryUnreadable: 400,
    recovery.NotYourStation: 403,
    recovery.StationUnknown: 404,
    recovery.RecoveryUnknown: 404,
    errors.RequestRefused: 400,
    errors.RemoteBusy: 503,
    errors.RemoteFull: 507,
    DiskFull: 507,
    DiskReserveReached: 507,
}
_TRAVELLING: Mapping[str, type[RekamError]] = {
    kind.__name__: kind
    for kind in (
        errors.SenderForbidden,
        errors.StatementRefused,
        errors.FeedForbidden,
        errors.FeedWentBack,
        errors.UploadTooLarge,
        recovery.RecoveryUnreadable,
        recovery.StationUnknown,
        recovery.RecoveryUnknown,
        errors.PacketRefused,
        errors.RemoteBusy,
        errors.RemoteFull,
        BlobMissing,
        PartMissing,
        BlobDamaged,
        OffsetMismatch,
    )
}
"""The errors that a sender tells apart; their facts travel. All others arrive as `RequestRefused`."""


def status_of(error: RekamError) -> int:
    """The HTTP status for `error`; 500 for one that no request should cause."""
    return next((status for kind, status in _STATUS.items() if isinstance(error, kind)), 500)


def to_problem(error: RekamError) -> dict[str, Any]:
    """The problem document: `code` is the error's name, `detail` its sentence, `facts` what the sender may need."""
    problem: dict[str, Any] = {
        "type": "about:blank",
        "title": error.code,
        "status": status_of(error),
        "detail": str(error),
        "code": error.code,
    }
    if error.code in _TRAVELLING:
        problem["facts"] = {name: value for name, value in error.facts.items() if isinstance(value, str | int)}
    return problem


def _believable(facts: dict[str, Any]) -> dict[str, Any]:
    """The time to wait is anybody's word on the line: a sender waits an hour at most, whatever it says."""
    if "retry_after_s" in facts:
        asked = facts["retry_after_s"]
        facts["retry_after_s"] = min(max(asked, 1), LONGEST_WAIT_S) if type(asked) is int else LONGEST_WAIT_S // 60
    return facts


def from_problem(place: str, status: int, problem: Any) -> RekamError:
    """The error that `place` answered with; an answer that is not ours (a proxy, a hotel's log-in) is no connection.

    Problems are not signed: none of them may end, delete or withhold anything for longer than a pause (docs/adr/0037).
    """
    match problem:
        case {"code": errors.SenderRevoked.__name__}:
            return errors.RevocationUnproved(place=place)
        case {"code": str() as code, "detail": str(), "facts": {**facts}} if code in _TRAVELLING:
            return _TRAVELLING[code](**_believable({str(name): value for name, value in facts.items()}))
        case {"code": str() as code, "detail": str() as detail} if status < 500:
            return errors.RequestRefused(place=place, code=code, detail=detail)
        case _:
            return errors.RemoteUnreachable(place=place, reason=f"HTTP {status}")
