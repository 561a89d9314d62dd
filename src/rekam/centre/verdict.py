"""What a stage says of a case: `Pass`, `Settle`, `Reject` or `Wait`, with the effects that commit beside it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from psycopg import Connection

from rekam.enrolment.status import Status

__all__ = ["Effect", "Pass", "Queue", "Reject", "Settle", "Verdict", "Wait"]

type_of_row = tuple[Any, ...]
Effect = Callable[[Connection[type_of_row]], None]
"""A change that a stage wants; it runs in the transaction that moves the case, or not at all."""


class Queue(StrEnum):
    """Where a case waits for a human: each is a work list on a page (never 20)."""

    ADJUDICATION = "adjudication"
    VALIDATION = "validation"
    QUARANTINE = "quarantine"


@dataclass(frozen=True)
class Pass:
    """The stage is content; the case goes to whatever comes next. What `following` does finds it there."""

    effects: tuple[Effect, ...] = ()
    detail: str = ""
    following: tuple[Effect, ...] = ()


@dataclass(frozen=True)
class Settle:
    """The case ends with a result that everybody is told, at once with its effects. What `following` tells stands
    after the result in the feed: a print order, which an office that has it must find deserved.
    """

    status: Status
    reason: str = ""
    candidate: str | None = None
    effects: tuple[Effect, ...] = ()
    following: tuple[Effect, ...] = ()

    @property
    def detail(self) -> str:
        return f"{self.status} {self.reason}".strip()


@dataclass(frozen=True)
class Reject:
    """The packet itself is no enrolment: nothing in it can be believed. It is kept, told, and ends here."""

    reason: str
    effects: tuple[Effect, ...] = ()

    @property
    def detail(self) -> str:
        return self.reason


@dataclass(frozen=True)
class Wait:
    """A human has to act; the same stage runs again when they have. `told` is the status shown meanwhile."""

    queue: Queue
    told: Status
    effects: tuple[Effect, ...] = ()
    detail: str = ""


Verdict = Pass | Settle | Reject | Wait
