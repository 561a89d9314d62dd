"""Who is called next: `Line`, the queue of one service day as its tickets stand. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rekam.station.day.ticket import State, Ticket, TicketId

__all__ = ["Line"]

PRIORITY_RUN: Final = 2
"""So many with priority are called in a row while others wait; then one of the others [inf: nobody waits for ever]."""


@dataclass(frozen=True)
class Line:
    """The day's tickets in the order in which they were taken."""

    day: str
    tickets: tuple[Ticket, ...]

    @property
    def version(self) -> int:
        """Grows with everything that happens; a page that shows an older one must not act."""
        return max((ticket.last_event for ticket in self.tickets), default=0)

    def find(self, ticket_id: TicketId) -> Ticket | None:
        return next((ticket for ticket in self.tickets if ticket.id == ticket_id), None)

    def of(self, *states: State) -> tuple[Ticket, ...]:
        return tuple(ticket for ticket in self.tickets if ticket.state in states)

    @property
    def at_counter(self) -> Ticket | None:
        """The one called or served last, until it is done."""
        return max(
            (ticket for ticket in self.tickets if ticket.state.at_counter),
            key=lambda ticket: ticket.last_event,
            default=None,
        )

    @property
    def called(self) -> tuple[Ticket, ...]:
        """All that were ever called and not put back, the newest call first."""
        known = [ticket for ticket in self.tickets if ticket.called_at and ticket.state is not State.ABSENT]
        return tuple(sorted(known, key=lambda ticket: ticket.called_at or "", reverse=True))

    def order(self) -> tuple[Ticket, ...]:
        """Those who wait, in the order in which they will be called."""
        first = [ticket for ticket in self.of(State.WAITING) if ticket.first]
        others = [ticket for ticket in self.of(State.WAITING) if not ticket.first]
        run, found = self._run(), []
        while first or others:
            chosen = first if first and (not others or run < PRIORITY_RUN) else others
            run = run + 1 if chosen is first else 0
            found.append(chosen.pop(0))
        return tuple(found)

    def ahead(self, ticket: Ticket) -> int | None:
        """How many are called before it; None where it does not wait."""
        order = self.order()
        return order.index(ticket) if ticket in order else None

    def _run(self) -> int:
        """How many of the newest calls in a row had priority."""
        return _leading(self.called)


def _leading(called: Sequence[Ticket]) -> int:
    for count, ticket in enumerate(called):
        if not ticket.first:
            return count
    return len(called)
