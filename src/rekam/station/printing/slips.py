"""Slips of the queue, printed like other papers: each further one bears its mark: `Slips`."""

from collections.abc import Callable
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

    def printed(self, ticket: TicketId) -> list[PrintJob]:
        """The newest first."""
        return self._queue.of(_key(ticket))

    def print(self, ticket: TicketId, compose: Callable[[int], bytes], by: str) -> PrintJob:
        """The next copy, durable when it returns; `compose` makes the PDF of the nth, from 1 on."""
        nth = len(self.printed(ticket)) + 1
        number = f"{ticket} {ticket.day}"
        return self._queue.put(Issued(compose(nth), _key(ticket), _KIND, nth, number), by)


def _key(ticket: TicketId) -> str:
    return "/".join(map(str, ticket))
