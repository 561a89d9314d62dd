"""The worker: claims a case, runs its stage, commits the verdict; a bad packet never delays a good one (never 9)."""

import itertools
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext

import structlog
from psycopg import InterfaceError, OperationalError

from rekam.centre.case import Case, Lend, open_case
from rekam.centre.lease import kept
from rekam.centre.pipeline import Pipeline, Stage, StageElsewhere
from rekam.centre.queue import Claim, StageQueue, StaleWorker
from rekam.centre.vault import Vault
from rekam.enrolment.errors import RekamError
from rekam.storage.blobs import BlobStore
from rekam.storage.errors import DiskFull, DiskReserveReached, MirrorAway
from rekam.storage.pool import Pool
from rekam.web.i18n import error_text

__all__ = ["Worker"]

_ALONE = 0x72656B61  # first half of the advisory lock's key; the second is the stage's place in the list
_IDLE_SECONDS = 0.2
_AWAY_SECONDS = 1.0
_ROUNDS_BETWEEN_LOOKS = 25  # five seconds when idle, and never for ever when busy

log = structlog.get_logger()


class Worker:
    """Runs stages one at a time. Several workers, in threads or processes, share the work by the queue alone.

    `keep(renew, every_s)` renews the lease while a stage runs. `chores` are asked every few seconds whether
    something is due; each must bear being called by many at once.
    """

    def __init__(
        self,
        pool: Pool,
        queue: StageQueue,
        pipeline: Pipeline,
        packets: BlobStore,
        vault: Vault,
        *,
        keep: Callable[[Callable[[], None], float], AbstractContextManager[None]] = kept,
        chores: Sequence[Callable[[], object]] = (),
    ) -> None:
        self._pool = pool
        self._queue = queue
        self._pipeline = pipeline
        self._packets = packets
        self._vault = vault
        self._keep = keep
        self._elsewhere: set[str] = set()
        self._chores = chores

    def run(self, stop: threading.Event) -> None:
        """Works until told to stop; the case at hand is finished first. A database, disk or twin away is waited for."""
        for number in itertools.count():
            if stop.is_set():
                return
            try:
                if number % _ROUNDS_BETWEEN_LOOKS == 0:
                    self.look_around()
                if not self.run_once():
                    stop.wait(_IDLE_SECONDS)
            except (OperationalError, InterfaceError, DiskFull, DiskReserveReached, MirrorAway) as error:
                log.warning("database, disk or twin away", error=type(error).__name__)
                stop.wait(_AWAY_SECONDS)

    def look_around(self) -> None:
        """Frees the cases of dead workers; what another worker had may be free again too."""
        self._elsewhere.clear()
        with self._pool.connection() as connection:
            self._queue.reap(connection)
        for chore in self._chores:
            try:
                chore()
            except (OperationalError, InterfaceError):
                raise
            except Exception as error:  # noqa: BLE001  # no chore may keep the worker from its cases
                told = error_text(error) if isinstance(error, RekamError) else type(error).__name__
                log.warning("chore failed", told=told)

    def run_until_idle(self) -> int:
        """Works until nothing is ready; returns how many stages ran."""
        count = 0
        while self.run_once():
            count += 1
        return count

    def run_once(self) -> bool:
        """One stage of one case; False when nothing is ready."""
        with self._pool.connection() as connection:
            claim = self._queue.claim(connection, but=tuple(self._elsewhere))
        if claim is None:
            return False
        try:
            self._work(claim)
        except StaleWorker as error:
            log.warning("stale worker", packet_id=claim.packet_id, stage=claim.stage, told=str(error))
        return True

    def _work(self, claim: Claim) -> None:
        stage = self._pipeline.named(claim.stage)
        with self._keep(lambda: self._renew(claim), self._queue.renew_every_s):
            try:
                self._judge(stage, claim)
            except StaleWorker:
                raise
            except StageElsewhere:
                self._elsewhere.add(stage.name)
                with self._pool.connection() as connection:
                    self._queue.give_back(connection, claim)
            except (DiskFull, DiskReserveReached, MirrorAway):
                # the machine's trouble, not the packet's: nobody is quarantined for it
                with self._pool.connection() as connection:
                    self._queue.give_back(connection, claim)
                raise
            except Exception as error:  # noqa: BLE001  # whatever a packet provokes is told, retried and then quarantined
                self._fail(claim, error)

    def _judge(self, stage: Stage, claim: Claim) -> None:
        """The stage's verdict, committed. At no time does this take a second connection beside one that it holds: as
        many workers as a pool has connections would wait for one another for ever.
        """
        if not stage.alone:
            verdict = stage.run(self._case(self._pool.connection, claim))
            with self._pool.connection() as connection:
                self._queue.commit(connection, claim, verdict)
            return
        with self._pool.connection() as connection:
            # a transaction's own lock: it goes when the verdict is committed, or with the connection
            key = self._pipeline.names.index(stage.name)
            connection.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_ALONE, key])
            verdict = stage.run(self._case(lambda: nullcontext(connection), claim))
            self._queue.commit(connection, claim, verdict)

    def _case(self, lend: Lend, claim: Claim) -> Case:
        return open_case(lend, claim.packet_id, self._packets, self._vault)

    def _renew(self, claim: Claim) -> None:
        with self._pool.connection() as connection:
            self._queue.renew(connection, claim)

    def _fail(self, claim: Claim, error: Exception) -> None:
        # a foreign exception's text may quote what it choked on; its type is enough for the log and the list
        reason = error_text(error) if isinstance(error, RekamError) else type(error).__name__
        log.error("stage failed", packet_id=claim.packet_id, stage=claim.stage, attempt=claim.attempts, reason=reason)
        with self._pool.connection() as connection:
            self._queue.fail(connection, claim, reason)
