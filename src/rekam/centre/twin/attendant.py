"""Keeps the centre paired with its twin, over and over: `Attendant`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import structlog

from rekam.centre.twin.far import Bond, FarTwin
from rekam.centre.twin.look_round import look_round
from rekam.centre.twin.pairing import SINGLE, Mode, Paired, Pairing, Standing
from rekam.centre.twin.word import Word, WordUnreadable
from rekam.enrolment.errors import RekamError
from rekam.exchange.generation import Generation
from rekam.exchange.rounds import Pauses, Round, Rounds
from rekam.storage.blobs import BlobStore
from rekam.storage.pool import Pool
from rekam.storage.replication import synchronous

__all__ = ["Attendant", "Seen"]

PAUSES: Final = Pauses(period_s=1.0, longest_s=2.0, first_s=0.5)
_LET_GO_NS: Final = 10_000_000_000
"""Commits that wait for a twin that stays away so long are let go: they hold connections that pages need. What they
committed is told to nobody; the gate sees to it.
"""

log = structlog.get_logger()


@dataclass(frozen=True)
class Seen:
    """What the newest round saw, for pages: the twin's address and mode, whether it answers and follows, how many
    bytes of log it is behind, how many blobs a running look round has compared and brought, and since when it is away
    (monotonic nanoseconds; None while it is there).
    """

    paired: Paired = SINGLE
    answers: bool = False
    behind: int | None = None
    looked_at: int = 0
    brought: int = 0
    away_since_ns: int | None = None


class Attendant:
    """One loop in the centre's web process. `superseded` is told when the machine at the twin's address turns out to be
    the centre of a newer generation.
    """

    def __init__(
        self,
        pool: Pool,
        pairing: Pairing,
        bond: Bond,
        stores: Sequence[tuple[str, BlobStore]],
        generation: Generation,
        superseded: Callable[[Generation], object],
        *,
        pauses: Pauses = PAUSES,
    ) -> None:
        self._pool = pool
        self._pairing = pairing
        self._bond = bond
        self._stores = stores
        self._generation = generation
        self._superseded = superseded
        self._waits: bool | None = None
        self.seen = Seen()
        self._rounds = Rounds("twin", self.run_once, pauses)

    def start(self) -> None:
        self._rounds.start()

    def stop(self) -> None:
        self._rounds.stop()

    def run_once(self) -> Round:
        """One look at the twin, and what it calls for."""
        paired = self._pairing.now()
        if paired.mode is Mode.SINGLE:
            self.seen = Seen()
            return Round()
        try:
            word = FarTwin(paired.url, self._bond).hello()
        except RekamError as error:
            return self._away(paired, self._pairing.standing(), error)
        if word.role == "centre" and word.generation > self._generation.number:
            self._superseded(Generation(word.generation, word.branch, 0))
            return Round()
        self._require_twin(word)
        standing = self._pairing.standing()
        if standing.there is None:
            return self._away(paired, standing, None)
        self.seen = Seen(paired, answers=True, behind=standing.behind)
        if paired.mode is Mode.ALONE:
            self._pairing.come_back()
            log.warning("the twin is back and catches up")
        elif paired.mode in {Mode.CATCHING_UP, Mode.REJOINING}:
            self._catch_up(paired)
        self._wait_for_it(wanted=True)
        return Round()

    def _catch_up(self, paired: Paired) -> None:
        def progress(looked_at: int, brought: int) -> None:
            self.seen = Seen(paired, answers=True, behind=self.seen.behind, looked_at=looked_at, brought=brought)

        look_round(self._stores, FarTwin(paired.url, self._bond), progress)
        self._wait_for_it(wanted=True)
        # rows committed up to now may still be on their way: from here on the gate waits for them
        if self._pairing.become_paired(paired.missed):
            log.warning("paired: nothing leaves this centre from now on that its twin does not have")

    def _away(self, paired: Paired, standing: Standing, error: RekamError | None) -> Round:
        now = self._bond.clock.stamp().monotonic_ns
        since = self.seen.away_since_ns if self.seen.away_since_ns is not None else now
        self.seen = Seen(paired, answers=error is None, behind=standing.behind, away_since_ns=since)
        if paired.mode is Mode.ALONE or now - since >= _LET_GO_NS:
            self._wait_for_it(wanted=False)
        return Round(problem=error)

    def _wait_for_it(self, *, wanted: bool) -> None:
        if self._waits is not wanted:
            with self._pool.connection() as connection:
                connection.autocommit = True
                try:
                    synchronous(connection, wanted)
                finally:
                    connection.autocommit = False
            self._waits = wanted

    @staticmethod
    def _require_twin(word: Word) -> None:
        if word.role != "twin":
            raise WordUnreadable(reason="it is a centre")
