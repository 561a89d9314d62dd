"""Cases that failed oddly, held for a person, who sends them on: `Quarantine`."""

from rekam.centre.pipeline import Pipeline
from rekam.centre.queue import StageQueue
from rekam.centre.validation import NotWaiting
from rekam.centre.verdict import Queue
from rekam.storage.pool import Pool

__all__ = ["Quarantine"]


class Quarantine:
    """Sends quarantined cases back: to the stage that failed, or through all stages from the sealed packet anew."""

    def __init__(self, pool: Pool, queue: StageQueue, pipeline: Pipeline) -> None:
        self._pool = pool
        self._queue = queue
        self._pipeline = pipeline

    def release(self, packet_id: str, *, staff: str, note: str = "", from_first: bool = False) -> None:
        """Raises `NotWaiting` when the case is not in quarantine (any more)."""
        stage = self._pipeline.first if from_first else None
        with self._pool.connection() as connection, connection.transaction():
            released = self._queue.release(connection, packet_id, Queue.QUARANTINE, stage=stage, staff=staff, note=note)
            if not released:
                raise NotWaiting(packet_id=packet_id)
