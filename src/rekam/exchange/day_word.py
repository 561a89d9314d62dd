"""A supervisor's signed word on a day at a station: it is closed, with its counts, or it is reopened, with the reason.

A COSE_Sign1 of kind ``rekam/day-word`` by the supervisor's own key over a CBOR map with the fields of `DayWord` and the
supervisor's certificates (docs/adr/0045). Words of one installation are numbered from 1 without gaps and each holds the
digest of the one before it, so that none can be left out or written anew. No personal data of residents.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Final, Literal

from rekam.enrolment.errors import RekamError
from rekam.enrolment.identifiers import StationId
from rekam.trust import cbor
from rekam.trust.certificates import verify_chain
from rekam.trust.cose import peek1, sign1
from rekam.trust.keys import SigningKey, VerifyKey

__all__ = ["NO_WORD", "DayWord", "DayWordUnproved", "digest_of", "read_day_word", "sign_day_word"]

KIND: Final = "rekam/day-word"
MEDIA_TYPE: Final = "application/vnd.rekam.day-word"
VERSION: Final = 1
NO_WORD: Final = bytes(32)
"""Stands for the word before the first."""
_DIGEST_BYTES: Final = 32
_LIMIT_BYTES: Final = 1 << 16


class DayWordUnproved(RekamError):
    """The word on a day at station {station} is not proved ({reason}). Nothing was taken over; every recording is kept.
    Close the day again at the station, and report it if it is refused again.
    """


@dataclass(frozen=True)
class DayWord:
    """Word `n` of (station, epoch) on `day` (ISO, in the station's zone), at `at_ms` of its legal time, milliseconds
    since 1970 UTC.

    `counts` as the day stood; `first` and `last`: sequences of the day's recordings, 0 where there was none; `sequence`
    and `packet`: the head of the chain of packets; `previous`: digest of word n-1; `reason`: why a day was reopened.
    """

    station: str
    epoch: int
    n: int
    day: str
    what: Literal["closed", "reopened"]
    at_ms: int
    by: str
    name: str
    previous: bytes
    sequence: int
    packet: bytes
    counts: Mapping[str, int] = field(default_factory=dict)
    first: int = 0
    last: int = 0
    reason: str = ""


def digest_of(data: bytes) -> bytes:
    """32 bytes that stand for a signed word."""
    return hashlib.sha256(data).digest()


def sign_day_word(word: DayWord, key: SigningKey, chain: tuple[bytes, ...]) -> bytes:
    """`chain` certifies the supervisor's `key`, leaf first."""
    fields = {"version": VERSION, **asdict(word), "counts": dict(word.counts), "certificates": list(chain)}
    return sign1(cbor.encode(fields), key, kind=KIND)


def read_day_word(data: bytes, root: VerifyKey) -> DayWord:
    """The word, if a supervisor of the station's own office signed it. Raises `DayWordUnproved`."""
    if len(data) > _LIMIT_BYTES:
        raise DayWordUnproved(station="", reason="it is too long")
    try:
        parts = peek1(data, kind=KIND)
        word, chain = _parse(cbor.decode(parts.payload))
        signer = verify_chain(chain, root)
        parts.verify(signer[0].signing)
    except DayWordUnproved:
        raise
    except RekamError as error:
        raise DayWordUnproved(station="", reason=error.code) from None
    if (signer[0].kind, signer[0].subject) != ("supervisor", word.by):
        raise DayWordUnproved(station=word.station, reason=f"signed by {signer[0].kind} {signer[0].subject}")
    if signer[-1].subject != StationId(word.station).office:
        raise DayWordUnproved(station=word.station, reason=f"signed by staff of office {signer[-1].subject}")
    return word


def _parse(fields: Any) -> tuple[DayWord, list[bytes]]:
    match fields:
        case {
            "version": 1,
            "certificates": [*chain],
            "what": "closed" | "reopened",
            "station": str() as station,
            "day": str() as day,
            "by": str(),
            "name": str(),
            "reason": str(),
            "previous": bytes() as previous,
            "packet": bytes() as packet,
            "counts": dict() as counts,
            **rest,
        } if set(rest) == {"epoch", "n", "at_ms", "sequence", "first", "last"}:
            numbers = [*rest.values(), *counts.values()]
            whole = all(type(each) is int and 0 <= each < 1 << 62 for each in numbers)
            named = all(isinstance(each, str) for each in counts) and all(isinstance(each, bytes) for each in chain)
            if whole and named and len(previous) == len(packet) == _DIGEST_BYTES and _is_day(day):
                StationId(station)
                taken = {name: value for name, value in fields.items() if name not in {"version", "certificates"}}
                return DayWord(**taken), chain
    raise DayWordUnproved(station="", reason="its fields")


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
