"""Something is done by a copy of this process, so that it has not happened here: `aside`."""

import os
import pickle
import sys
import traceback
from collections.abc import Callable
from typing import TypeVar

__all__ = ["aside"]

_T = TypeVar("_T")


def aside(act: Callable[[], _T]) -> _T:
    """What `act` gives in a copy of this process (POSIX fork), which ends with it; it must be fit for pickling.

    For processes without threads. Raises RuntimeError where the copy ends without an answer; what it met stands on
    standard error.
    """
    sys.stdout.flush()
    reads, writes = os.pipe()
    child = os.fork()
    if child == 0:
        _answer(act, reads, writes)
    os.close(writes)
    with os.fdopen(reads, "rb") as pipe:
        answer = pipe.read()
    _, status = os.waitpid(child, 0)
    if status != 0:
        raise RuntimeError(f"a copy of this process ended with status {os.waitstatus_to_exitcode(status)}")
    return pickle.loads(answer)  # type: ignore[no-any-return]  # noqa: S301  # from our own copy


def _answer(act: Callable[[], object], reads: int, writes: int) -> None:
    """The copy's whole life; it leaves without the goodbyes of the process that it copies."""
    status = 1
    try:
        os.close(reads)
        with os.fdopen(writes, "wb") as pipe:
            pickle.dump(act(), pipe)
        status = 0
    except BaseException:  # noqa: BLE001  # nothing may come back from here
        traceback.print_exc()
        sys.stderr.flush()
    finally:
        os._exit(status)
