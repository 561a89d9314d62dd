"""What is planned of an outing, checked: `OutingPlan`."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final, Self

from rekam.enrolment.errors import RekamError
from rekam.enrolment.regions import Regions

__all__ = [
    "OutingBackwards",
    "OutingHoursInvalid",
    "OutingInThePast",
    "OutingNeedsPlace",
    "OutingNeedsTeam",
    "OutingNotAVillage",
    "OutingPlan",
    "OutingTooLong",
]

LONGEST_DAYS: Final = 60
"""Longer than a mobile unit stays away [inf]; most such dates are a mistyped month or year."""
_MOST: Final = 120
_AHEAD: Final = timedelta(days=366)


class OutingNeedsPlace(RekamError):
    """An outing needs the name of its place, such as the village hall. Nothing was saved. Write where the team sets
    itself up, then save again.
    """


class OutingNotAVillage(RekamError):
    """'{village}' is no village of the region table. Nothing was saved. Choose the village from the list."""


class OutingBackwards(RekamError):
    """An outing cannot begin on {first} and end on {last}. Nothing was saved. Give its first day, then its last."""


class OutingTooLong(RekamError):
    """From {first} to {last} is longer than the {most} days of an outing, or more than a year ahead. Nothing was saved.
    Look at month and year, then save again.
    """


class OutingInThePast(RekamError):
    """The last day {last} is past already: today is {today}. Nothing was saved. Give the days that are to come; if
    today's date is wrong, bring the station to its office's network once, which sets the date right.
    """


class OutingHoursInvalid(RekamError):
    """Nobody can record from {opens} to {closes}. Nothing was saved. Give two times such as 08:00 and 16:00, the first
    one earlier.
    """


class OutingNeedsTeam(RekamError):
    """An outing needs at least one person of this station. Nothing was saved. Choose who goes, then save again."""


@dataclass(frozen=True)
class OutingPlan:
    """`village` is a dotted code; the team works every day from `first_day` to `last_day`, `opens` to `closes`; `team`
    are ids of this station's staff; `vehicle` and `contact` may be empty.
    """

    place: str
    village: str
    first_day: date
    last_day: date
    opens: time
    closes: time
    team: tuple[str, ...]
    vehicle: str = ""
    contact: str = ""

    def checked(self, regions: Regions, today: date | None) -> Self:
        """Blanks at the ends removed. `today` is the legal date, None where only the laptop's own clock is known: then
        no day is called past, because that clock may be years off (never 14). Raises what is wrong first.
        """
        plan = replace(self, **{name: getattr(self, name).strip()[:_MOST] for name in ("place", "vehicle", "contact")})
        days = {"first": self.first_day, "last": self.last_day}
        if not plan.place:
            raise OutingNeedsPlace
        if self.village.count(".") != 3 or not regions.exists(self.village):
            raise OutingNotAVillage(village=self.village)
        if self.last_day < self.first_day:
            raise OutingBackwards(**days)
        if (self.last_day - self.first_day).days >= LONGEST_DAYS:
            raise OutingTooLong(**days, most=LONGEST_DAYS)
        if today is not None and self.last_day < today:
            raise OutingInThePast(last=days["last"], today=today)
        if today is not None and self.first_day > today + _AHEAD:
            raise OutingTooLong(**days, most=LONGEST_DAYS)
        if self.opens >= self.closes:
            raise OutingHoursInvalid(opens=f"{self.opens:%H:%M}", closes=f"{self.closes:%H:%M}")
        if not self.team:
            raise OutingNeedsTeam
        return plan

    @property
    def days(self) -> list[date]:
        """All of them, weekends too."""
        return [self.first_day + timedelta(days=n) for n in range((self.last_day - self.first_day).days + 1)]

    def working(self, since: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The spans of work from `since` (aware, in the place's zone) to the end of the outing, day by day."""
        for day in self.days:
            begin, end = (datetime.combine(day, at, since.tzinfo) for at in (self.opens, self.closes))
            if end > since:
                yield max(begin, since), end
