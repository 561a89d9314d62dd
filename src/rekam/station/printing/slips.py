"""Slips of the queue, printed like other papers: each further one bears its mark: `Slips`."""

from collections.abc import Callable
from threading import RLock
from typing import Final

from rekam.station.day.ticket import TicketId
from rekam.station.papers import Issued
from rekam.station.printing.queue import PrintJob, PrintQueue

__all__ = ["Slips"]

_KIND: Final = "slip"


class Slips:
    """Over the station's own printing queue, which is their register as well."""

    def __init__(self, queue: PrintQueue) -> None:
        self._queue = queue
        self._one = RLock()  # a double click is two copies, each with its own mark

    def printed(self, ticket: TicketId) -> list[PrintJob]:
        """The newest first."""
        return self._queue.of(_key(ticket))

    def print(self, ticket: TicketId, compose: Callable[[int], bytes], by: str) -> PrintJob:
        """The next copy, durable when it returns; `compose` makes the PDF of the nth, from 1 on."""
        with self._one:
            nth = len(self.printed(ticket)) + 1
            slip = Issued(compose(nth), _key(ticket), _KIND, nth, f"{ticket} {ticket.day}")
            self._queue.add(slip, by)
        return self._queue.begin(slip)


def _key(ticket: TicketId) -> str:
    return "/".join(map(str, ticket))
