"""Notices: what the centre tells everybody, numbered, never changed, carried down by the feed: `Notices`."""

from dataclasses import dataclass
from datetime import datetime

from rekam.centre.results import FeedAppender
from rekam.centre.sql import QUERIES
from rekam.enrolment.errors import RekamError
from rekam.exchange.feed import PORTAL_FEED, EntryKind, office_feed
from rekam.storage.pool import Pool
from rekam.trust import cbor

__all__ = ["EmptyNotice", "Notice", "Notices"]


class EmptyNotice(RekamError):
    """A notice needs a text in Indonesian. Nothing was published. Write the text and publish again."""


@dataclass(frozen=True)
class Notice:
    """One notice: its number, when it was published (UTC), its text and what to do, in both languages."""

    number: int
    published_at: datetime
    text_id: str
    text_en: str
    todo_id: str
    todo_en: str
    author: str


class Notices:
    """Publishes to every office's feed (their stations read the same one) and to the portal's."""

    def __init__(self, pool: Pool, feed: FeedAppender) -> None:
        self._pool = pool
        self._feed = feed

    def publish(
        self, text_id: str, text_en: str, *, author: str, todo_id: str = "", todo_en: str = "", urgent: bool = False
    ) -> Notice:
        """Numbers and publishes in one transaction; where English is missing, Indonesian stands in. An `urgent` one
        stands on a station's pages until each operator has acknowledged it.
        """
        if not text_id.strip():
            raise EmptyNotice
        said = {"text_id": text_id.strip(), "text_en": text_en.strip() or text_id.strip()}
        said |= {"todo_id": todo_id.strip(), "todo_en": todo_en.strip() or todo_id.strip()}
        with self._pool.connection() as connection, connection.transaction():
            number, at = connection.execute(QUERIES.publish_notice, {**said, "author": author}).fetchall()[0]
            body = {"number": number, "at": at.isoformat(), **said} | ({"urgent": True} if urgent else {})
            feeds = [office_feed(office) for office, _, _ in connection.execute(QUERIES.offices).fetchall()]
            for feed in (*feeds, PORTAL_FEED):
                self._feed.append(connection, feed, EntryKind.NOTICE, cbor.encode(body))
        return Notice(number, at, **said, author=author)

    def newest(self, limit: int = 50) -> list[Notice]:
        """Newest first."""
        with self._pool.connection() as connection:
            return [Notice(*row) for row in connection.execute(QUERIES.notices, {"limit": limit}).fetchall()]
