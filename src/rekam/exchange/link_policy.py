"""How much may be sent, and when: `LinkPolicy`, as an office agrees it with those who share its line."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any, Final

from rekam.enrolment.errors import RekamError

__all__ = ["Applied", "LinkPolicy", "PolicyUnreadable", "Window"]

MOST_KBIT: Final = 10_000_000
MOST_WINDOWS: Final = 6
_DAY: Final = 24 * 60
_TIME: Final = re.compile(r"([01]?[0-9]|2[0-3])[.:]([0-5][0-9])")


class PolicyUnreadable(RekamError):
    """'{given}' is no {wanted}. Nothing was changed. Write a limit as kilobits a second (64), nothing for no limit and
    0 for no sending; a time of day as 07.00.
    """


@dataclass(frozen=True)
class Window:
    """From `start` to `end`, minutes since midnight in the place's zone, over midnight where `end` is not later;
    `limit_kbit` as in `LinkPolicy`.
    """

    start: int
    end: int
    limit_kbit: int | None

    def holds(self, minute: int) -> bool:
        """Whether it applies at this minute of the day."""
        if self.start < self.end:
            return self.start <= minute < self.end
        return minute >= self.start or minute < self.end


@dataclass(frozen=True)
class Applied:
    """What holds now: `limit_kbit` (None: no limit, 0: nothing is sent) and until when; None: until it is changed."""

    limit_kbit: int | None
    until: time | None

    @property
    def bytes_a_second(self) -> float | None:
        """The limit as the sender counts."""
        return None if self.limit_kbit is None else self.limit_kbit * 1000 / 8


@dataclass(frozen=True)
class LinkPolicy:
    """`limit_kbit`: kilobits a second outside all windows (None: no limit, 0: nothing is sent); of several windows that
    hold at once the first counts. Raises PolicyUnreadable for what cannot be meant.
    """

    limit_kbit: int | None = None
    windows: tuple[Window, ...] = ()

    def __post_init__(self) -> None:
        for limit in (self.limit_kbit, *(window.limit_kbit for window in self.windows)):
            if limit is not None and not 0 <= limit <= MOST_KBIT:
                raise PolicyUnreadable(given=limit, wanted="limit")
        if len(self.windows) > MOST_WINDOWS:
            raise PolicyUnreadable(given=len(self.windows), wanted=f"number of windows, {MOST_WINDOWS} at most")
        for window in self.windows:
            if window.start == window.end or not (0 <= window.start < _DAY and 0 <= window.end < _DAY):
                raise PolicyUnreadable(given=f"{window.start}-{window.end}", wanted="window")

    def at(self, now: datetime) -> Applied:
        """What holds at this moment of the place's own zone."""
        minute = now.hour * 60 + now.minute
        limit = self._limit(minute)
        edges = {edge for window in self.windows for edge in (window.start, window.end)}
        coming = sorted(edges, key=lambda edge: (edge - minute - 1) % _DAY)
        changes = next((edge for edge in coming if self._limit(edge) != limit), None)
        return Applied(limit, None if changes is None else time(*divmod(changes, 60)))

    def _limit(self, minute: int) -> int | None:
        return next((window.limit_kbit for window in self.windows if window.holds(minute)), self.limit_kbit)

    def to_map(self) -> dict[str, Any]:
        """As `link.json` and `place.json` hold it."""
        windows = [{"from": clock(each.start), "to": clock(each.end), "kbit": each.limit_kbit} for each in self.windows]
        return {"kbit": self.limit_kbit, "windows": windows}

    @classmethod
    def from_map(cls, fields: Mapping[str, Any]) -> "LinkPolicy":
        """Read `to_map`. Raises PolicyUnreadable."""
        match fields:
            case {"kbit": int() | None as limit, "windows": list() as windows} if not isinstance(limit, bool):
                return cls(limit, tuple(_window(each) for each in windows))
            case _:
                raise PolicyUnreadable(given=str(fields)[:80], wanted="policy of a line")


def minute_of(text: str) -> int:
    """``07.00`` or ``7:00`` as minutes since midnight. Raises PolicyUnreadable."""
    found = _TIME.fullmatch(text.strip())
    if found is None:
        raise PolicyUnreadable(given=text, wanted="time of day")
    return int(found[1]) * 60 + int(found[2])


def limit_of(text: str) -> int | None:
    """A limit as people write it: nothing, or whole kilobits a second. Raises PolicyUnreadable."""
    digits = text.strip().replace(".", "")
    if not digits:
        return None
    if not (digits.isascii() and digits.isdecimal()):
        raise PolicyUnreadable(given=text, wanted="limit")
    return int(digits)


def clock(minute: int) -> str:
    """``07.00``."""
    return f"{minute // 60:02}.{minute % 60:02}"


def _window(fields: Any) -> Window:
    match fields:
        case {"from": str() as start, "to": str() as end, "kbit": int() | None as limit} if not isinstance(limit, bool):
            return Window(minute_of(start), minute_of(end), limit)
        case _:
            raise PolicyUnreadable(given=str(fields)[:80], wanted="window")
