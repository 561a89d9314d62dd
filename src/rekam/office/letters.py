"""The office's register of letters (suket): blocks of numbers given to stations, and what became of each number.

Numbers of a year run from 1 without a gap in the giving: every one lies in a block of one installation, and is used,
void, or not reported. The register adds up when used + void + left = given, and says where it does not.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from rekam.exchange.letters import BLOCK, Block, Grant, LettersUnreadable, Report
from rekam.exchange.pg.register import Transaction
from rekam.storage.pool import Pool
from rekam.storage.queries import Queries
from rekam.trust.keys import SigningKey

__all__ = ["Given", "LetterRegister", "Register", "Reported"]

_SQL: Final = Queries.load("rekam.office", "letters.sql")
_HELD: Final = 2
"""Blocks that a station is to have before it: one in use, one whole."""
_NOBODY: Final = "-"
_FORGOTTEN: Final = 500_000
"""More than an office gives in a year: five hundred blocks."""


@dataclass(frozen=True)
class Given:
    """One block: whose, since when, and how many of its numbers were reported used (`void` of them void)."""

    block: Block
    station: str
    epoch: int
    at: datetime
    used: int
    void: int

    @property
    def size(self) -> int:
        return self.block.last - self.block.first + 1

    @property
    def left(self) -> int:
        """Not reported: still at the station, or lost with a station that was replaced; never given again."""
        return self.size - self.used


@dataclass(frozen=True)
class Reported:
    """One letter as its station reported it; `void` is the reason, empty where it stands."""

    year: int
    number: int
    packet: str
    station: str
    at: str
    by: str
    void: str


@dataclass(frozen=True)
class Register:
    """The register added up. `twice` are numbers reported for two packets, `strange` ones outside the station's
    blocks, as (year, number).
    """

    blocks: tuple[Given, ...]
    twice: tuple[tuple[int, int], ...]
    strange: tuple[tuple[int, int], ...]
    newest: tuple[Reported, ...]

    @property
    def given(self) -> int:
        return sum(each.size for each in self.blocks)

    @property
    def used(self) -> int:
        return sum(each.used for each in self.blocks)

    @property
    def void(self) -> int:
        return sum(each.void for each in self.blocks)

    @property
    def left(self) -> int:
        return sum(each.left for each in self.blocks)

    @property
    def adds_up(self) -> bool:
        """No number is another's, none twice."""
        return not self.twice and not self.strange


class LetterRegister:
    """`answer` is what stations ask; each in one transaction."""

    def __init__(self, pool: Pool, key: SigningKey) -> None:
        self._pool = pool
        self._key = key

    def open_with(self, rows: Iterable[tuple[str, int, Block]]) -> None:
        """What stations were given when they were provisioned, as (station, epoch, block); again changes nothing."""
        with self._pool.connection() as tx:
            tx.execute(_SQL.one_at_a_time)
            for station, epoch, block in rows:
                self._give(tx, station, epoch, block)

    def answer(self, station: str, epoch: int, report: bytes, year: int, *, give: bool = True) -> bytes:
        """Take a station's report in and answer with all blocks of this installation: as many new ones of `year`, the
        legal one, as it lacks; none unless `give`. Raises `LettersUnreadable`.
        """
        told = Report.from_bytes(report)
        if not told.left >= 0:
            raise LettersUnreadable(reason="numbers left")
        with self._pool.connection() as tx:
            tx.execute(_SQL.one_at_a_time)
            self._note(tx, station, epoch, told)
            blocks = self._blocks(tx, station, epoch)
            while give and self._lacks(blocks, self._known(tx, station, epoch), year):
                first = self._next(tx, year)
                self._give(tx, station, epoch, Block(year, first, first + BLOCK - 1))
                blocks = self._blocks(tx, station, epoch)
            known = self._known(tx, station, epoch)
        return Grant(tuple(blocks), tuple(known)).signed(self._key, station, epoch, report)

    def register(self, limit: int = 50) -> Register:
        """For the page and the health."""
        with self._pool.connection() as tx:
            given = [
                Given(Block(year, first, last), station, epoch, at, used, void)
                for year, first, last, station, epoch, at, used, void in tx.execute(_SQL.blocks)
            ]
            twice = [(row[0], row[1]) for row in tx.execute(_SQL.twice)]
            strange = [(row[0], row[1]) for row in tx.execute(_SQL.strange)]
            newest = [Reported(*row) for row in tx.execute(_SQL.newest, {"limit": limit})]
        return Register(tuple(given), tuple(twice), tuple(strange), tuple(newest))

    @staticmethod
    def _lacks(blocks: list[Block], known: list[tuple[int, int]], year: int) -> bool:
        """A whole block less than two of this year's: counted here, so that a lost answer gives nothing twice."""
        mine = [block for block in blocks if block.year == year]
        used = sum(of_year == year for of_year, _ in known)
        return sum(block.last - block.first + 1 for block in mine) - used <= (_HELD - 1) * BLOCK

    @staticmethod
    def _blocks(tx: Transaction, station: str, epoch: int) -> list[Block]:
        return [Block(*row) for row in tx.execute(_SQL.blocks_of, {"station": station, "epoch": epoch})]

    @staticmethod
    def _known(tx: Transaction, station: str, epoch: int) -> list[tuple[int, int]]:
        return [(row[0], row[1]) for row in tx.execute(_SQL.used_of, {"station": station, "epoch": epoch})]

    def _next(self, tx: Transaction, year: int) -> int:
        """The first number of the year that nobody has. A server that was rebuilt cannot know which it gave last, and
        may not know at that moment which year it is: with the first number that is asked for of each year it goes far
        above, and above those of each earlier life, of which it may know no more than that it was.
        """
        first = 1 + int(tx.execute(_SQL.highest, {"year": year}).fetchall()[0][0])
        life, passed_over = tx.execute(_SQL.life, {"year": year}).fetchall()[0]
        if life == 1 or passed_over:
            return first
        last = max(first + _FORGOTTEN - 1, int(life) // 10 * _FORGOTTEN)
        self._give(tx, _NOBODY, life, Block(year, first, last))
        return last + 1

    @staticmethod
    def _give(tx: Transaction, station: str, epoch: int, block: Block) -> None:
        row = {"year": block.year, "first": block.first, "last": block.last, "station": station, "epoch": epoch}
        tx.execute(_SQL.give, row)

    @staticmethod
    def _note(tx: Transaction, station: str, epoch: int, told: Report) -> None:
        for used in told.used:
            row = {"year": used.year, "number": used.number, "packet": used.packet}
            tx.execute(_SQL.note, {**row, "station": station, "epoch": epoch, "at": used.at, "by": used.by})
            if used.void:
                tx.execute(_SQL.note_void, {**row, "reason": used.void, "at": used.void_at})
