"""Round after round with another place, whatever the connection does: `Rounds`."""

import random
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Final, Protocol

import structlog

from rekam.enrolment.errors import RekamError

__all__ = ["Background", "InRounds", "Pauses", "Round", "Rounds", "going_on", "stop_together", "told"]

LONGEST_GOODBYE_S: Final = 20.0

_log = structlog.get_logger("rekam.exchange")


class Background(Protocol):
    """What goes on by itself from `start` to `stop`: `Rounds`, or what holds some."""

    def start(self) -> None:
        """Once."""
        ...

    def stop(self) -> None:
        """Returns when it has ended, or was given up waiting for; nothing is lost then."""
        ...


@contextmanager
def going_on(background: Iterable[Background]) -> Iterator[None]:
    """All of them, started in their order, stopped together."""
    started: list[Background] = []
    try:
        for each in background:
            each.start()
            started.append(each)
        yield
    finally:
        stop_together(started)


def stop_together(started: Sequence[Background]) -> None:
    """Side by side, so that it takes as long as the longest running round and not as long as all of them."""
    with ThreadPoolExecutor(max_workers=max(1, len(started))) as farewell:
        list(farewell.map(lambda each: each.stop(), started))


@dataclass(frozen=True)
class Round:
    """What one round did: packets acknowledged plus entries applied, and what stopped it, if anything did. `more`:
    something waits for the next round already.
    """

    moved: int = 0
    problem: RekamError | None = None
    more: bool = False


def told(once: Callable[[], int]) -> Callable[[], Round]:
    """An errand as a round: how much it moved, or the error that it raised."""

    def tell() -> Round:
        try:
            return Round(once())
        except RekamError as error:
            return Round(0, error)

    return tell


@dataclass(frozen=True)
class Pauses:
    """Seconds between rounds: `period_s` while all is well; after failures `first_s` doubling up to `longest_s`, each
    shortened at random by up to half so that those who lost the same connection do not come back together.
    """

    period_s: float
    longest_s: float
    first_s: float = 0.5

    def after(self, failures: int, random_share: float) -> float:
        """The pause after so many rounds in a row in which nothing moved; `random_share` 0-1."""
        if not failures:
            return self.period_s
        return min(self.first_s * float(1 << min(failures - 1, 16)), self.longest_s) * (1 - random_share / 2)


class Rounds:
    """Runs `once` over and over in a thread of its own. Nothing that a round meets ends it; everything is told.

    `broken` is told when a round fails in a way that `once` did not foresee.
    """

    def __init__(
        self, name: str, once: Callable[[], Round], pauses: Pauses, broken: Callable[[], object] = lambda: None
    ) -> None:
        self._name = name
        self._once = once
        self._pauses = pauses
        self._broken = broken
        self._jitter = random.Random()  # noqa: S311 - spreads load, guards nothing
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    @property
    def stopping(self) -> bool:
        """Whether `stop` was called; a sender asks between packets."""
        return self._stop.is_set()

    def start(self) -> None:
        """The first round begins at once."""
        self._thread.start()

    def wake(self) -> None:
        """Ends the pause: there is something to do, and the pauses begin anew."""
        self._wake.set()

    def stop(self) -> None:
        """Returns when the running round is over, at the latest after `LONGEST_GOODBYE_S`; nothing is lost then."""
        self._stop.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(timeout=LONGEST_GOODBYE_S)

    def _run(self) -> None:
        failures = 0
        while not self._stop.is_set():
            try:
                done = self._once()
                failures = 0 if done.moved or done.problem is None else failures + 1
                if done.more and done.moved:
                    continue
            except Exception as error:  # noqa: BLE001 - the loop outlives whatever a database or driver raises; it is told
                # a trace may quote a resident
                _log.error("round failed", of=self._name, error=type(error).__qualname__)
                failures += 1
                with suppress(Exception):
                    self._broken()
            if self._wake.wait(self._pauses.after(failures, self._jitter.random())):
                self._wake.clear()
                failures = 0


class InRounds:
    """What goes on in rounds of its own, `_rounds`, which whoever derives from it makes."""

    _rounds: Rounds

    def start(self) -> None:
        """The first round begins at once."""
        self._rounds.start()

    def stop(self) -> None:
        """Returns when the running round is over."""
        self._rounds.stop()
