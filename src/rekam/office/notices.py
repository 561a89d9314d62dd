"""Notices of the centre as this office holds them."""

from rekam.exchange.notice import HeldNotice
from rekam.office.sql import QUERIES
from rekam.storage.pool import Pool

__all__ = ["HeldNotices"]


class HeldNotices:
    """What the feed brought."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def newest(self, limit: int = 50) -> list[HeldNotice]:
        """Newest first."""
        with self._pool.connection() as connection:
            return [HeldNotice(*row) for row in connection.execute(QUERIES.notices, {"limit": limit})]
