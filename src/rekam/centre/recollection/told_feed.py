"""The feed of a centre that was restored: what was told before is not told again, nor otherwise: `ToldFeed`."""

from typing import Any

from psycopg import Connection

from rekam.centre.recollection.sql import QUERIES
from rekam.centre.results import FeedAppender
from rekam.enrolment.errors import RekamError
from rekam.exchange.feed import PORTAL_FEED, EntryKind
from rekam.trust import cbor

__all__ = ["ToldFeed", "ToldOtherwise"]


class ToldOtherwise(RekamError):
    """Before the centre was restored from its backup, packet {packet_id} was told as {told}; now the stages say
    {now}. Nothing was told again. Two people must look at it before the case goes on.
    """


class ToldFeed:
    """`FeedAppender` around another one. The portal's feed passes: its copy is made anew after a restore."""

    def __init__(self, inner: FeedAppender) -> None:
        self._inner = inner

    def append(self, tx: Connection[Any], feed: str, kind: str, body: bytes) -> None:
        """Raises `ToldOtherwise` where the result differs from the one told; the stage's transaction is undone."""
        if feed == PORTAL_FEED or not self._told_before(tx, kind, body):
            self._inner.append(tx, feed, kind, body)

    @staticmethod
    def _told_before(tx: Connection[Any], kind: str, body: bytes) -> bool:
        if tx.execute(QUERIES.any_told).fetchone() == (False,):
            return False
        fields: Any = cbor.decode(body)
        if not isinstance(fields, dict) or "packet_id" not in fields:
            return False
        known = dict(tx.execute(QUERIES.told, {"packet_id": fields["packet_id"]}).fetchall())
        if kind == EntryKind.PROGRESS:
            return EntryKind.RESULT in known  # on the way to what everybody knows already
        if kind == EntryKind.RESULT and kind in known and known[kind] != fields["status"]:
            raise ToldOtherwise(packet_id=fields["packet_id"], told=known[kind], now=fields["status"])
        return kind in known
