"""The portal follows the public log: watches that it only grows, copies all of it, reads who witnesses it."""

from datetime import datetime
from typing import Final, Protocol

import structlog

from rekam.enrolment.errors import RekamError
from rekam.exchange.log import LogSource, log_key
from rekam.exchange.mirror import Mirror, MirroredLog
from rekam.exchange.pg.cosignatures import PgCosignatureBook
from rekam.exchange.pg.witness import Alarm, PgWitnessStore
from rekam.exchange.published_witnesses import PublishedWitnesses, WitnessList
from rekam.exchange.rounds import InRounds, Pauses, Round, Rounds
from rekam.exchange.witness import Witness
from rekam.portal.log_copy import PgMirrorStore
from rekam.portal.sql import QUERIES
from rekam.storage.pool import Pool
from rekam.trust.keys import VerifyKey

__all__ = ["LogFollowing", "PublishedLog"]

PAUSES: Final = Pauses(period_s=5.0, longest_s=60.0, first_s=5.0)
WITNESSES_EVERY: Final = 60
"""Rounds between two looks at the list of witnesses: some 600 kB with all 514 offices, five minutes apart."""

_log = structlog.get_logger("rekam.portal")


class PublishedLog(LogSource, WitnessList, Protocol):
    """The log with its list of witnesses. Adapter: `HttpLog`."""


class LogFollowing(InRounds):
    """`run_once` is one round; `start` runs them in a thread until `stop`. Without a source the copy stays as it is."""

    def __init__(
        self, pool: Pool, source: PublishedLog | None, centre: VerifyKey, root: VerifyKey, *, pauses: Pauses = PAUSES
    ) -> None:
        self._pool = pool
        self.key = log_key(centre)
        self.witnessed = PgWitnessStore(pool)
        self.store = PgMirrorStore(pool)
        self.witnesses = PgCosignatureBook(pool)
        self.copy = MirroredLog(self.store, self.witnessed)
        self.problem: RekamError | None = None
        self._parts: tuple[Witness, Mirror, PublishedWitnesses] | None = None
        if source is not None:
            self._parts = (
                Witness(self.witnessed, source, self.key),
                Mirror(self.store, source, self.witnessed),
                PublishedWitnesses(source, self.witnesses, self.store, self.witnessed, root=root, log=self.key),
            )
        self._round = 0
        self._rounds = Rounds("log", self.run_once, pauses)

    def run_once(self) -> Round:
        """Watch, copy until all is there or something stands in the way, and now and then read the witnesses."""
        if self._parts is None:
            return Round()
        witness, mirror, published = self._parts
        watched = witness.run_once()
        copied = mirror.run_once()
        moved = copied.added
        while copied.added and copied.missing and not self._rounds.stopping:
            copied = mirror.run_once()
            moved += copied.added
        before, self.problem = self.problem, watched.problem or copied.problem
        if self.problem is None and watched.breach is None and not copied.missing:
            with self._pool.connection() as connection:
                connection.execute(QUERIES.log_reached)
        if self.problem is None and self._round % WITNESSES_EVERY == 0:
            published.run_once()
        self._round += 1
        if watched.breach:
            _log.error("the public log broke its word", breach=watched.breach)
        elif (before is None) is not (self.problem is None):
            _log.info("log", reached=self.problem is None, reason=self.problem.code if self.problem else None)
        return Round(moved, self.problem)

    def reached_at(self) -> datetime | None:
        """When the copy last held all that the log said it has."""
        with self._pool.connection() as connection:
            row = connection.execute(QUERIES.log_contact).fetchone()
        return row[0] if row else None

    def alarms(self) -> list[Alarm]:
        """Breaches of the log, newest first."""
        return self.witnessed.alarms()
