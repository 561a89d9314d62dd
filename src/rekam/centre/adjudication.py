"""Two different experts, neither the recording operator, decide what the machine could not: `Adjudication`."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from psycopg import Connection
from psycopg.errors import IntegrityConstraintViolation, UniqueViolation

from rekam.centre.queue import StageQueue
from rekam.centre.sql import QUERIES
from rekam.centre.verdict import Queue
from rekam.enrolment.errors import RekamError
from rekam.storage.pool import Pool

__all__ = [
    "Adjudication",
    "AlreadyDecided",
    "NotImpartial",
    "OpenCase",
    "Outcome",
    "Pair",
    "UnknownAdjudication",
]


class Outcome(StrEnum):
    """What an expert may say: both are honest answers, false duplicates exist (DOMAIN section 4)."""

    SAME_PERSON = "SAME_PERSON"
    DIFFERENT_PERSONS = "DIFFERENT_PERSONS"


class NotImpartial(RekamError):
    """You recorded one of these two residents, so this case is for other experts. Nothing was changed.
    Open the next case of your list.
    """


class AlreadyDecided(RekamError):
    """Your decision on this case is already noted, or the case is closed. Nothing was changed.
    Open the next case of your list.
    """


class UnknownAdjudication(RekamError):
    """There is no case {packet_id} for experts. Nothing was changed. Go back to the list."""


@dataclass(frozen=True)
class OpenCase:
    """One line of the work list. `votes`: how many experts have decided; names are never shown before the end."""

    packet_id: str
    number: str
    candidate_number: str
    kind: str
    llr: float
    opened_at: datetime
    votes: int


@dataclass(frozen=True)
class Pair:
    """Two recordings to compare: the newer one that waits, and the earlier one that it resembles."""

    packet_id: str
    number: str
    candidate: str
    candidate_number: str
    kind: str
    llr: float
    opened_at: datetime


class Adjudication:
    """The experts' work list and their votes. The rules themselves are held by the database's triggers."""

    def __init__(self, pool: Pool, queue: StageQueue) -> None:
        self._pool = pool
        self._queue = queue

    def work_list(self, expert: str) -> list[OpenCase]:
        """Open cases that this expert may decide and has not decided, oldest first."""
        with self._pool.connection() as connection:
            rows = connection.execute(QUERIES.open_adjudications, {"expert": expert}).fetchall()
        return [OpenCase(*row) for row in rows]

    def examine(self, packet_id: str, expert: str) -> Pair:
        """The two recordings that this expert is to compare.

        Raises `UnknownAdjudication`, `NotImpartial` or `AlreadyDecided`: who may not decide need not look either.
        """
        with self._pool.connection() as connection:
            row = connection.execute(QUERIES.adjudication, {"packet_id": packet_id, "expert": expert}).fetchone()
        if row is None:
            raise UnknownAdjudication(packet_id=packet_id)
        *facts, is_closed, has_recorded, has_decided = row
        if has_recorded:
            raise NotImpartial
        if is_closed or has_decided:
            raise AlreadyDecided
        return Pair(*facts)

    def decide(self, packet_id: str, expert: str, outcome: Outcome, note: str = "") -> Outcome | None:
        """Notes one expert's decision. When two agree the case goes on and the outcome is returned;
        None while another expert is needed (two who differ ask for a third).
        """
        row = {"packet_id": packet_id, "expert": expert, "decision": outcome, "note": note}
        with self._pool.connection() as connection, connection.transaction():
            self._lock_open(connection, packet_id)
            try:
                with connection.transaction():
                    connection.execute(QUERIES.vote, row)
            except UniqueViolation:
                raise AlreadyDecided from None
            except IntegrityConstraintViolation:
                raise NotImpartial from None
            votes: dict[str, int] = dict(connection.execute(QUERIES.votes, {"packet_id": packet_id}).fetchall())
            if votes.get(outcome, 0) < 2:
                return None
            connection.execute(QUERIES.close_adjudication, {"packet_id": packet_id, "outcome": outcome})
            self._queue.release(connection, packet_id, Queue.ADJUDICATION)
        return outcome

    @staticmethod
    def _lock_open(connection: Connection[Any], packet_id: str) -> None:
        row = connection.execute(QUERIES.lock_adjudication, {"packet_id": packet_id}).fetchone()
        if row is None:
            raise UnknownAdjudication(packet_id=packet_id)
        if row[0] is not None:
            raise AlreadyDecided
