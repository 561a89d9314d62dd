"""How a sender runs its deliveries: one after the other, or several at once in threads (`ThreadLanes`)."""

import threading
from collections.abc import Callable, Iterable
from typing import Final

__all__ = ["Lanes", "ThreadLanes", "one_lane"]

Task = Callable[[], object]
Lanes = Callable[[Iterable[Task]], None]
"""Runs tasks, beginning them in their order. The first error keeps further ones from beginning and is raised when those
under way have ended."""

MOST: Final = 16


def one_lane(tasks: Iterable[Task]) -> None:
    """One task after the other, in the caller's thread: what a simulation uses."""
    for task in tasks:
        task()


class ThreadLanes:
    """`count` tasks at a time, each in a thread: hides the waiting on a slow line. 1 to 16."""

    def __init__(self, count: int) -> None:
        if not 1 <= count <= MOST:
            raise ValueError(f"{count} lanes")
        self._count = count

    def __call__(self, tasks: Iterable[Task]) -> None:
        waiting, taking = iter(tasks), threading.Lock()
        errors: list[BaseException] = []

        def take() -> Task | None:
            with taking:  # the iterable may be a generator, which two threads must not enter
                return None if errors else next(waiting, None)

        def run() -> None:
            try:
                while task := take():
                    task()
            except BaseException as error:  # noqa: BLE001  # raised again below, in the caller's thread
                errors.append(error)

        threads = [threading.Thread(target=run, name=f"lane-{number}", daemon=True) for number in range(1, self._count)]
        for thread in threads:
            thread.start()
        run()
        for thread in threads:
            thread.join()
        if errors:
            raise errors[0]
