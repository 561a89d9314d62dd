"""What a country consists of before its keys are made: offices, stations, staff, residents."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from rekam.enrolment.biodata import Biodata
from rekam.enrolment.identifiers import OfficeId, StationId

__all__ = ["CountryPlan", "Member", "OfficePlan", "StationPlan"]


@dataclass(frozen=True)
class Member:
    """One who works here. At a station: `role` operator or supervisor, `secret` a PIN. At an office or the centre:
    `role` is one of the place's roles and `secret` a password.
    """

    subject: str
    name: str
    role: str
    secret: str = field(repr=False)


@dataclass(frozen=True)
class StationPlan:
    """A station and who signs in there."""

    station: StationId
    name: str
    operators: tuple[Member, ...]


@dataclass(frozen=True)
class OfficePlan:
    """An office with its stations; `letterhead` and `official` are the fields of `documents.papers`. Letters
    (suket) are off until the office allows them.
    """

    office: OfficeId
    name: str
    place: str
    stations: tuple[StationPlan, ...]
    staff: tuple[Member, ...]
    letterhead: Mapping[str, str]
    official: Mapping[str, str]
    suket_policy: Literal["offline", "after_received", "off"] = "off"
    opening_blanks: int = 500


@dataclass(frozen=True)
class CountryPlan:
    """`residents` are the register that stations and centre know; `recorded` are NIKs said to be recorded before,
    by somebody else, for the offline filter; `on` is the legal day. `devices` is what its stations capture with: real
    devices unless the plan says that nobody in it is.
    """

    offices: tuple[OfficePlan, ...]
    residents: tuple[Biodata, ...]
    centre_staff: tuple[Member, ...]
    on: date
    recorded: tuple[str, ...] = ()
    cast: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    samples: str | None = None
    devices: Literal["sbi", "simulated"] = "sbi"
