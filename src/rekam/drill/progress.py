"""What a drill shows while it runs: bars on standard error, so that standard output stays the result's alone."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

__all__ = ["Progress"]


class Progress:
    """Bars and lines. Quiet when told so, and where standard error is no terminal it prints a line a step."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._console = Console(stderr=True, quiet=quiet)
        self._bars = Bars(
            SpinnerColumn(),
            TextColumn("{task.description:<42}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=self._console,
        )
        self._current = self._bars.add_task("", visible=False)

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._bars.stop()

    def say(self, line: str) -> None:
        self._console.print(line)

    @contextmanager
    def task(self, title: str, total: int | None) -> Iterator[Callable[[], None]]:
        """A bar for one step; the yielded call moves it on by one."""
        self._current = self._bars.add_task(title, total=total)
        current = self._current

        def advance() -> None:
            self._bars.advance(current)

        yield advance
        if not total:
            self._bars.update(current, total=1, completed=1)

    def at(self, completed: int) -> None:
        """Where the newest bar stands."""
        self._bars.update(self._current, completed=completed)

    def wait(self, title: str, seconds: float) -> None:
        """A bar that counts seconds."""
        if seconds <= 0:
            return
        with self.task(title, round(seconds)) as _:
            began = time.monotonic()
            while (passed := time.monotonic() - began) < seconds:
                self.at(int(passed))
                time.sleep(min(0.5, seconds - passed))
            self.at(round(seconds))
