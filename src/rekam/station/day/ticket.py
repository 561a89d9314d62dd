"""A number in a resident's hand and what became of it: `Ticket`, `Priority`, `Service`. No personal data."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple

__all__ = ["Deed", "Event", "Priority", "Service", "State", "Ticket", "TicketId", "letter", "replay"]

_LETTERS: Final = 26


class Service(StrEnum):
    """What somebody comes for; each counts its own numbers, under a letter of its own."""

    RECORDING = "recording"
    PAPERS = "papers"


class Priority(StrEnum):
    """Who goes first: the elderly are 60 or older (law 13/1998), the disabled by law 8/2016."""

    NONE = "none"
    ELDERLY = "elderly"
    PREGNANT = "pregnant"
    DISABLED = "disabled"


class State(StrEnum):
    """Where a ticket stands. `SERVED` and `CLOSED` follow from its sitting: recorded, or closed without a recording."""

    WAITING = "waiting"
    CALLED = "called"
    ATTENDED = "attended"
    SITTING = "sitting"
    ABSENT = "absent"
    SERVED = "served"
    CLOSED = "closed"

    @property
    def at_counter(self) -> bool:
        return self in {State.CALLED, State.ATTENDED, State.SITTING}

    @property
    def over(self) -> bool:
        return self in {State.SERVED, State.CLOSED}


class Deed(StrEnum):
    """What somebody at the counter did with a ticket."""

    CALLED = "called"
    ATTENDED = "attended"
    BOUND = "bound"
    ABSENT = "absent"
    RETURNED = "returned"
    DONE = "done"


class TicketId(NamedTuple):
    """``day`` (ISO), ``prefix`` (one letter), ``number``: unique for ever at its station."""

    day: str
    prefix: str
    number: int

    def __str__(self) -> str:
        """As it is printed and called: ``A-007``."""
        return f"{self.prefix}-{self.number:03d}"


class Event(NamedTuple):
    """One deed, in the order of `event`; `recorded_at`, `closed_at`: when the sitting it is bound to ended."""

    event: int
    ticket: TicketId
    what: Deed
    at: str
    sitting_id: str | None = None
    recorded_at: str | None = None
    closed_at: str | None = None


@dataclass(frozen=True)
class Ticket:
    """One number and where it stands. Moments are legal times (ISO); `calls` counts how often it was called."""

    id: TicketId
    service: Service
    priority: Priority
    taken_at: str
    state: State = State.WAITING
    called_at: str | None = None
    calls: int = 0
    last_event: int = 0
    sitting_id: str | None = None
    ended_at: str | None = None

    @property
    def first(self) -> bool:
        return self.priority is not Priority.NONE

    def after(self, event: Event) -> "Ticket":
        """The ticket once `event` happened."""
        changed = replace(self, last_event=event.event)
        match event.what:
            case Deed.CALLED:
                return replace(changed, state=State.CALLED, called_at=event.at, calls=self.calls + 1)
            case Deed.ATTENDED:
                return replace(changed, state=State.ATTENDED)
            case Deed.ABSENT:
                return replace(changed, state=State.ABSENT)
            case Deed.RETURNED:
                return replace(changed, state=State.WAITING, called_at=None)
            case Deed.DONE:
                return replace(changed, state=State.SERVED, ended_at=event.at)
            case Deed.BOUND:
                ended = event.recorded_at or event.closed_at
                state = State.SERVED if event.recorded_at else State.CLOSED if event.closed_at else State.SITTING
                return replace(changed, state=state, sitting_id=event.sitting_id, ended_at=ended)


def replay(tickets: Iterable[Ticket], events: Iterable[Event]) -> tuple[Ticket, ...]:
    """The day's tickets in the order in which they were taken, each as its events left it."""
    found = {ticket.id: ticket for ticket in tickets}
    for event in events:
        found[event.ticket] = found[event.ticket].after(event)
    return tuple(found.values())


def letter(service: Service, counter: int) -> str:
    """Letters by pairs: counter 1 of a district gives A and B, counter 2 C and D, so that two counters in one hall
    never call the same number; from counter 14 on they begin again.
    """
    return chr(ord("A") + (2 * (counter - 1) + _OFFSETS[service]) % _LETTERS)


_OFFSETS: Final[Mapping[Service, int]] = MappingProxyType({Service.RECORDING: 0, Service.PAPERS: 1})
