"""The queue at this station's counter, kept in its store: `Queue`."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from rekam.enrolment.errors import RekamError
from rekam.enrolment.zones import zone_of_region
from rekam.station.day.letters import CounterLetters, LetterPair
from rekam.station.day.line import Line
from rekam.station.day.ticket import Deed, Event, Priority, Service, State, Ticket, TicketId, replay
from rekam.station.store import StationStore
from rekam.trust.clock import LegalClock, TimeBasis

__all__ = ["NoServiceDay", "Queue", "ServiceDay", "TicketElsewhere", "UnknownTicket"]


class NoServiceDay(RekamError):
    """No service day is open at this station, so there is no queue yet. Nothing was changed.
    Open the day on the page Antrean, then go on.
    """


class UnknownTicket(RekamError):
    """There is no ticket {ticket} on this service day. Nothing was changed.
    Compare the number and the date on the slip, or take a new ticket.
    """


class TicketElsewhere(RekamError):
    """Ticket {ticket} has moved on meanwhile, so nothing was changed. Look at the queue again, then choose."""


@dataclass(frozen=True)
class ServiceDay:
    """The day in force: its date, when and by whom it was opened, what that date rested on."""

    day: date
    opened_at: str
    basis: TimeBasis
    opened_by: str


_MAY: Final = {
    Deed.CALLED: {State.WAITING, State.CALLED, State.ABSENT},
    Deed.ATTENDED: {State.CALLED},
    Deed.BOUND: {State.CALLED, State.ATTENDED, State.SITTING},
    Deed.ABSENT: {State.CALLED},
    Deed.RETURNED: {State.CALLED, State.ABSENT, State.ATTENDED},
    Deed.DONE: {State.CALLED, State.ATTENDED},
}


class Queue:
    """A service day begins when somebody opens it and goes on until somebody opens the next; no clock ends it
    (ADR 0039). Every change is durable when a method returns; the same change asked for twice is made once.
    """

    def __init__(self, store: StationStore, legal: LegalClock, letters: CounterLetters) -> None:
        self._store = store
        self._legal = legal
        self._letters = letters

    @property
    def today(self) -> date:
        """The legal date in this station's zone."""
        return self._legal.now().at.astimezone(zone_of_region(self._station)).date()

    @property
    def basis(self) -> TimeBasis:
        """What the legal date rests on."""
        return self._legal.now().basis

    def day(self) -> ServiceDay | None:
        """The one in force; None before the first was opened."""
        row = self._store.row("SELECT day, at, basis, opened_by FROM service_day ORDER BY opening DESC LIMIT 1")
        return ServiceDay(date.fromisoformat(row[0]), row[1], TimeBasis(row[2]), row[3]) if row else None

    def open_day(self, operator: str) -> ServiceDay:
        """Begins the service day of the legal date. A date that was open before goes on where its numbers ended."""
        with self._store.tx() as tx:
            known = self.day()
            if known is None or known.day != self.today:
                day = self.today.isoformat()
                row = (day, self._now(), self.basis, operator, "".join(self._letters.of_day(day)))
                tx.execute("INSERT INTO service_day (day, at, basis, opened_by, letters) VALUES (?, ?, ?, ?, ?)", row)
        return self._require_day()

    def line(self) -> Line:
        """The queue of the day in force; empty before the first."""
        day = self.day()
        return self._line(day.day.isoformat()) if day else Line("", ())

    def take(self, service: Service, priority: Priority, once: str) -> Ticket:
        """The next number. `once` names the form that asks: sent twice, it gives one ticket. Raises `NoServiceDay`."""
        with self._store.tx() as tx:
            day = self._require_day().day.isoformat()
            known = self._store.row("SELECT day, prefix, number FROM ticket WHERE once = ?", (once,))
            if known is None:
                prefix = self._letters.of_day(day).of(service)
                last = self._store.row("SELECT max(number) FROM ticket WHERE day = ? AND prefix = ?", (day, prefix))
                known = (day, prefix, ((last and last[0]) or 0) + 1)
                row = (*known, service, priority, self._now(), once)
                tx.execute("INSERT INTO ticket VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        return self.find(TicketId(*known))

    @staticmethod
    def date_of(ticket: TicketId) -> date:
        """The service day of a ticket."""
        return date.fromisoformat(ticket.day)

    def letter(self, service: Service) -> str:
        """Under which it is called on the day in force."""
        return (self.letters_in_force() or self._letters.chosen()).of(service)

    def letters_in_force(self) -> LetterPair | None:
        """Of the day in force; None before the first."""
        day = self.day()
        return self._letters.of_day(day.day.isoformat()) if day else None

    def find(self, ticket: TicketId) -> Ticket:
        """Of any day. Raises `UnknownTicket`."""
        found = self._line(ticket.day).find(ticket)
        if found is None:
            raise UnknownTicket(ticket=ticket)
        return found

    def call_next(self, operator: str, *, seen: int) -> Ticket | None:
        """Calls whoever comes next; None where nobody waits. Who was attended without a sitting is done by that. `seen`
        is the version of the line that the caller looked at: raises `TicketElsewhere` where it has moved on.
        """
        with self._store.tx():
            line = self.line()
            before = line.at_counter
            if line.version != seen or (before is not None and before.state is State.CALLED):
                raise TicketElsewhere(ticket=before.id if before else "–")
            if before is not None and before.state is State.ATTENDED:
                self._note(before, Deed.DONE, operator)
            order = line.order()
            return self._note(order[0], Deed.CALLED, operator) if order else None

    def note(self, ticket: TicketId, what: Deed, operator: str, *, seen: int) -> Ticket:
        """Call again, attend, absent, put back, done. Raises `TicketElsewhere`, `UnknownTicket`."""
        with self._store.tx():
            line = self.line()
            found = line.find(ticket)
            if found is None:
                raise UnknownTicket(ticket=ticket)
            busy = what is Deed.CALLED and line.at_counter not in {None, found}
            if line.version != seen or busy or found.state not in _MAY[what]:
                raise TicketElsewhere(ticket=ticket)
            return self._note(found, what, operator)

    def bind(self, sitting_id: str, operator: str) -> Ticket | None:
        """The sitting that was just opened belongs to whoever is at the counter for a recording; None where nobody is.
        When it is saved or closed, the ticket is over: that follows from the recording's own row.
        """
        with self._store.tx():
            ticket = self.line().at_counter
            if ticket is None or ticket.service is not Service.RECORDING or ticket.sitting_id == sitting_id:
                return ticket if ticket and ticket.sitting_id == sitting_id else None
            if ticket.state is State.SITTING or self._bound(sitting_id):
                return None
            return self._note(ticket, Deed.BOUND, operator, sitting_id)

    def _note(self, ticket: Ticket, what: Deed, operator: str, sitting_id: str | None = None) -> Ticket:
        row = (*ticket.id, what, self._now(), operator, sitting_id)
        with self._store.tx() as tx:
            tx.execute(
                "INSERT INTO ticket_event (day, prefix, number, what, at, operator, sitting_id)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                row,
            )
        return self.find(ticket.id)

    def _bound(self, sitting_id: str) -> bool:
        day = self._require_day().day.isoformat()
        found = self._store.row("SELECT 1 FROM ticket_event WHERE day = ? AND sitting_id = ?", (day, sitting_id))
        return found is not None

    def _line(self, day: str) -> Line:
        taken = self._store.rows(
            "SELECT prefix, number, service, priority, at FROM ticket WHERE day = ? ORDER BY rowid", (day,)
        )
        events = self._store.rows(
            "SELECT e.event, e.prefix, e.number, e.what, e.at, e.sitting_id, r.saved_at,"
            " coalesce(a.at, (SELECT max(f.at) FROM referral f WHERE f.sitting_id = e.sitting_id AND f.at >= e.at))"
            " FROM ticket_event e"
            " LEFT JOIN recording r ON r.sitting_id = e.sitting_id LEFT JOIN abandoned a ON a.sitting_id = e.sitting_id"
            " WHERE e.day = ? ORDER BY e.event",
            (day,),
        )
        tickets = (
            Ticket(TicketId(day, prefix, number), Service(service), Priority(priority), at)
            for prefix, number, service, priority, at in taken
        )
        deeds = (
            Event(event, TicketId(day, prefix, number), Deed(what), at, *rest)
            for event, prefix, number, what, at, *rest in events
        )
        return Line(day, replay(tickets, deeds))

    def _require_day(self) -> ServiceDay:
        day = self.day()
        if day is None:
            raise NoServiceDay
        return day

    @property
    def _station(self) -> str:
        return str(self._store.identity().station)

    def _now(self) -> str:
        return self._legal.now().at.isoformat(timespec="seconds")
