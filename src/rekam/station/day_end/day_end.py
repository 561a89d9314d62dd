"""A day at this station ends: counted, approved by a supervisor, signed: `DayEnd`."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timezone
from typing import Final

from rekam.enrolment.errors import RekamError
from rekam.enrolment.zones import zone_of_region
from rekam.exchange.day_word import NO_WORD, DayWord, digest_of, read_day_word, sign_day_word
from rekam.station.day_end.counts import DayCounts, count_day, left_open
from rekam.station.store import StationStore
from rekam.station.unlock import Unlocked
from rekam.trust.clock import LegalClock

__all__ = ["DayAlreadyClosed", "DayClosed", "DayEnd", "DayNotClosed", "DayNotYet", "ReopenNeedsReason", "Spoken"]


_KNOWN: Final = "day-words-known"


class DayClosed(RekamError):
    """The day {day} was closed by {name}, so nothing more is recorded on it. Every recording and every half-done
    sitting is kept. A supervisor can reopen the day on the page "Tutup hari"; then go on here.
    """


class DayAlreadyClosed(RekamError):
    """The day {day} is closed already; a day is closed once. Nothing was changed. Print its paper, or have a supervisor
    reopen it first.
    """


class DayNotClosed(RekamError):
    """The day {day} is not closed, so there is nothing to reopen and no paper yet. Nothing was changed.
    Close it first.
    """


class DayNotYet(RekamError):
    """The day {day} has not begun here. Nothing was changed. Choose today or an earlier day."""


class ReopenNeedsReason(RekamError):
    """Reopening a closed day needs a reason of your own words; it is signed and goes to the office. Nothing was
    changed. Write why the day goes on, then reopen it.
    """


@dataclass(frozen=True)
class Spoken:
    """A word as it was signed."""

    word: DayWord
    data: bytes

    @property
    def at(self) -> datetime:
        """By the station's legal time, UTC."""
        return datetime.fromtimestamp(self.word.at_ms / 1000, UTC)

    @property
    def digest(self) -> str:
        """64 hex digits, for papers."""
        return digest_of(self.data).hex()


class DayEnd:
    """Words are appended and never change; the newest one on a day says whether it is closed."""

    def __init__(self, store: StationStore, legal: LegalClock) -> None:
        self._store = store
        self._legal = legal
        identity = store.identity()
        self.zone: timezone = zone_of_region(identity.station)
        self._root = identity.root
        self._me = (str(identity.station), identity.epoch)

    def today(self) -> date:
        """By the legal time, in the station's zone."""
        return self._legal.now().at.astimezone(self.zone).date()

    def counts(self, day: date) -> DayCounts:
        """As the day stands now."""
        return count_day(self._store, day, self.zone)

    def last(self, day: date) -> Spoken | None:
        """The newest word on `day`."""
        row = self._store.row("SELECT data FROM day_word WHERE day = ? ORDER BY n DESC LIMIT 1", (day.isoformat(),))
        return self._spoken(row[0]) if row else None

    def history(self, limit: int = 14) -> list[Spoken]:
        """Newest first."""
        rows = self._store.rows("SELECT data FROM day_word ORDER BY n DESC LIMIT ?", (limit,))
        return [self._spoken(data) for (data,) in rows]

    def is_closed(self, day: date) -> bool:
        row = self._store.row("SELECT what FROM day_word WHERE day = ? ORDER BY n DESC LIMIT 1", (day.isoformat(),))
        return row is not None and row[0] == "closed"

    def require_open(self) -> None:
        """Raises `DayClosed` where today was closed."""
        today = self.today()
        if self.is_closed(today) and (spoken := self.last(today)):
            raise DayClosed(day=today, name=spoken.word.name)

    def left_open(self) -> list[date]:
        """Earlier days with work that nobody closed, oldest first."""
        return left_open(self._store, self.today(), self.zone)

    def close(self, day: date, supervisor: Unlocked) -> Spoken:
        """Durable when it returns. Raises `DayAlreadyClosed`, `DayNotYet`."""
        if day > self.today():
            raise DayNotYet(day=day)
        with self._store.tx():
            if self.is_closed(day):
                raise DayAlreadyClosed(day=day)
            counts = self.counts(day)
            return self._say(day, "closed", supervisor, counts)

    def reopen(self, day: date, supervisor: Unlocked, reason: str) -> Spoken:
        """Durable when it returns. Raises `DayNotClosed`, `ReopenNeedsReason`."""
        if not reason.strip():
            raise ReopenNeedsReason
        with self._store.tx():
            if not self.is_closed(day):
                raise DayNotClosed(day=day)
            return self._say(day, "reopened", supervisor, self.counts(day), reason.strip())

    def after(self, n: int) -> list[bytes]:
        """The signed words that follow word `n`, in their order."""
        return [
            data for (data,) in self._store.rows("SELECT data FROM day_word WHERE n > ? ORDER BY n LIMIT 100", (n,))
        ]

    def known(self) -> int:
        """The number of the newest word that the office said it has, over the line or by courier."""
        return int.from_bytes(self._store.setting(_KNOWN) or b"", "big")

    def note_known(self, n: int) -> None:
        """The office said so; one that was set back says less than before, and is believed."""
        if n != self.known():
            self._store.put_setting(_KNOWN, n.to_bytes(8, "big"))

    def newest(self) -> int:
        """The number of the newest word, 0 before the first."""
        return int((self._store.row("SELECT coalesce(max(n), 0) FROM day_word") or (0,))[0])

    def _say(self, day: date, what: str, supervisor: Unlocked, counts: DayCounts, reason: str = "") -> Spoken:
        n, previous = self._store.row("SELECT n, digest FROM day_word ORDER BY n DESC LIMIT 1") or (0, NO_WORD)
        _, sequence, packet = self._store.rows("SELECT epoch, sequence, packet FROM chain_head")[0]
        now = self._legal.now().at
        operator = supervisor.operator
        word = DayWord(
            *self._me,
            n + 1,
            day.isoformat(),
            "closed" if what == "closed" else "reopened",
            round(now.timestamp() * 1000),
            operator.subject,
            operator.name,
            previous,
            sequence,
            packet,
            counts.to_map(),
            counts.first,
            counts.last,
            reason,
        )
        data = sign_day_word(word, supervisor.signing, supervisor.chain)
        row = (word.n, word.day, what, now.isoformat(timespec="seconds"), word.by, data, digest_of(data))
        with self._store.tx() as tx:
            tx.execute("INSERT INTO day_word VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        return Spoken(word, data)

    def _spoken(self, data: bytes) -> Spoken:
        return Spoken(read_day_word(data, self._root), data)
