"""The only place that reads a clock: `Clock`, its two adapters, and the legal time.

Clocks at the counter are years off (DESIGN section 3, never 14). A wall reading is therefore only noted;
what decides order is the sequence, and what decides legal dates is `LegalClock`.
"""

import os
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final, Protocol
from uuid import UUID

__all__ = ["Anchor", "Clock", "LegalClock", "LegalTime", "Stamp", "SteppedClock", "SystemClock", "TimeBasis"]

_BOOT_ID_FILE: Final = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True)
class Stamp:
    """One reading of all a machine knows of time.

    `boot_id`: 16 bytes, new at every start of the machine; `monotonic_ns`: nanoseconds within that boot,
    suspend included, comparable only under the same boot_id; `wall_ms`: milliseconds since 1970 UTC,
    as the machine believes.
    """

    boot_id: bytes
    monotonic_ns: int
    wall_ms: int


class Clock(Protocol):
    """Reads the time of this machine."""

    def stamp(self) -> Stamp:
        """All readings, taken together."""
        ...

    def wall(self) -> datetime:
        """The machine's wall time, UTC and aware; for showing, never for deciding."""
        ...


class SystemClock:
    """The real clock of this machine."""

    def stamp(self) -> Stamp:
        """All readings, taken together."""
        return Stamp(_boot_id(), _monotonic_ns(), time.time_ns() // 1_000_000)

    def wall(self) -> datetime:
        """What this machine believes, UTC."""
        return datetime.now(UTC)


def _monotonic_ns() -> int:
    # CLOCK_MONOTONIC stands still while a laptop sleeps; boot time does not, and Linux alone has it.
    boottime = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic_ns() if boottime is None else time.clock_gettime_ns(boottime)


@cache
def _boot_id() -> bytes:
    """The kernel's random boot id; where there is none, one per process, which claims less and is as safe."""
    try:
        return UUID(_BOOT_ID_FILE.read_text(encoding="ascii").strip()).bytes
    except (OSError, ValueError):
        return os.urandom(16)


class SteppedClock:
    """A clock that moves only when told: for simulations and tests."""

    def __init__(self, start: datetime = datetime(2016, 10, 3, 1, 0, tzinfo=UTC), boot: int = 1) -> None:
        self._wall, self._boot, self._monotonic_ns = start, boot, 0

    def stamp(self) -> Stamp:
        """All readings, taken together."""
        return Stamp(self._boot.to_bytes(16, "big"), self._monotonic_ns, _ms(self._wall))

    def wall(self) -> datetime:
        """What this machine believes, UTC."""
        return self._wall

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self._wall += timedelta(seconds=seconds)
        self._monotonic_ns += round(seconds * 1_000_000_000)

    def set_wall(self, wall: datetime) -> None:
        """Somebody sets the machine's date; no time passes."""
        self._wall = wall

    def reboot(self, *, off_seconds: float = 30) -> None:
        """Switch off, wait, switch on."""
        self._wall += timedelta(seconds=off_seconds)
        self._boot, self._monotonic_ns = self._boot + 1, 0


class TimeBasis(StrEnum):
    """What a legal time rests on."""

    CENTRE = "centre"  # signed centre time plus monotonic time of the same boot
    CARRIED = "carried"  # carried over a restart by the machine's own clock
    MACHINE = "machine"  # no centre time was ever received


@dataclass(frozen=True)
class Anchor:
    """A signed centre time (milliseconds since 1970 UTC) and this machine's stamp when it held."""

    centre_ms: int
    stamp: Stamp


@dataclass(frozen=True)
class LegalTime:
    """`at`: the best date for a paper; `floor`: it is certainly not earlier (decide expiry by it); `basis`: why."""

    at: datetime
    floor: datetime
    basis: TimeBasis


class LegalClock:
    """The last signed centre time plus the monotonic time since.

    Keep `checkpoint()` durably from time to time and hand it back as `anchor` at the next start. Over a
    restart only the machine's clock knows how long it was off: that span is used for `at` but not for
    `floor`, and never makes time run backwards.
    """

    def __init__(self, clock: Clock, anchor: Anchor | None = None) -> None:
        self._clock, self._anchor = clock, anchor

    def set(self, centre_ms: int) -> None:
        """Take over a centre time whose signature was verified; an older one than already known changes nothing."""
        if centre_ms > _ms(self.now().floor) or self._anchor is None:
            self._anchor = Anchor(centre_ms, self._clock.stamp())

    def now(self) -> LegalTime:
        """The legal time at this moment."""
        stamp, anchor = self._clock.stamp(), self._anchor
        if anchor is None:
            return LegalTime(_moment(stamp.wall_ms), _moment(0), TimeBasis.MACHINE)
        if stamp.boot_id == anchor.stamp.boot_id:
            passed = max(0, stamp.monotonic_ns - anchor.stamp.monotonic_ns) // 1_000_000
            at = _moment(anchor.centre_ms + passed)
            return LegalTime(at, at, TimeBasis.CENTRE)
        off = max(0, stamp.wall_ms - anchor.stamp.wall_ms)
        return LegalTime(_moment(anchor.centre_ms + off), _moment(anchor.centre_ms), TimeBasis.CARRIED)

    def checkpoint(self) -> Anchor | None:
        """The anchor to keep for the next start; None when no centre time was ever received."""
        now = self.now()
        if self._anchor is None or now.basis is not TimeBasis.CENTRE:
            return self._anchor
        return replace(self._anchor, centre_ms=_ms(now.at), stamp=self._clock.stamp())


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def _moment(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)
