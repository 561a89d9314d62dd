"""Keeping a lease while a stage runs, so that leases can be short and a dead worker's case is soon free: `kept`."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog
from psycopg import OperationalError
from psycopg_pool import PoolTimeout

__all__ = ["kept"]

log = structlog.get_logger()


@contextmanager
def kept(renew: Callable[[], None], every_s: float) -> Iterator[None]:
    """Calls `renew` every `every_s` seconds until the block ends, from a thread of its own.

    A renewal that fails is told and tried again: should the lease run out meanwhile, the fencing token still keeps
    this worker from writing.
    """
    done = threading.Event()

    def run() -> None:
        while not done.wait(every_s):
            try:
                renew()
            except (OperationalError, PoolTimeout) as error:
                log.warning("lease not renewed", error=type(error).__name__)

    thread = threading.Thread(target=run, name="lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
