"""The date that an office decides by: the centre's signed time, carried on by this machine (never 14)."""

from datetime import date, timezone

from rekam.exchange.feed import Batch
from rekam.office.sql import QUERIES
from rekam.storage.pool import Pool
from rekam.trust.clock import Anchor, Clock, LegalClock, LegalTime, Stamp, TimeBasis

__all__ = ["LegalDates"]


class LegalDates:
    """Today's legal date in the office's zone; `heard` takes over each verified batch's time and keeps it."""

    def __init__(self, pool: Pool, clock: Clock, zone: timezone) -> None:
        self._pool = pool
        self._zone = zone
        self._clock = LegalClock(clock, self._kept())

    def today(self) -> date:
        """For eligibility and the date on a card."""
        return self._clock.now().at.astimezone(self._zone).date()

    def now(self) -> LegalTime:
        """The legal time of this moment, and what it rests on."""
        return self._clock.now()

    def certain_s(self) -> int | None:
        """Seconds since 1970 UTC that it certainly is, None before the centre ever told the time."""
        now = self._clock.now()
        return None if now.basis is TimeBasis.MACHINE else int(now.floor.timestamp())

    def heard(self, batch: Batch) -> None:
        """The centre's time as it signed `batch`; an older one changes nothing."""
        self._clock.set(batch.at_ms)
        anchor = self._clock.checkpoint()
        if anchor is None:
            return
        stamp = anchor.stamp
        row = {"centre_ms": anchor.centre_ms, "boot_id": stamp.boot_id}
        with self._pool.connection() as connection:
            connection.execute(
                QUERIES.keep_anchor, row | {"monotonic_ns": stamp.monotonic_ns, "wall_ms": stamp.wall_ms}
            )

    def _kept(self) -> Anchor | None:
        with self._pool.connection() as connection:
            row = connection.execute(QUERIES.anchor).fetchone()
        return Anchor(row[0], Stamp(bytes(row[1]), row[2], row[3])) if row else None
