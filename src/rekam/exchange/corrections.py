"""Corrected biodata on their way from an office to one of its stations (docs/adr/0052, docs/correction-format.md).

The family card counter corrects; the office brings the correction in; the station asks for what follows its cursor and
says which referrals wait. The answer is a batch of a feed of this station's own (`rekam.exchange.feed`), signed by the
office, as one parcel that only this installation opens.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final, Protocol, Self

from rekam.enrolment.biodata import Biodata
from rekam.enrolment.errors import RekamError
from rekam.trust import cbor
from rekam.trust.sealing import SealingKey, SealingKeyUnreadable

__all__ = [
    "CORRECTION",
    "MOST_WAITING",
    "PAGE",
    "PARCEL",
    "Correction",
    "CorrectionDesk",
    "CorrectionsUnreadable",
    "Note",
    "Question",
    "Waiting",
    "corrections_feed",
]

PAGE: Final = 200
"""Corrections in a batch: a station applies one in a single transaction, and a saving waits behind it
(`bench.corrections`)."""
MOST_WAITING: Final = 200
"""Open referrals that a station tells, oldest first."""
PARCEL: Final = "corrections"
"""Kind of the parcel that holds a batch, of an item on a stick, and of the sealed question there."""
CORRECTION: Final = "correction"
"""Kind of the entry; its body is `rekam.exchange.signed_correction.sign_correction`."""
_LONGEST_LIFE: Final = 64
_HIGHEST: Final = (1 << 63) - 1
"""What a column of every database here can hold."""
_FIELDS: Final = frozenset(("life", "after", "seen", "key", "waiting"))


class CorrectionsUnreadable(RekamError):
    """What was said of corrected biodata cannot be used ({reason}). Nothing of it was taken over, and biodata stay as
    they are. It is asked for again by itself; if it comes back, telephone the office.
    """


class Note(StrEnum):
    """What the family card counter says of a resident beside the biodata; advises, refuses nothing."""

    NONE = ""
    DIED = "died"
    MOVED = "moved"
    """Out of this office's districts."""
    VOID = "void"
    """The NIK is not valid any more."""
    OTHER = "other"
    """Something that only a newer version knows."""

    @classmethod
    def read(cls, said: str) -> "Note":
        """`OTHER` for what this version does not know."""
        if not isinstance(said, str):
            raise TypeError
        return cls(said) if said in set(cls) else cls.OTHER


@dataclass(frozen=True)
class Correction:
    """How a resident stands on the family card now, whole. Of two, the one with the higher `version` is the newer,
    also over a rebuilding of the office; `since` is the legal date of what the note says, None where there is none.
    """

    version: int
    biodata: Biodata
    note: Note = Note.NONE
    since: date | None = None

    def to_bytes(self) -> bytes:
        """CBOR {version, biodata, note, since}."""
        since = self.since.isoformat() if self.since else ""
        return cbor.encode(
            {"version": self.version, "biodata": self.biodata.to_map(), "note": str(self.note), "since": since}
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Raises `CorrectionsUnreadable`; further keys, of a newer version, are passed over."""
        try:
            fields: Any = cbor.decode(data)
            since = date.fromisoformat(fields["since"]) if fields["since"] else None
            return cls(_count(fields["version"]), Biodata.from_map(fields["biodata"]), Note.read(fields["note"]), since)
        except RekamError as error:
            raise CorrectionsUnreadable(reason=error.code) from None
        except (KeyError, TypeError, ValueError) as error:
            raise CorrectionsUnreadable(reason=f"{type(error).__name__} in a correction") from error


@dataclass(frozen=True)
class Waiting:
    """An open referral, for the office's list: its `number` on paper, when (ISO UTC) and for whom, what the resident's
    papers `said` of each wrong line, which papers were `shown`.
    """

    number: str
    at: str
    nik: str
    name: str
    said: Mapping[str, str]
    shown: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True)
class Question:
    """What a station asks: what follows entry `after` of its feed, sealed to `key`. `life` is that of the feed
    (`corrections_feed`), empty before the first entry; `seen` the highest version it holds; `waiting` all its open
    referrals, None where they are as told before.
    """

    life: str
    after: int
    seen: int
    key: SealingKey
    waiting: tuple[Waiting, ...] | None = None

    def to_bytes(self) -> bytes:
        """CBOR {life, after, seen, key, waiting: null or [[number, at, nik, name, said, shown, note], ...]}."""
        waiting = None
        if self.waiting is not None:
            waiting = [
                [one.number, one.at, one.nik, one.name, dict(one.said), list(one.shown), one.note]
                for one in self.waiting
            ]
        asked = {"life": self.life, "after": self.after, "seen": self.seen}
        return cbor.encode({**asked, "key": self.key.to_bytes(), "waiting": waiting})

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Raises `CorrectionsUnreadable`."""
        try:
            return cls(*_asked(cbor.decode(data)))
        except (cbor.CborUnreadable, SealingKeyUnreadable) as error:
            raise CorrectionsUnreadable(reason=error.code) from None
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise CorrectionsUnreadable(reason=f"{type(error).__name__} in a question") from error


class CorrectionDesk(Protocol):
    """The office as a station asks it. Adapters: `HttpCorrections`, an office's own desk in one process."""

    def ask(self, question: bytes) -> bytes | None:
        """The parcel with the batch that follows; None where nothing does. Raises `RemoteUnreachable` and its kin,
        `CorrectionsUnreadable`.
        """


def corrections_feed(station: str, life: str) -> str:
    """The feed of one station: ``corrections/317401-01/LIFE``. An office whose server was rebuilt begins another life,
    from entry 1; a station that is set up anew goes on in the same.
    """
    return f"corrections/{station}/{life}"


def _asked(fields: Any) -> tuple[str, int, int, SealingKey, tuple[Waiting, ...] | None]:
    if set(fields) != _FIELDS:
        raise CorrectionsUnreadable(reason="its fields")
    life, told = fields["life"], fields["waiting"]
    if not isinstance(life, str) or len(life) > _LONGEST_LIFE:
        raise CorrectionsUnreadable(reason="its feed")
    if told is not None and len(told) > MOST_WAITING:
        raise CorrectionsUnreadable(reason="more referrals than are told")
    waiting = None if told is None else tuple(_waiting(one) for one in told)
    return life, _count(fields["after"]), _count(fields["seen"]), SealingKey.from_bytes(fields["key"]), waiting


def _waiting(row: Any) -> Waiting:
    number, at, nik, name, said, shown, note = row
    texts = (number, at, nik, name, note, *said, *said.values(), *shown)
    if not all(isinstance(text, str) for text in texts):
        raise CorrectionsUnreadable(reason="a referral")
    return Waiting(number, at, nik, name, dict(said), tuple(shown), note)


def _count(number: Any) -> int:
    if type(number) is not int or not 0 <= number <= _HIGHEST:
        raise CorrectionsUnreadable(reason="a number")
    return int(number)
