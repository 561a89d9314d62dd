"""Packets set aside are tried again by themselves, after pauses that grow: `SecondChances`."""

from typing import Final

from rekam.exchange.outbox import OutboxStore
from rekam.trust.clock import Clock

__all__ = ["FIRST_S", "LONGEST_S", "SecondChances"]

FIRST_S: Final = 60.0
LONGEST_S: Final = 6 * 3600.0
"""A refused megabyte four times a day is what one broken packet may cost a line, and the longest it waits after the
other place was mended (never 20)."""
_LOOK_S: Final = 5.0


class SecondChances:
    """Lets packets that were set aside wait in line again. Pauses are monotonic time and begin anew with the process:
    a clock that leaps by years neither hurries nor holds them, and every start is a chance of its own.
    """

    def __init__(self, outbox: OutboxStore, clock: Clock) -> None:
        self._outbox = outbox
        self._clock = clock
        self._pauses: dict[str, tuple[float, int]] = {}
        """By packet: the pause in seconds, and when it ends."""
        self._look_ns = 0

    def give(self) -> int:
        """Put those whose pause is over back in line; returns how many."""
        now_ns = self._clock.stamp().monotonic_ns
        if now_ns < self._look_ns:
            return 0
        self._look_ns = now_ns + int(_LOOK_S * 1e9)
        given = 0
        for aside in self._outbox.set_aside():
            pause_s, ends_ns = self._pauses.get(aside.packet_id, (0.0, 0))
            if not pause_s or ends_ns < 0:
                longer_s = min(2 * pause_s, LONGEST_S) if pause_s else FIRST_S
                self._pauses[aside.packet_id] = (longer_s, now_ns + int(longer_s * 1e9))
            elif ends_ns <= now_ns:
                given += self._outbox.retry(aside.packet_id)
                self._pauses[aside.packet_id] = (pause_s, -1)
        return given
