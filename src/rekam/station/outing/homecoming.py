"""What is still to be done when the team is back, and the outing's end: `Homecoming`, `homecoming`, `close_outing`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Final

from rekam.enrolment.errors import RekamError
from rekam.enrolment.zones import zone_of_region
from rekam.station.day_end.counts import Span
from rekam.station.opened import Opened
from rekam.station.outing.expected import Standing
from rekam.station.outing.outings import Outing
from rekam.station.unlock import Unlocked

__all__ = ["Homecoming", "NotMetNotPrinted", "close_outing", "homecoming"]


class NotMetNotPrinted(RekamError):
    """The list of the {count} residents who were not met was not made since the team is back, and closing deletes their
    names. Nothing was changed. Print the list for the village head first, or tick that it is not needed.
    """


@dataclass(frozen=True)
class Homecoming:
    """`unsent` of the outing's recordings, with their `size`; `days` on which something was recorded, and whether each
    is closed; `span` of its recordings, None where there is none; `off_list`: recorded without standing on the list.
    """

    recorded: int
    off_list: int
    unsent: int
    size: int
    days: tuple[tuple[date, bool], ...]
    span: Span | None
    standings: Mapping[Standing, int]

    @property
    def not_met(self) -> int:
        """Expected, and recorded nowhere as far as anybody knows."""
        return self.standings[Standing.EXPECTED]

    @property
    def days_open(self) -> int:
        return sum(not closed for _, closed in self.days)

    @property
    def first_open(self) -> date | None:
        """The earliest day that is still to be closed."""
        return next((day for day, closed in self.days if not closed), None)

    def counts(self) -> dict[str, int]:
        """What stays of the outing when its list is gone."""
        standings = {standing.value: count for standing, count in self.standings.items()}
        return {
            **standings,
            "listed": sum(standings.values()),
            "all": self.recorded,
            "off_list": self.off_list,
            "unsent": self.unsent,
            "days": len(self.days),
        }


_SUMS: Final = """
SELECT count(*), coalesce(sum(listed = 0), 0), min(o.saved_at), max(o.saved_at),
 count(b.packet_id), coalesce(sum(CASE WHEN b.packet_id IS NOT NULL THEN r.size END), 0)
FROM outing_recording o JOIN recording r USING (packet_id) LEFT JOIN outbox b USING (packet_id) WHERE o.outing = ?
"""


def homecoming(here: Opened, number: int) -> Homecoming:
    """As it stands now."""
    recorded, off_list, first, last, unsent, size = here.store.rows(_SUMS, (number,))[0]
    days = sorted({at.astimezone(_zone(here)).date() for at in here.outings.recorded_at(number)})
    return Homecoming(
        int(recorded),
        int(off_list),
        int(unsent),
        int(size),
        tuple((day, here.day_end.is_closed(day)) for day in days),
        Span(first, _after(last)) if first else None,
        here.expected.standings(number),
    )


def close_outing(here: Opened, number: int, supervisor: Unlocked, *, without_paper: bool = False) -> Outing:
    """For good; the list of names goes. Raises `NotMetNotPrinted`, `OutingClosed`."""
    with here.store.tx():
        outing, found = here.outings.require_open(number), homecoming(here, number)
        if found.not_met and not without_paper and outing.paper_at is None:
            raise NotMetNotPrinted(count=found.not_met)
        return here.outings.close(number, found.counts(), by=supervisor.operator.subject)


def _after(at: str) -> str:
    """The second that follows."""
    return (datetime.fromisoformat(at) + timedelta(seconds=1)).isoformat(timespec="seconds")


def _zone(here: Opened) -> timezone:
    return zone_of_region(str(here.identity.station))
