"""A resident sent to have the family card corrected: `Referral`, and whether that was done: `Standing`. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Self

from rekam.enrolment.biodata import Biodata
from rekam.station.lookup.birth_dates import dates_in
from rekam.station.referral.changes import Field, differing
from rekam.trust import cbor

__all__ = ["EVIDENCE", "Referral", "ReferralId", "Standing", "agrees", "standing"]

EVIDENCE: Final = ("kk", "birth", "marriage", "court", "school", "other")
"""Papers that a resident may show: family card, birth certificate, marriage or divorce certificate, a court's ruling,
a school certificate, another.
"""


@dataclass(frozen=True, order=True)
class ReferralId:
    """Which one of which installation of this station; `number` is what stands on the paper."""

    station: str
    epoch: int
    n: int

    @property
    def number(self) -> str:
        return f"{self.station}/{self.epoch}/R{self.n:04d}"

    @property
    def key(self) -> str:
        """For an address."""
        return f"{self.epoch}-{self.n}"


@dataclass(frozen=True)
class Referral:
    """`held` is what the extract had when it was written; `said` what the papers say of each line that is wrong;
    `shown` which papers (`EVIDENCE`). `at` is legal time, ISO; `by` an operator's id.
    """

    id: ReferralId
    sitting_id: str
    by: str
    at: str
    held: Biodata
    said: Mapping[Field, str]
    shown: tuple[str, ...]
    note: str = ""

    @property
    def nik(self) -> str:
        return self.held.nik

    def to_bytes(self) -> bytes:
        """What was said, as the row holds it."""
        said: dict[str, Any] = {"held": self.held.to_map(), "said": {str(key): text for key, text in self.said.items()}}
        return cbor.encode({**said, "shown": list(self.shown), "note": self.note})

    @classmethod
    def from_bytes(cls, of: ReferralId, sitting_id: str, by: str, at: str, data: bytes) -> Self:
        """Read `to_bytes`."""
        told = cbor.decode(data)
        said = {Field(key): text for key, text in told["said"].items()}
        held = Biodata.from_map(told["held"])
        return cls(of, sitting_id, by, at, held, said, tuple(told["shown"]), told["note"])


class Standing(StrEnum):
    """What became of it, as far as this station's extract knows."""

    NOT_YET = "not-yet"
    PARTLY = "partly"
    """Some of the lines that were wrong have changed."""
    CORRECTED = "corrected"
    """All of them have."""
    KEPT = "kept"
    """None of them, and the office has said since how this resident stands on the family card: as before."""
    GONE = "gone"
    """The NIK is not in the extract any more: corrected itself, or moved away."""


def standing(referral: Referral, now: Biodata | None, told_at: str = "") -> Standing:
    """By the biodata that the extract has now, None where it has none; `told_at` is when the office said them, legal
    time, ISO, empty where it never did.
    """
    if now is None:
        return Standing.GONE
    changed = set(referral.said) & set(differing(referral.held, now))
    if changed == set(referral.said):
        return Standing.CORRECTED
    if changed:
        return Standing.PARTLY
    return Standing.KEPT if told_at > referral.at else Standing.NOT_YET


def agrees(field: Field, said: str, written: str, now: Biodata) -> bool:
    """Whether a line says now what the papers were said to say, whatever their blanks, dots and capitals."""
    if field is Field.BIRTH_DATE:
        return now.birth_date in dates_in(said)[1]
    return _bare(said) == _bare(written)


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()
