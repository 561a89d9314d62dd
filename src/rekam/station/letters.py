"""The numbers of letters (suket) at a station: blocks from the office, and what became of each number: `Letters`.

A number is bound to its recording in the transaction that takes it, and never freed: a letter that is torn up is void,
and the next one has the next number. Blocks are the office's signed word (`rekam.exchange.letters`, docs/adr/0044).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from rekam.enrolment.errors import RekamError
from rekam.enrolment.identifiers import OfficeId
from rekam.exchange.letters import Block, Grant, Report, Used
from rekam.station.store import StationStore

__all__ = ["Held", "Letters", "NoLetterNumbers", "NoLetterToVoid", "VoidNeedsReason"]

FEW: Final = 200
"""Numbers left at which the page warns: two days of a busy counter."""


class NoLetterNumbers(RekamError):
    """This station has no number for a letter (suket) left. Nothing was changed. Hand out the proof of recording; the
    office gives new numbers by itself as soon as the station reaches it once.
    """


class NoLetterToVoid(RekamError):
    """Recording {number} has no valid letter (suket), so there is none to void. Nothing was changed."""


class VoidNeedsReason(RekamError):
    """A letter is made void only with a reason in your own words; the office's register keeps it. Nothing was changed.
    Write why, then confirm.
    """


@dataclass(frozen=True)
class Held:
    """Numbers left, and how many of those taken the office has not heard of."""

    left: int
    untold: int

    @property
    def few(self) -> bool:
        """Time to reach the office."""
        return self.left < FEW


class Letters:
    """One station's; each method is durable when it returns."""

    def __init__(self, store: StationStore, office: OfficeId) -> None:
        self._store = store
        self._office = office

    def take(self, packet_id: str, by: str, at: str, year: int) -> str:
        """The number of this recording's letter: the one it has, or the next one. Raises `NoLetterNumbers`."""
        with self._store.tx() as tx:
            known = self.of(packet_id)
            if known is not None:
                return known
            following = self._following(year)
            row = (*following, packet_id, at, by)
            tx.execute("INSERT INTO letter (year, number, packet_id, at, by) VALUES (?, ?, ?, ?, ?)", row)
        return self._written(*following)

    def next_of(self, packet_id: str, year: int) -> str:
        """What `take` would give now; nothing is taken. Raises `NoLetterNumbers`."""
        return self.of(packet_id) or self._written(*self._following(year))

    def of(self, packet_id: str) -> str | None:
        """The number of this recording's valid letter."""
        row = self._store.row("SELECT year, number FROM letter WHERE packet_id = ? AND void IS NULL", (packet_id,))
        return self._written(*row) if row else None

    def void(self, packet_id: str, number: str, by: str, at: str, reason: str) -> None:
        """The letter does not count any more. Raises `NoLetterToVoid`, `VoidNeedsReason`."""
        if not reason.strip():
            raise VoidNeedsReason
        with self._store.tx() as tx:
            tx.execute(
                "UPDATE letter SET void = ?, void_at = ?, void_by = ?, told = 0 WHERE packet_id = ? AND void IS NULL",
                (reason.strip(), at, by, packet_id),
            )
            if not tx.changes():
                raise NoLetterToVoid(number=number)

    def held(self) -> Held:
        """For pages and health."""
        sizes = self._store.row("SELECT coalesce(sum(last - first + 1), 0) FROM letter_block") or (0,)
        taken = self._store.row(
            "SELECT count(*) FROM letter AS l WHERE EXISTS (SELECT 1 FROM letter_block AS b"
            " WHERE b.year = l.year AND l.number BETWEEN b.first AND b.last)"
        ) or (0,)
        untold = self._store.row("SELECT count(*) FROM letter WHERE told = 0") or (0,)
        return Held(int(sizes[0]) - int(taken[0]), int(untold[0]))

    def report(self, limit: int = 500) -> Report:
        """What the office has not heard of, oldest first."""
        rows = self._store.rows(
            "SELECT l.year, l.number, coalesce(r.number, ''), l.at, l.by, coalesce(l.void, ''), coalesce(l.void_at, '')"
            " FROM letter AS l LEFT JOIN recording AS r USING (packet_id) WHERE l.told = 0"
            " ORDER BY l.year, l.number LIMIT ?",
            (limit,),
        )
        return Report(self.held().left, tuple(Used(*row) for row in rows))

    def heard(self, told: Report, grant: Grant, word: bytes, at: str) -> None:
        """Take in the office's answer to `told`: blocks, and numbers that it knows and this disk does not."""
        with self._store.tx() as tx:
            for used in told.used:
                tx.execute(
                    "UPDATE letter SET told = 1 WHERE year = ? AND number = ? AND coalesce(void, '') = ?",
                    (used.year, used.number, used.void),
                )
            self._keep(grant.blocks, word)
            for year, number in grant.known:  # a disk that was set back would give these a second time (never 5)
                row = (year, number, at)
                tx.execute("INSERT OR IGNORE INTO letter VALUES (?, ?, NULL, ?, '', NULL, NULL, NULL, 1)", row)

    def begin_with(self, blocks: Iterable[Block], word: bytes = b"") -> None:
        """What the office gave when it provisioned the station."""
        with self._store.tx():
            self._keep(blocks, word)

    def _keep(self, blocks: Iterable[Block], word: bytes) -> None:
        with self._store.tx() as tx:
            for block in blocks:
                row = (block.year, block.first, block.last, word)
                tx.execute("INSERT OR IGNORE INTO letter_block VALUES (?, ?, ?, ?)", row)

    def _following(self, year: int) -> tuple[int, int]:
        """The lowest free number of this year's blocks; of an older or newer year's where there is none: a station that
        was away over New Year's Eve goes on with what it holds. Raises `NoLetterNumbers`.
        """
        blocks = self._store.rows(
            "SELECT b.year, b.first, b.last, (SELECT max(l.number) FROM letter AS l"
            " WHERE l.year = b.year AND l.number BETWEEN b.first AND b.last) FROM letter_block AS b"
            " ORDER BY b.year <> ?, b.year, b.first",
            (year,),
        )
        for of_year, first, last, highest in blocks:
            following = first if highest is None else highest + 1
            if following <= last:
                return of_year, following
        raise NoLetterNumbers

    def _written(self, year: int, number: int) -> str:
        return f"470/{number:04d}/{self._office}/{year}"
