"""Stage 8: the result, with the print order in the same transaction; or two experts first."""

from typing import Any, ClassVar

from psycopg import Connection

from rekam.centre.case import Case
from rekam.centre.print_orders import PrintOrders
from rekam.centre.sql import QUERIES
from rekam.centre.verdict import Effect, Queue, Settle, Verdict, Wait
from rekam.enrolment.errors import RekamError
from rekam.enrolment.status import Status

__all__ = ["Decision"]


class VerdictMissing(RekamError):
    """The search has left no word on packet {number}. Nothing was decided; send the case back to its first stage
    from the quarantine list.
    """


class Decision:
    """Turns the machine's word, and the experts' where they were asked, into the one result of a packet."""

    name: ClassVar[str] = "decision"
    alone: ClassVar[bool] = False
    failing: ClassVar[Status | None] = None

    def __init__(self, print_orders: PrintOrders) -> None:
        self._print_orders = print_orders

    def run(self, case: Case) -> Verdict:
        word, kind, candidate, _, outcome, number = case.row("uniqueness_verdict") or (None,) * 6
        match word, kind, outcome:
            case ("UNIQUE", _, _) | ("SAME_PERSON", _, _):
                return self._print_ready(case, "")
            case ("ADJUDICATE", _, None):
                return Wait(Queue.ADJUDICATION, Status.ADJUDICATE_RECORD)
            case ("ADJUDICATE", "ONE_TO_MANY", "DIFFERENT_PERSONS") | ("ADJUDICATE", "ONE_TO_ONE", "SAME_PERSON"):
                return self._print_ready(case, "Diputuskan oleh dua petugas ahli.")
            case ("ADJUDICATE", "ONE_TO_ONE", _):
                reason = f"NIK ini sudah direkam atas orang lain ({number})."
                return Settle(Status.DUPLICATE_RECORD, reason, candidate)
            case ("DUPLICATE", _, _) | ("ADJUDICATE", "ONE_TO_MANY", "SAME_PERSON"):
                reason = f"Orang yang sama sudah direkam dengan NIK lain ({number})."
                return Settle(Status.DUPLICATE_RECORD, reason, candidate)
            case _:
                raise VerdictMissing(number=case.facts.number)

    def _print_ready(self, case: Case, reason: str) -> Settle:
        current, order = self._make_current(case), self._print_orders.order(case)
        return Settle(Status.PRINT_READY_RECORD, reason, effects=(current,), following=(order,))

    @staticmethod
    def _make_current(case: Case) -> Effect:
        row = {"packet_id": case.packet_id, "nik_hash": case.facts.nik_hash}

        def commit(tx: Connection[Any]) -> None:
            tx.execute(QUERIES.make_current, row)

        return commit
