"""The queue as somebody in the hall sees it: `Hall`, what is called, who is next, how long it takes. Numbers only."""

from dataclasses import dataclass
from datetime import datetime

from rekam.station.day.line import Line
from rekam.station.day.pace import Pace
from rekam.station.day.plan import DayPlan
from rekam.station.day.ticket import Ticket

__all__ = ["Hall"]

_EARLIER = 3


@dataclass(frozen=True)
class Hall:
    """One look at the day's line: its tickets, its pace."""

    line: Line
    pace: Pace

    @classmethod
    def of(cls, line: Line, plan: DayPlan, now: datetime) -> "Hall":
        return cls(line, Pace.of(line, plan, now))

    @property
    def now(self) -> Ticket | None:
        """Who is called or served."""
        return self.line.at_counter

    @property
    def earlier(self) -> tuple[Ticket, ...]:
        """The numbers called before, the newest first."""
        return tuple(ticket for ticket in self.line.called if ticket != self.now)[:_EARLIER]

    @property
    def waiting(self) -> tuple[tuple[Ticket, float | None], ...]:
        """Those who wait, in the order of calling, each with the seconds until then."""
        order, busy = self.line.order(), self.now is not None
        return tuple((ticket, self.pace.wait_s(place, busy=busy)) for place, ticket in enumerate(order))

    def wait_of(self, ticket: Ticket) -> float | None:
        """Seconds until `ticket` is called; None where it does not wait, or nobody can tell."""
        place = self.line.ahead(ticket)
        return None if place is None else self.pace.wait_s(place, busy=self.now is not None)

    @property
    def wait_if_taken_now(self) -> float | None:
        return self.pace.wait_s(len(self.line.order()), busy=self.now is not None)
