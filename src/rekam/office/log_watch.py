"""The office as a witness of the public log, in a loop of its own: a failing log stops nothing else. `LogWatch`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog

from rekam.exchange.log import LogSource, log_key
from rekam.exchange.log_evidence import Evidence
from rekam.exchange.logged_receipts import Compared, LoggedReceipts
from rekam.exchange.pg.witness import Alarm, PgReceiptShelf, PgWitnessStore, WitnessState
from rekam.exchange.rounds import InRounds, Pauses, Round, Rounds
from rekam.exchange.witness import CosignatureTaker, Cosigner, Watched, Witness
from rekam.office.errors import AlarmUnknown, MissingReason
from rekam.office.own_past import OwnPast
from rekam.office.sql import QUERIES
from rekam.storage.pool import Pool
from rekam.trust.keys import VerifyKey

__all__ = ["Answer", "LogLine", "LogWatch"]

PAUSES: Final = Pauses(period_s=60.0, longest_s=600.0, first_s=1.0)
"""A checkpoint a minute is half a million a year in an office's database, some hundred bytes each. A centre that is
only just starting is asked again within seconds: when everything has come up, nobody reads "unreachable" any more.
"""

_log = structlog.get_logger("rekam.office")


@dataclass(frozen=True)
class LogLine:
    """The way to the centre's public log, and to where it takes cosignatures."""

    source: LogSource
    taker: CosignatureTaker | None = None


@dataclass(frozen=True)
class Answer:
    """What a member of staff did about an alarm."""

    number: int
    by: str
    note: str
    at: datetime


class LogWatch(InRounds):
    """`run_once` is one round; `start` runs them in a thread until `stop`. Without a line nothing happens.

    `past` vouches in each round that this server knows all that the office signed before.
    """

    def __init__(
        self, pool: Pool, line: LogLine | None, centre: VerifyKey, signer: Cosigner, *, pauses: Pauses = PAUSES
    ) -> None:
        self._pool = pool
        self.log = log_key(centre)
        self.signer = signer
        self.store = PgWitnessStore(pool)
        self.past = OwnPast(pool, line.taker if line else None, self.store, signer, self.log)
        self._witness: Witness | None = None
        self._receipts: LoggedReceipts | None = None
        if line is not None:
            self._witness = Witness(
                self.store, line.source, self.log, signer=signer, taker=line.taker, first=self.past.vouch
            )
            shelf = PgReceiptShelf(pool)
            self._receipts = LoggedReceipts(shelf, self.store, line.source, centre, self.log)
        self.watched = Watched()
        self.compared = Compared()
        self._rounds = Rounds("witness", self.run_once, pauses)

    def run_once(self) -> Round:
        """Watch the log, then compare the receipts at hand until none is left or something stands in the way."""
        if self._witness is None or self._receipts is None:
            return Round()
        self.watched = self._witness.run_once()
        moved = self.watched.grown
        while not self._rounds.stopping:
            self.compared = self._receipts.run_once()
            moved += self.compared.agreed + self.compared.denied
            if self.compared.problem or not self.compared.agreed + self.compared.denied:
                break
        problem = self.watched.problem or self.compared.problem
        if self.watched.breach or self.compared.denied:
            _log.error("the public log broke its word", breach=self.watched.breach, receipts=self.compared.denied)
        return Round(moved, problem)

    def state(self) -> WitnessState:
        """The figures of this moment."""
        return self.store.state()

    def alarms(self) -> list[tuple[Alarm, Answer | None]]:
        """Newest first, each with what was done about it."""
        with self._pool.connection() as connection:
            answers = {row[0]: Answer(*row) for row in connection.execute(QUERIES.alarm_answers)}
        return [(alarm, answers.get(alarm.number)) for alarm in self.store.alarms()]

    def open_alarms(self) -> int:
        """How many nobody answered yet."""
        with self._pool.connection() as connection:
            return int(connection.execute(QUERIES.open_alarms).fetchall()[0][0])

    def evidence(self, number: int) -> Evidence:
        """Raises AlarmUnknown."""
        for alarm in self.store.alarms():
            if alarm.number == number:
                return alarm.evidence
        raise AlarmUnknown

    def answer(self, number: int, note: str, *, by: str) -> None:
        """Note what was done about an alarm; the first note stays. Raises MissingReason, AlarmUnknown."""
        self.evidence(number)
        if not note.strip():
            raise MissingReason
        with self._pool.connection() as tx:
            tx.execute(QUERIES.answer_alarm, {"number": number, "note": note.strip(), "by": by})
