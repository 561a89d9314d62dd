"""The notices of the centre that the feed brought, and who has read which: `Notices`."""

from dataclasses import dataclass

from rekam.station.store import StationStore
from rekam.trust.clock import LegalClock

__all__ = ["Notice", "Notices"]

_COLUMNS = "number, at, text_id, text_en, todo_id, todo_en, urgent"


@dataclass(frozen=True)
class Notice:
    """One notice in both languages: what happens (`text`), and what the counter does about it (`todo`). One that is
    `urgent` stands on every page until the reader has acknowledged it, however many follow.
    """

    number: int
    at: str
    text_id: str
    text_en: str
    todo_id: str
    todo_en: str
    urgent: int


class Notices:
    """The feed writes `notice`; reading one writes `notice_read`, once for each operator."""

    def __init__(self, store: StationStore, legal: LegalClock) -> None:
        self._store = store
        self._legal = legal

    def newest(self, limit: int) -> list[Notice]:
        """By their numbers, which only grow."""
        return self._select("ORDER BY number DESC LIMIT ?", limit)

    def unread(self, operator: str, limit: int = 3) -> list[Notice]:
        """What stands on this operator's pages: urgent ones, oldest first, then the newest, unless it was read."""
        return self._select(
            "WHERE NOT EXISTS (SELECT 1 FROM notice_read r WHERE r.number = notice.number AND r.operator = ?)"
            " AND (urgent = 1 OR number = (SELECT max(number) FROM notice))"
            " ORDER BY urgent DESC, number LIMIT ?",
            operator,
            limit,
        )

    def read(self, number: int, operator: str) -> None:
        """Durable when it returns; the first time stays."""
        at = self._legal.now().at.isoformat(timespec="seconds")
        with self._store.tx() as tx:
            tx.execute(
                "INSERT OR IGNORE INTO notice_read SELECT number, ?, ? FROM notice WHERE number = ?",
                (operator, at, number),
            )

    def readers(self, numbers: list[int]) -> dict[int, list[tuple[str, str]]]:
        """For each notice, who read it and when (ISO UTC), the first reader first."""
        found: dict[int, list[tuple[str, str]]] = {number: [] for number in numbers}
        for number in numbers:
            rows = self._store.rows(
                "SELECT operator, at FROM notice_read WHERE number = ? ORDER BY at, operator", (number,)
            )
            found[number] = [(operator, at) for operator, at in rows]
        return found

    def _select(self, clause: str, *parameters: object) -> list[Notice]:
        rows = self._store.rows(f"SELECT {_COLUMNS} FROM notice {clause}", parameters)  # noqa: S608  # ours
        return [Notice(*row) for row in rows]
