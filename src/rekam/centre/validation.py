"""REQUEST_VALIDATION: what the office answered, noted by the centre's staff: `Validations`."""

from enum import StrEnum

from rekam.centre.queue import StageQueue
from rekam.centre.sql import QUERIES
from rekam.centre.verdict import Queue
from rekam.enrolment.errors import RekamError
from rekam.storage.pool import Pool

__all__ = ["Answer", "NotWaiting", "Validations"]


class NotWaiting(RekamError):
    """The case {packet_id} does not wait here any more: somebody else was first. Nothing was changed.
    Open the next case of the list.
    """


class Answer(StrEnum):
    """What the office can say of biodata that differ from the register."""

    CONFIRMED = "CONFIRMED"
    REFUSED = "REFUSED"


class Validations:
    """Notes answers and sends the cases on, both or neither."""

    def __init__(self, pool: Pool, queue: StageQueue) -> None:
        self._pool = pool
        self._queue = queue

    def answer(self, packet_id: str, answer: Answer, *, staff: str, note: str) -> None:
        """The register stage runs again and finds the answer. Raises `NotWaiting`, and nothing was noted then.

        `note` says who at the office answered. It stays here: what goes down to the places is the answer alone.
        """
        row = {"packet_id": packet_id, "answer": answer, "note": note, "staff": staff}
        with self._pool.connection() as connection, connection.transaction():
            if not self._queue.release(connection, packet_id, Queue.VALIDATION, staff=staff, note=answer):
                raise NotWaiting(packet_id=packet_id)
            connection.execute(QUERIES.answer_validation, row)
