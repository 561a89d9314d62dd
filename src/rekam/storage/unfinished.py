"""Files that are still being written: what they are called, and whether anybody still writes them."""

import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

__all__ = ["is_unfinished", "is_written", "names_of_one_process", "unfinished"]

_MARK: Final = "new-"


@dataclass
class _Process:
    """`number`: the system's, None where it is asked each time; `writing`: what is being written at the moment, in
    whichever folder. All else under its number is a dead namesake's.
    """

    number: int | None = None
    serial: Iterator[int] = field(default_factory=itertools.count)
    writing: set[Path] = field(default_factory=set)

    def known_as(self) -> int:
        return os.getpid() if self.number is None else self.number


_process = _Process()


@contextmanager
def unfinished(folder: Path) -> Iterator[Path]:
    """A name in `folder` that nobody else has; while the block lasts, this process writes it."""
    process = _process
    path = folder / f"{_MARK}{process.known_as()}-{next(process.serial)}"
    process.writing.add(path)
    try:
        yield path
    finally:
        process.writing.discard(path)


def is_unfinished(path: Path) -> bool:
    """Whether the name says that the file was being written."""
    return path.name.startswith(_MARK)


def is_written(path: Path) -> bool:
    """Whether somebody still writes this unfinished file. A number alone proves nothing: after a restart, and always
    in a container, another process has it, and would go on behind the dead one's bytes.
    """
    number = path.name.split("-")[1]
    if number == str(_process.known_as()):
        return path in _process.writing
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@contextmanager
def names_of_one_process() -> Iterator[None]:
    """For simulated countries alone: while the block lasts names begin anew, and are the same in whichever process it
    is entered or goes on after a fork.
    """
    global _process  # noqa: PLW0603  # as the system's number is the process's
    before, _process = _process, _Process(number=1)
    try:
        yield
    finally:
        _process = before
