"""Whom an outing expects, and where each of them stands: `ExpectedList`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final, Literal, Protocol

from rekam.enrolment.check import CheckAdvice, CheckAnswer
from rekam.enrolment.errors import RekamError
from rekam.station.store import StationStore
from rekam.trust.at_rest import keyed_hash

__all__ = ["MOST_EXPECTED", "AskAll", "Expected", "ExpectedList", "Invited", "ListFull", "Source", "Standing"]

MOST_EXPECTED: Final = 20_000
"""Forty days of a mobile unit at its best (DOMAIN.md: 400 to 500 a day)."""
Source = Literal["register", "list"]
"""The station's extract of the register, or a list that office or village gave."""
AskAll = Callable[[Sequence[str]], Sequence[CheckAdvice]]
"""Who of these NIKs is recorded already, as far as this station knows; in their order."""


class Invited(Protocol):
    """What a list needs to know of somebody: a `Biodata`, or a `Neighbour`."""

    @property
    def nik(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def birth_date(self) -> date: ...
    @property
    def village(self) -> str: ...
    @property
    def rw(self) -> str: ...
    @property
    def rt(self) -> str: ...


class ListFull(RekamError):
    """With these the list would have {count} residents, and an outing can expect {most}. Nothing was taken over.
    Choose fewer, or plan several outings.
    """


class Standing(StrEnum):
    """Where one of the list stands, in the order in which it is asked."""

    RECORDED = "recorded"
    """On this outing."""
    EARLIER = "earlier"
    """At this station, on another day."""
    ELSEWHERE = "elsewhere"
    """According to the feed."""
    PERHAPS = "perhaps"
    """Very probably, according to the offline check."""
    EXPECTED = "expected"


@dataclass(frozen=True)
class Expected:
    """One resident of the list; `at` is when they were recorded here or elsewhere, None where that is not known."""

    nik: str
    name: str
    birth_date: date
    village: str
    rw: str
    rt: str
    standing: Standing
    at: str | None


_STANDING: Final = (
    "CASE WHEN EXISTS (SELECT 1 FROM recording r JOIN outing_recording o USING (packet_id)"
    " WHERE r.nik = e.nik AND o.outing = e.outing) THEN 'recorded'"
    " WHEN EXISTS (SELECT 1 FROM recording r WHERE r.nik = e.nik) THEN 'earlier'"
    " WHEN EXISTS (SELECT 1 FROM recorded_elsewhere w WHERE w.check_hash = e.check_hash) THEN 'elsewhere'"
    " WHEN e.perhaps THEN 'perhaps' ELSE 'expected' END"
)
_AT: Final = (
    "coalesce((SELECT max(r.saved_at) FROM recording r WHERE r.nik = e.nik),"
    " (SELECT w.at FROM recorded_elsewhere w WHERE w.check_hash = e.check_hash))"
)


class ExpectedList:
    """The lists of the outings that are not closed. Where somebody stands is read from the recordings and the feed
    whenever it is asked; only the answer of the offline check is kept, and asked anew when a newer edition came.
    """

    def __init__(self, store: StationStore, ask: AskAll, edition: Callable[[], str]) -> None:
        """`ask` is the check of the counter; `edition` names what it asks of the offline filter."""
        self._store = store
        self._ask = ask
        self._edition = edition

    def take(self, outing: int, people: Sequence[Invited], source: Source) -> int:
        """Adds them, all or none; who is on the list already stays as they are. How many are new. Raises `ListFull`."""
        key = self._store.identity().check_key
        perhaps = self._perhaps([one.nik for one in people])
        rows = [(outing, *_row(one), source, keyed_hash(key, "filter", one.nik), perhaps[one.nik]) for one in people]
        with self._store.tx() as tx:
            before = self.count(outing)
            tx.executemany("INSERT OR IGNORE INTO expected VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
            after = self.count(outing)
            if after > MOST_EXPECTED:
                raise ListFull(count=after, most=MOST_EXPECTED)
            if not before:
                tx.execute("UPDATE outing SET asked = ? WHERE outing = ?", (self._edition(), outing))
        return after - before

    def clear(self, outing: int) -> int:
        """A wrong list: nobody is expected any more. What was recorded stays recorded. How many went."""
        with self._store.tx() as tx:
            tx.execute("DELETE FROM expected WHERE outing = ?", (outing,))
            return int(tx.changes())

    def renew(self, outing: int, asked: str) -> None:
        """Asks the offline check again where `asked` is not the edition that is here now."""
        edition = self._edition()
        if asked == edition:
            return
        niks = [nik for (nik,) in self._store.rows("SELECT nik FROM expected WHERE outing = ?", (outing,))]
        answers = [(perhaps, outing, nik) for nik, perhaps in self._perhaps(niks).items()]
        with self._store.tx() as tx:
            tx.executemany("UPDATE expected SET perhaps = ? WHERE outing = ? AND nik = ?", answers)
            tx.execute("UPDATE outing SET asked = ? WHERE outing = ?", (edition, outing))

    def count(self, outing: int) -> int:
        return int((self._store.row("SELECT count(*) FROM expected WHERE outing = ?", (outing,)) or (0,))[0])

    def known(self, outing: int) -> set[str]:
        """The NIKs on the list."""
        return {nik for (nik,) in self._store.rows("SELECT nik FROM expected WHERE outing = ?", (outing,))}

    def has(self, outing: int, nik: str) -> bool:
        """Whether they stand on the list."""
        return self._store.row("SELECT 1 FROM expected WHERE outing = ? AND nik = ?", (outing, nik)) is not None

    def standings(self, outing: int) -> Mapping[Standing, int]:
        """How many stand where; every standing has a number."""
        rows = self._store.rows(
            f"SELECT {_STANDING} AS s, count(*) FROM expected e WHERE outing = ? GROUP BY s",  # noqa: S608  # ours
            (outing,),
        )
        return dict.fromkeys(Standing, 0) | {Standing(standing): int(count) for standing, count in rows}

    def people(
        self, outing: int, standing: Standing | None = None, *, words: str = "", start: int = 0, limit: int = 50
    ) -> list[Expected]:
        """By village, RW, RT and name; those of one `standing`, or whose name or NIK holds `words`."""
        wanted, parameters = "", list[Any]()
        for word in words.upper().split():
            wanted += " AND (instr(e.name, ?) > 0 OR substr(e.nik, 1, length(?)) = ?)"
            parameters += [word, word, word]
        if standing is not None:
            wanted += " AND s = ?"
            parameters.append(standing)
        rows = self._store.rows(
            f"SELECT nik, name, birth_date, village, rw, rt, {_STANDING} AS s, {_AT} FROM expected e"  # noqa: S608
            f" WHERE outing = ?{wanted} ORDER BY village, rw, rt, name, nik LIMIT ? OFFSET ?",
            (outing, *parameters, limit, start),
        )
        return [
            Expected(nik, name, date.fromisoformat(born), village, rw, rt, Standing(where), at)
            for nik, name, born, village, rw, rt, where, at in rows
        ]

    def _perhaps(self, niks: Sequence[str]) -> dict[str, int]:
        advice = zip(niks, self._ask(niks), strict=True)
        return {nik: int(one.answer is CheckAnswer.PERHAPS_RECORDED) for nik, one in advice}


def _row(person: Invited) -> tuple[str, ...]:
    return (
        str(person.nik),
        person.name.upper(),
        person.birth_date.isoformat(),
        person.village,
        person.rw,
        person.rt,
    )
