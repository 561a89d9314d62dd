"""The portal put together from opened ports: `Portal`."""

from collections.abc import Sequence
from functools import cached_property
from typing import Final

from rekam.exchange.feed import PORTAL_FEED, FeedFollower
from rekam.exchange.pg.feed_sink import PgFeedSink
from rekam.exchange.pg.register import EXCHANGE_TABLES
from rekam.exchange.remote import Remote, RemoteFeed
from rekam.portal.following import Following
from rekam.portal.log_answers import LogAnswers
from rekam.portal.log_following import LogFollowing, PublishedLog
from rekam.portal.public_copy import PublicCopy, apply_entry
from rekam.portal.rate import RateLimit
from rekam.storage.migrations import MigrationSet, migrate_postgres
from rekam.storage.pool import Pool
from rekam.trust.certificates import Certificate, ChainBroken, verify_chain
from rekam.trust.clock import Clock
from rekam.trust.keys import VerifyKey

__all__ = ["TABLES", "Portal"]

TABLES: Final = (EXCHANGE_TABLES, MigrationSet.load("rekam.portal"))


class Portal:
    """A public copy of statuses and notices over its own database.

    `hash_key` (32 bytes) names residents as the centre does for the portal; `centre_chain` is proved by `root`, or
    `ChainBroken` is raised. `remote` is the centre, None where there is no way to it: the copy answers all the same;
    so does the copy of its public log, which comes from `log`.
    """

    def __init__(
        self,
        pool: Pool,
        hash_key: bytes,
        *,
        centre_chain: Sequence[bytes],
        root: VerifyKey,
        clock: Clock,
        remote: Remote | None = None,
        log: PublishedLog | None = None,
        rate: RateLimit | None = None,
    ) -> None:
        self.pool = pool
        self.root = root
        self.clock = clock
        self.centre_chain = tuple(centre_chain)
        self.centre = _centre(centre_chain, root)
        self.copy = PublicCopy(pool, hash_key)
        self.rate = rate or RateLimit(clock)
        self.sink = PgFeedSink(pool, apply_entry)
        self.log = LogFollowing(pool, log, self.centre.signing, root)
        self.log_answers = LogAnswers(self.log, root)
        self._remote = remote

    @staticmethod
    def migrate(pool: Pool) -> None:
        """Bring the database up to date; raises `DataFromNewerVersion` and changes nothing where it is newer."""
        with pool.connection() as connection:
            migrate_postgres(connection, *TABLES)

    @cached_property
    def following(self) -> Following:
        """The loop between `following.start()` and `following.stop()`."""
        return Following(self.follower, self.copy.note_answer)

    @cached_property
    def follower(self) -> FeedFollower | None:
        """From the centre's public feed into the copy."""
        if self._remote is None:
            return None
        return FeedFollower(PORTAL_FEED, RemoteFeed(self._remote), self.sink, self.centre.signing)


def _centre(chain: Sequence[bytes], root: VerifyKey) -> Certificate:
    leaf = verify_chain(chain, root)[0]
    if leaf.kind != "centre":
        raise ChainBroken(reason=f"a certificate for '{leaf.kind}' where one for 'centre' belongs")
    return leaf
