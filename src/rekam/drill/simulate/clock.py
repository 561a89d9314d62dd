"""A machine's own clock, which knows nothing of the truth: `MachineClock`."""

from datetime import datetime, timedelta

from rekam.drill.simulate.world import World
from rekam.trust.clock import Stamp

__all__ = ["MachineClock"]


class MachineClock:
    """`Clock` of one machine: its wall may be years off and jump, its monotonic reading begins anew at each boot."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.off_by = timedelta()
        self._boot = 0
        self._stamped: tuple[float, float, timedelta] | None = None
        self._stamp: Stamp
        self._booted_at = 0.0
        self.reboot()

    def reboot(self) -> None:
        """Switched on."""
        self._boot += 1
        self._boot_id = self._boot.to_bytes(16, "big")
        self._booted_at = self._world.now
        self._stamped = None

    def stamp(self) -> Stamp:
        """See `Clock`."""
        now = (self._world.now, self._booted_at, self.off_by)
        if now != self._stamped:  # many ask at one instant
            passed = round((self._world.now - self._booted_at) * 1_000_000_000)
            self._stamped, self._stamp = now, Stamp(self._boot_id, passed, round(self.wall().timestamp() * 1000))
        return self._stamp

    def wall(self) -> datetime:
        """See `Clock`."""
        return self._world.time + self.off_by if self.off_by else self._world.time
