"""Stage 7: is this person in the gallery already? 1:1 against the own NIK, 1:N against everybody."""

from typing import Any, ClassVar

from psycopg import Connection

from rekam.abis.verdict import Verdict as Likeness
from rekam.centre.case import Case
from rekam.centre.misplaced import misplaced
from rekam.centre.registry import Found, Registry
from rekam.centre.sql import QUERIES
from rekam.centre.verdict import Effect, Pass, Verdict
from rekam.enrolment.status import Status

__all__ = ["Uniqueness"]

ONE_TO_ONE, ONE_TO_MANY = "ONE_TO_ONE", "ONE_TO_MANY"


class Uniqueness:
    """Alone across all workers: a search sees everybody who came before, so two recordings of one person
    cannot pass each other unseen.
    """

    name: ClassVar[str] = "uniqueness"
    alone: ClassVar[bool] = True
    failing: ClassVar[Status | None] = Status.SEARCH_FAILURE_AT_CENTRAL

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def run(self, case: Case) -> Verdict:
        self._registry.refresh(case.rows)
        probe = self._registry.probe(case)
        own = self._registry.compare_with_own(case, probe)
        other = self._registry.closest_other(case, probe)
        word, kind, found = judge(own, other)
        effects: list[Effect] = [self._registry.enter(case, probe), self._say(case, word, kind, found)]
        if word == "ADJUDICATE":
            effects.append(self._ask_experts(case, kind, found))
        return Pass(tuple(effects), _told(word, kind, found))

    @staticmethod
    def _say(case: Case, word: str, kind: str | None, found: Found | None) -> Effect:
        row: dict[str, Any] = {"packet_id": case.packet_id, "verdict": word, "kind": kind}
        row |= {"candidate": found.packet_id if found else None, "llr": found.llr if found else None}

        def commit(tx: Connection[Any]) -> None:
            tx.execute(QUERIES.record_verdict, row)

        return commit

    @staticmethod
    def _ask_experts(case: Case, kind: str | None, found: Found | None) -> Effect:
        row: dict[str, Any] = {"packet_id": case.packet_id, "kind": kind}
        row |= {"candidate": found.packet_id if found else None, "llr": found.llr if found else None}

        def commit(tx: Connection[Any]) -> None:
            tx.execute(QUERIES.open_adjudication, row)

        return commit


def _told(word: str, kind: str | None, found: Found | None) -> str:
    """For the case's history."""
    if found is None:
        return word
    return ", ".join((f"{word} {kind or ''} {found.llr}", *misplaced(found.arrangement.kinds)))


def judge(own: Found | None, other: Found | None) -> tuple[str, str | None, Found | None]:
    """The machine's word, its kind, and whom it is about.

    Somebody else's record that looks the same weighs most. A re-recording of a NIK that the centre holds is
    the same person, or goes to the experts: it never stays without a result.
    """
    if other is not None and other.likeness is Likeness.DUPLICATE:
        return "DUPLICATE", ONE_TO_MANY, other
    if own is not None and own.likeness is not Likeness.DUPLICATE:
        return "ADJUDICATE", ONE_TO_ONE, own
    if other is not None and other.likeness is Likeness.ADJUDICATE:
        return "ADJUDICATE", ONE_TO_MANY, other
    if own is not None:
        return "SAME_PERSON", ONE_TO_ONE, own
    return "UNIQUE", None, None
