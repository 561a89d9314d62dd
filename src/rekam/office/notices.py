"""Notices of the centre as this office holds them."""

from dataclasses import dataclass
from datetime import datetime

from rekam.office.sql import QUERIES
from rekam.storage.pool import Pool

__all__ = ["HeldNotice", "HeldNotices"]


@dataclass(frozen=True)
class HeldNotice:
    """One notice: the centre's number and time, text and what to do, in both languages."""

    number: int
    at: datetime
    text_id: str
    text_en: str
    todo_id: str
    todo_en: str


class HeldNotices:
    """What the feed brought."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def newest(self, limit: int = 50) -> list[HeldNotice]:
        """Newest first."""
        with self._pool.connection() as connection:
            return [HeldNotice(*row) for row in connection.execute(QUERIES.notices, {"limit": limit})]
