"""The stage queue: claim under a lease and a fencing token, commit verdict and transition as one (never 11, 12, 20)."""

from dataclasses import dataclass
from typing import Any

from psycopg import Connection

from rekam.centre.pipeline import Pipeline
from rekam.centre.results import Results
from rekam.centre.sql import QUERIES
from rekam.centre.verdict import Pass, Queue, Reject, Settle, Verdict, Wait
from rekam.enrolment.errors import RekamError
from rekam.enrolment.status import Status
from rekam.web.i18n import error_text

__all__ = ["Claim", "StageQueue", "StaleWorker", "WorkersLost"]

LEASE_SECONDS = 15  # renewed while the stage runs; a dead worker's case is free after so long
PAUSES = (2, 10, 60)  # seconds before a technical failure is tried again; after the last comes quarantine


class StaleWorker(RekamError):
    """A worker came back with packet {packet_id} after its lease had gone to another. Its work was thrown away;
    nothing is counted twice. Look at the machine's load if this comes back.
    """


class WorkersLost(RekamError):
    """The worker broke off in this stage, {times} times in a row. The sealed packet is safe. Look at the machine's
    log and memory, then send the case on.
    """


@dataclass(frozen=True)
class Claim:
    """One case, leased to one worker. `token` grows with every claim: only its newest holder may commit."""

    packet_id: str
    stage: str
    token: int
    attempts: int


class StageQueue:
    """The `packet_stage` table as a queue. Every method is one transaction on the connection it is given."""

    def __init__(self, pipeline: Pipeline, results: Results, *, lease_seconds: float = LEASE_SECONDS) -> None:
        self._pipeline = pipeline
        self._results = results
        self._lease = lease_seconds

    def claim(self, connection: Connection[Any], *, but: tuple[str, ...] = ()) -> Claim | None:
        """Leases the oldest ready case whose stage is not in `but`; None when there is nothing to do."""
        with connection.transaction():
            row = connection.execute(QUERIES.claim, {"lease_s": self._lease, "but": list(but)}).fetchone()
        return Claim(*row) if row else None

    @property
    def renew_every_s(self) -> float:
        """How often a worker renews: three chances before the lease runs out."""
        return self._lease / 4

    def renew(self, connection: Connection[Any], claim: Claim) -> None:
        """The worker still works on it; changes nothing where the token is no longer the newest."""
        row = {"packet_id": claim.packet_id, "token": claim.token, "lease_s": self._lease}
        with connection.transaction():
            connection.execute(QUERIES.renew, row)

    def commit(self, connection: Connection[Any], claim: Claim, verdict: Verdict) -> None:
        """Effects, transition and history in one transaction; raises `StaleWorker` and changes nothing otherwise."""
        with connection.transaction():
            self._hold(connection, claim)
            for effect in verdict.effects:
                effect(connection)
            connection.execute(
                QUERIES.record_history,
                {
                    "packet_id": claim.packet_id,
                    "stage": claim.stage,
                    "token": claim.token,
                    "verdict": type(verdict).__name__.upper(),
                    "detail": verdict.detail,
                },
            )
            self._move(connection, claim, verdict)

    def _move(self, tx: Connection[Any], claim: Claim, verdict: Verdict) -> None:
        match verdict:
            case Pass(following=following):
                tx.execute(QUERIES.advance, {"packet_id": claim.packet_id, "stage": self._pipeline.after(claim.stage)})
                self._results.tell(tx, claim.packet_id, Status.RECEIVED_AT_CENTRAL)
                for effect in following:
                    effect(tx)
            case Wait(queue=queue, told=told, detail=detail):
                tx.execute(QUERIES.park, {"packet_id": claim.packet_id, "queue": queue, "reason": detail})
                self._results.tell(tx, claim.packet_id, told)
            case Settle(status=status, reason=reason, candidate=candidate, following=following):
                tx.execute(QUERIES.leave, {"packet_id": claim.packet_id})
                self._results.settle(tx, claim.packet_id, status, reason, candidate)
                for effect in following:
                    effect(tx)
            case Reject(reason=reason):
                tx.execute(QUERIES.leave, {"packet_id": claim.packet_id})
                self._results.reject(tx, claim.packet_id, reason)

    def fail(self, connection: Connection[Any], claim: Claim, reason: str) -> None:
        """A technical failure: again after a pause, or quarantine with the reason, where a human looks at it."""
        with connection.transaction():
            self._hold(connection, claim)
            if claim.attempts > len(PAUSES):
                self._quarantine(connection, claim, reason)
                return
            pause = PAUSES[claim.attempts - 1]
            connection.execute(QUERIES.retry_later, {"packet_id": claim.packet_id, "reason": reason, "pause_s": pause})
            failing = self._pipeline.named(claim.stage).failing
            if failing is not None:
                self._results.tell(connection, claim.packet_id, failing)

    def _quarantine(self, tx: Connection[Any], claim: Claim, reason: str) -> None:
        tx.execute(
            QUERIES.record_history,
            {
                "packet_id": claim.packet_id,
                "stage": claim.stage,
                "token": claim.token,
                "verdict": "QUARANTINE",
                "detail": reason,
            },
        )
        tx.execute(QUERIES.park, {"packet_id": claim.packet_id, "queue": Queue.QUARANTINE, "reason": reason})
        self._results.quarantine(tx, claim.packet_id)

    def release(
        self,
        connection: Connection[Any],
        packet_id: str,
        queue: Queue,
        *,
        stage: str | None = None,
        staff: str = "",
        note: str = "",
    ) -> bool:
        """A human has acted: the case goes back to the workers. False when it does not wait in that queue.

        Where `staff` is named, the history tells who sent it on, with `note`.
        """
        with connection.transaction():
            row = {"packet_id": packet_id, "queue": queue, "stage": stage}
            released = connection.execute(QUERIES.release, row).rowcount == 1
            if released and staff:
                connection.execute(QUERIES.record_release, {"packet_id": packet_id, "staff": staff, "note": note})
            if released and queue is Queue.QUARANTINE:
                self._results.leave_quarantine(connection, packet_id)
        return released

    def reap(self, connection: Connection[Any]) -> list[str]:
        """Frees the cases of dead workers, on the database's clock; returns their packet ids.

        A case whose workers die again and again is the likely cause of it, and goes to quarantine.
        """
        with connection.transaction():
            lost = [Claim(*row) for row in connection.execute(QUERIES.reap).fetchall()]
            for claim in lost:
                if claim.attempts > len(PAUSES):
                    self._quarantine(connection, claim, error_text(WorkersLost(times=claim.attempts)))
                else:
                    connection.execute(QUERIES.free, {"packet_id": claim.packet_id})
        return [claim.packet_id for claim in lost]

    def give_back(self, connection: Connection[Any], claim: Claim) -> None:
        """The worker cannot run this stage, another one can; the case is as if it had never been claimed."""
        connection.execute(QUERIES.give_back, {"packet_id": claim.packet_id, "token": claim.token})

    @staticmethod
    def _hold(tx: Connection[Any], claim: Claim) -> None:
        row = {"packet_id": claim.packet_id, "token": claim.token}
        if tx.execute(QUERIES.hold, row).fetchone() is None:
            raise StaleWorker(packet_id=claim.packet_id)
