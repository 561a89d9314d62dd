"""How the centre stands with its twin, and the rule that nothing leaves before both have it: `Pairing`."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from psycopg import Connection

from rekam.centre.twin.generations import QUERIES
from rekam.enrolment.errors import RekamError
from rekam.storage.errors import MirrorAway
from rekam.storage.pool import Pool

__all__ = ["SINGLE", "Mode", "NoTwin", "Paired", "Pairing", "Standing"]

_PATIENCE_S: Final = 5.0
_FIRST_LOOK_S: Final = 0.001
_LONGEST_LOOK_S: Final = 0.05


class NoTwin(RekamError):
    """This centre has no twin. Nothing was changed. Start one with rekam centre twin."""


class Mode(StrEnum):
    """`SINGLE`: there is no twin. `CATCHING_UP`: one is being filled; until it is, one machine is enough, as before.
    `PAIRED`: nothing leaves that only one has. `REJOINING`: a twin that was paired lost what it had and is filled
    again; nothing leaves meanwhile. `ALONE`: an official lets one machine be enough.
    """

    SINGLE = "single"
    CATCHING_UP = "catching_up"
    REJOINING = "rejoining"
    PAIRED = "paired"
    ALONE = "alone"


@dataclass(frozen=True)
class Paired:
    """The row: mode, the twin's address, files missed while catching up, since when (UTC)."""

    mode: Mode = Mode.SINGLE
    url: str = ""
    missed: int = 0
    since: datetime | None = None


SINGLE: Final = Paired()


@dataclass(frozen=True)
class Standing:
    """`here`, `there`: bytes of the database's log that are durable on either machine; `there` is None where the twin
    does not follow at this moment. `recollecting`: a restored centre does not know yet what it once said.
    """

    mode: Mode
    here: int
    there: int | None
    recollecting: bool = False

    @property
    def settled(self) -> bool:
        """Whether all that anybody can read here may be told: both have it, or an official lets one be enough."""
        if self.recollecting:
            return False
        if self.mode is Mode.PAIRED:
            return self.there is not None and self.there >= self.here
        return self.mode is not Mode.REJOINING

    @property
    def behind(self) -> int | None:
        """Bytes of log that the twin has not got yet; None where it does not follow."""
        return None if self.there is None else max(0, self.here - self.there)


class Pairing:
    """The row about the twin, and the gate. Every method is one small transaction, in any process of the centre."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def now(self) -> Paired:
        with self._pool.connection() as connection:
            row = connection.execute(QUERIES.pairing).fetchone()
        return Paired(Mode(row[0]), row[1], row[2], row[3]) if row else Paired()

    def standing(self) -> Standing:
        with self._pool.connection() as connection:
            mode, here, there, recollecting = connection.execute(QUERIES.standing).fetchall()[0]
        return Standing(Mode(mode or Mode.SINGLE), int(here), None if there is None else int(there), recollecting)

    def settle(self, patience_s: float = _PATIENCE_S) -> None:
        """Return when everything that was committed before the call may be told. Raises `MirrorAway`.

        A commit waits for the twin anyhow, as long as it is there. This looks at what a reader sees, so it also holds
        after a restart, where rows become visible whose commit was cut short between the two machines.
        """
        first = self.standing()
        deadline, pause_s, standing = time.monotonic() + patience_s, _FIRST_LOOK_S, first
        while not Standing(standing.mode, first.here, standing.there, standing.recollecting).settled:
            if standing.recollecting:
                raise MirrorAway(reason="it was restored and recollects")
            if standing.there is None or standing.mode is Mode.REJOINING or time.monotonic() > deadline:
                raise MirrorAway(reason="it does not follow" if standing.there is None else "it is behind")
            time.sleep(pause_s)
            pause_s, standing = min(pause_s * 2, _LONGEST_LOOK_S), self.standing()

    def admit(self, url: str, *, kept: bool) -> None:
        """A twin at `url` begins; `kept` where it still holds all that it was ever given."""
        with self._writing() as tx:
            tx.execute(QUERIES.admit, {"url": url, "kept": kept})

    def note_missed(self) -> bool:
        """A file did not get there while the twin was catching up. False where it is not catching up any more."""
        with self._writing() as tx:
            return tx.execute(QUERIES.note_missed).fetchone() is not None

    def become_paired(self, missed: int) -> bool:
        """All is there. False where a file was missed since `missed` was read: look round again."""
        with self._writing() as tx:
            return tx.execute(QUERIES.become_paired, {"missed": missed}).fetchone() is not None

    def go_alone(self, by: str, because: str) -> None:
        """An official lets one machine be enough. Raises `NoTwin`."""
        with self._writing() as tx:
            if tx.execute(QUERIES.pairing).fetchone() is None:
                raise NoTwin
            tx.execute(QUERIES.go_alone)
            tx.execute(QUERIES.decide, {"decision": "alone", "by": by, "because": because})

    def come_back(self) -> None:
        """The twin is there again and catches up."""
        with self._writing() as tx:
            tx.execute(QUERIES.come_back)

    @contextmanager
    def _writing(self) -> Iterator[Connection[Any]]:
        """A transaction that is durable here and does not wait for the twin, of which it speaks."""
        with self._pool.connection() as tx:
            tx.execute("SET LOCAL synchronous_commit = local")
            yield tx
