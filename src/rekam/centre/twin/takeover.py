"""The twin takes over, step by step: `TakeOver`."""

import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

import psycopg
import structlog
from psycopg.conninfo import make_conninfo

from rekam.centre.twin.audit import Audit, audit
from rekam.centre.twin.far import FarCentre
from rekam.centre.twin.generations import QUERIES
from rekam.centre.twin.pairing import Mode
from rekam.enrolment.errors import RekamError
from rekam.exchange.errors import RemoteUnreachable
from rekam.exchange.generation import Generation
from rekam.storage.blobs import BlobStore
from rekam.storage.pool import connect_pool
from rekam.storage.replication import promote, receive_replayed
from rekam.trust.clock import Clock
from rekam.trust.keys import SigningKey
from rekam.trust.random import Random, SystemRandom

__all__ = ["CentreMayRun", "Progress", "TakeOver", "TwinBehind", "TwinIncomplete"]

_REPLAY_S: Final = 60.0
log = structlog.get_logger()


class CentreMayRun(RekamError):
    """The centre at {url} cannot be reached, so it cannot be told to stop. Nothing was changed. Make sure that it is
    switched off and stays off, then take over again and say so (--centre-is-off).
    """


class TwinIncomplete(RekamError):
    """This twin does not have everything: it was {mode} when it last heard from the centre. Nothing was changed.
    If the centre is lost, restore it from its backup, or take over all the same (--although-incomplete) and let the
    offices send again what is missing.
    """


class TwinBehind(RekamError):
    """The last {missing} bytes that the centre wrote have not come here within {seconds} seconds. The centre has
    stopped and holds them; nothing is lost. Mend the line between the two, then take over again. If the centre's disk
    is lost, take over all the same (--although-incomplete) and let the offices send again what is missing.
    """


class CopyNotPromoted(RekamError):
    """The copy of the database did not become a database of its own. Nothing was lost; read {log} and try again."""


@dataclass
class Progress:
    """How far a take-over is; `step` is one of `STEPS`, `failed` the sentence that ended it."""

    step: str = "idle"
    done: int = 0
    total: int = 0
    failed: str = ""
    code: str = ""
    notes: list[str] = field(default_factory=list)
    generation: int = 0
    audit: Audit | None = None

    def to_json(self) -> dict[str, Any]:
        return vars(self) | {"audit": self.audit.to_json() if self.audit else None}


class TakeOver:
    """Fences the centre, promotes the copy, begins a generation, looks at every packet; then `finished` is called.

    `dsn` reaches the standby's database. Each step may be repeated after a failure.
    """

    def __init__(
        self,
        dsn: str,
        stores: Mapping[str, BlobStore],
        key: SigningKey,
        centre: FarCentre,
        centre_url: str,
        finished: Callable[[], object],
        clock: Clock,
        random: Random | None = None,
    ) -> None:
        self._dsn = dsn
        self.stores = stores
        self._key = key
        self._centre = centre
        self._url = centre_url
        self._finished = finished
        self._clock = clock
        self._random = random or SystemRandom()
        self._thread: threading.Thread | None = None
        self.progress = Progress()

    def take_over(self, *, centre_is_off: bool, although_incomplete: bool, because: str) -> None:
        """Begin; what forbids it is raised before anything is changed here: `CentreMayRun`, `TwinIncomplete`,
        `TwinBehind`.
        """
        if self._thread is not None and self._thread.is_alive():
            return
        self.progress = Progress(step="asking")
        with psycopg.connect(self._dsn, autocommit=True) as connection:
            number, branch, at_ms = connection.execute(QUERIES.generation).fetchall()[0]
            row = connection.execute(QUERIES.pairing).fetchone()
            copies = connection.execute("SELECT pg_is_in_recovery()").fetchone() == (True,)
        if copies:
            mode = row[0] if row else Mode.SINGLE
            if mode != Mode.PAIRED and not although_incomplete:
                raise TwinIncomplete(mode=mode)
            following = Generation(number + 1, self._random.bytes(16).hex(), self._clock.stamp().wall_ms)
            self._fence(following, centre_is_off=centre_is_off, although_incomplete=although_incomplete)
        else:  # an earlier attempt was broken off after the database had become a primary
            following = Generation(number, branch, at_ms)
            if row is not None:
                following = Generation(number + 1, self._random.bytes(16).hex(), self._clock.stamp().wall_ms)
        self._thread = threading.Thread(target=self._run, args=(following, because), name="take-over", daemon=True)
        self._thread.start()

    def _fence(self, following: Generation, *, centre_is_off: bool, although_incomplete: bool) -> None:
        self.progress.step = "fencing"
        try:
            self._centre.fence(following.signed(self._key), self.await_all)
            self.progress.notes.append("centre fenced")
        except RemoteUnreachable as error:
            if not centre_is_off:
                raise CentreMayRun(url=self._url) from error
            self.progress.notes.append("centre said to be off")
        except TwinBehind:
            if not although_incomplete:
                raise
            self.progress.notes.append("centre fenced; its last words are not here")

    def await_all(self, ends: int, patience_s: float = _REPLAY_S) -> None:
        """Until the copy has all that the centre wrote before it was fenced. Raises `TwinBehind`: whatever the pairing
        says here, it may have gone on alone since.
        """
        deadline = time.monotonic() + patience_s
        with psycopg.connect(self._dsn, autocommit=True) as connection:
            while (missing := ends - receive_replayed(connection)[1]) > 0:
                if time.monotonic() > deadline:
                    raise TwinBehind(missing=missing, seconds=round(patience_s))
                time.sleep(0.05)

    def _run(self, following: Generation, because: str) -> None:
        try:
            self.progress.step = "promoting"
            self._promote(following, because)
            self.progress.step, self.progress.generation = "checking", following.number
            pool = connect_pool(self._dsn, max_size=2)
            try:
                self.progress.audit = audit(pool, self.stores["packets"], self.stores["vault"], self._count)
            finally:
                pool.close()
        except Exception as error:  # noqa: BLE001 - a thread's failure must reach the official
            self.progress.code = type(error).__name__
            self.progress.failed = str(error) if isinstance(error, RekamError) else self.progress.code
            self.progress.step = "failed"
            log.error("take-over failed", error=self.progress.code)  # noqa: TRY400 - a trace may quote a row
            return
        self.progress.step = "taken over"
        self._finished()

    def _count(self, done: int, total: int) -> None:
        self.progress.done, self.progress.total = done, total

    def _promote(self, following: Generation, because: str) -> None:
        # a fence that the copy has replayed must not hold here
        writing = make_conninfo(self._dsn, options="-c default_transaction_read_only=off")
        with psycopg.connect(writing, autocommit=True) as connection:
            if connection.execute("SELECT pg_is_in_recovery()").fetchone() == (True,) and not promote(connection):
                raise CopyNotPromoted(log="postgres/log")
            connection.execute("ALTER SYSTEM RESET ALL")
            connection.execute("SELECT pg_reload_conf()")
            database = psycopg.sql.Identifier(connection.info.dbname)
            connection.execute(
                psycopg.sql.SQL("ALTER DATABASE {} RESET default_transaction_read_only").format(database)
            )
            with suppress(psycopg.errors.UniqueViolation), connection.transaction():  # repeated after a failure
                connection.execute(
                    QUERIES.begin_generation,
                    {"number": following.number, "branch": following.branch, "how": "promoted", "because": because},
                )
                connection.execute(QUERIES.part)
                connection.execute(QUERIES.decide, {"decision": "take over", "by": "promote", "because": because})
