"""Which case stands where, for the pages: `Casebook`. It reads tables only and knows nothing of residents."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from rekam.centre.sql import VIEWS
from rekam.centre.verdict import Queue
from rekam.enrolment.errors import RekamError
from rekam.enrolment.status import Status
from rekam.storage.pool import Pool

__all__ = [
    "BrokenChain",
    "CaseLine",
    "CasePage",
    "Casebook",
    "Event",
    "StageLine",
    "UnknownCase",
    "Vote",
    "WaitingCase",
]

LIST_LENGTH = 200


class UnknownCase(RekamError):
    """There is no case {packet_id} at the centre. Nothing was changed. Look for it by its number in the list."""


@dataclass(frozen=True)
class StageLine:
    """One stage of the board: cases ready or at work, those a worker holds, those that wait for a human.

    `oldest`: since when (UTC) the oldest of all these is there.
    """

    name: str
    moving: int = 0
    held: int = 0
    queues: Mapping[Queue, int] = field(default_factory=dict)
    oldest: datetime | None = None

    @property
    def total(self) -> int:
        return self.moving + sum(self.queues.values())


@dataclass(frozen=True)
class CaseLine:
    """One line of the case list; `stage` and `queue` are empty where the case is in none, `settled_at` None so far."""

    packet_id: str
    number: str
    office: str
    state: str
    status: Status
    received_at: datetime
    stage: str
    queue: str
    entered_at: datetime | None
    settled_at: datetime | None


@dataclass(frozen=True)
class BrokenChain:
    """A station's numbers in one epoch: how many below the highest have not come, how many came with other bytes."""

    station: str
    epoch: int
    missing: int
    forked: int


@dataclass(frozen=True)
class WaitingCase:
    """A case in a human queue: where it stands, since when, and the question or the reason."""

    packet_id: str
    number: str
    office: str
    stage: str
    since: datetime
    told: str


@dataclass(frozen=True)
class CasePage:
    """All that the tables say of one case; empty texts where there is nothing to say."""

    packet_id: str
    number: str
    station: str
    office: str
    state: str
    status: Status
    received_at: datetime
    settled_at: datetime | None
    stage: str
    queue: str
    entered_at: datetime | None
    attempts: int
    last_error: str
    verdict: str
    kind: str
    candidate: str
    candidate_number: str
    llr: float | None
    outcome: str
    reason: str
    order: int | None


@dataclass(frozen=True)
class Event:
    """One line of a case's history; `staff` is empty where the machine acted."""

    at: datetime
    stage: str
    verdict: str
    detail: str
    staff: str


@dataclass(frozen=True)
class Vote:
    """One expert's decision, shown once the case is closed."""

    expert: str
    decision: str
    note: str
    at: datetime


class Casebook:
    """Reads for pages; `stages` are the pipeline's names in order."""

    def __init__(self, pool: Pool, stages: tuple[str, ...]) -> None:
        self._pool = pool
        self.stages = stages

    def board(self) -> list[StageLine]:
        """Every stage in order, empty ones too."""
        queues: dict[str, dict[Queue, int]] = defaultdict(dict)
        moving: dict[str, tuple[int, int]] = {}
        oldest: dict[str, datetime] = {}
        with self._pool.connection() as connection:
            rows = connection.execute(VIEWS.stage_board).fetchall()
        for stage, queue, count, held, since in rows:
            oldest[stage] = min(since, oldest.get(stage, since))
            if queue:
                queues[stage][Queue(queue)] = count
            else:
                moving[stage] = (count, held)
        return [StageLine(name, *moving.get(name, (0, 0)), queues[name], oldest.get(name)) for name in self.stages]

    def broken_chains(self) -> list[BrokenChain]:
        """Forks first, then the longest gaps; at most fifty. A gap closes by itself when the packet arrives."""
        with self._pool.connection() as connection:
            return [BrokenChain(*row) for row in connection.execute(VIEWS.broken_chains)]

    def outcomes(self) -> dict[Status, int]:
        """How many cases ended with which status, the most frequent first."""
        with self._pool.connection() as connection:
            return {Status(status): count for status, count in connection.execute(VIEWS.outcomes).fetchall()}

    def queues(self) -> dict[Queue, tuple[int, datetime]]:
        """How many wait in each human queue and since when; queues without anybody are left out."""
        with self._pool.connection() as connection:
            rows = connection.execute(VIEWS.oldest_in_queues).fetchall()
        return {Queue(queue): (count, since) for queue, count, since in rows}

    def cases(self, *, state: str = "", queue: str = "", number: str = "") -> list[CaseLine]:
        """At most `LIST_LENGTH`: who waits first, oldest at the top. `number` is a packet number or its beginning."""
        row = {"state": state, "queue": queue, "number": number, "limit": LIST_LENGTH}
        with self._pool.connection() as connection:
            rows = connection.execute(VIEWS.cases, row).fetchall()
        return [CaseLine(*_with_status(row, at=4)) for row in rows]

    def waiting_in(self, queue: Queue) -> list[WaitingCase]:
        """One human queue, oldest first."""
        with self._pool.connection() as connection:
            return [WaitingCase(*row) for row in connection.execute(VIEWS.waiting_in, {"queue": queue}).fetchall()]

    def page(self, packet_id: str) -> CasePage:
        """Raises `UnknownCase`."""
        with self._pool.connection() as connection:
            row = connection.execute(VIEWS.case_page, {"packet_id": packet_id}).fetchone()
        if row is None:
            raise UnknownCase(packet_id=packet_id)
        return CasePage(*_with_status(row, at=5))

    def history(self, packet_id: str) -> list[Event]:
        """What happened to the case, first things first."""
        with self._pool.connection() as connection:
            return [Event(*row) for row in connection.execute(VIEWS.history, {"packet_id": packet_id}).fetchall()]

    def votes(self, packet_id: str) -> list[Vote]:
        """The experts' decisions on a closed case; none while it is open, so that nobody is led."""
        with self._pool.connection() as connection:
            return [Vote(*row) for row in connection.execute(VIEWS.decided_votes, {"packet_id": packet_id}).fetchall()]


def _with_status(row: tuple[Any, ...], *, at: int) -> list[Any]:
    return [Status(cell) if place == at else cell for place, cell in enumerate(row)]
