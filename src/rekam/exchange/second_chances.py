"""What was set aside is tried again by itself, after pauses that grow: `SecondChances`."""

from collections.abc import Callable, Iterable
from typing import Final

from rekam.trust.clock import Clock

__all__ = ["FIRST_S", "LONGEST_S", "SecondChances"]

FIRST_S: Final = 60.0
LONGEST_S: Final = 6 * 3600.0
"""A refused megabyte four times a day is what one broken packet may cost a line, and the longest it waits after the
other place was mended (never 20)."""
_LOOK_S: Final = 5.0


class SecondChances:
    """Lets what was set aside wait in line again: packets, and statements. `aside` tells the ids, `retry` puts one of
    them back in line and returns how many that were. Pauses are monotonic time and begin anew with the process:
    a clock that leaps by years neither hurries nor holds them, and every start is a chance of its own.
    """

    def __init__(self, aside: Callable[[], Iterable[str]], retry: Callable[[str], int], clock: Clock) -> None:
        self._aside = aside
        self._retry = retry
        self._clock = clock
        self._pauses: dict[str, tuple[float, int]] = {}
        """By id: the pause in seconds, and when it ends."""
        self._look_ns = 0

    def give(self) -> int:
        """Put those whose pause is over back in line; returns how many."""
        now_ns = self._clock.stamp().monotonic_ns
        if now_ns < self._look_ns:
            return 0
        self._look_ns = now_ns + int(_LOOK_S * 1e9)
        given = 0
        for each in self._aside():
            pause_s, ends_ns = self._pauses.get(each, (0.0, 0))
            if not pause_s or ends_ns < 0:
                longer_s = min(2 * pause_s, LONGEST_S) if pause_s else FIRST_S
                self._pauses[each] = (longer_s, now_ns + int(longer_s * 1e9))
            elif ends_ns <= now_ns:
                given += self._retry(each)
                self._pauses[each] = (pause_s, -1)
        return given
