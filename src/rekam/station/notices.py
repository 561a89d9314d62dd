"""The notices of the centre that the feed brought: `Notices`."""

from dataclasses import dataclass

from rekam.station.store import StationStore

__all__ = ["Notice", "Notices"]


@dataclass(frozen=True)
class Notice:
    """One notice in both languages: what happens (`text`), and what the counter does about it (`todo`)."""

    number: int
    at: str
    text_id: str
    text_en: str
    todo_id: str
    todo_en: str


class Notices:
    """Reads of the `notice` table; the feed writes it."""

    def __init__(self, store: StationStore) -> None:
        self._store = store

    def newest(self, limit: int) -> list[Notice]:
        """By their numbers, which only grow."""
        rows = self._store.rows(
            "SELECT number, at, text_id, text_en, todo_id, todo_en FROM notice ORDER BY number DESC LIMIT ?", (limit,)
        )
        return [Notice(*row) for row in rows]
