"""One errand with a stick at a time, in a thread of its own, so that a page can show how far it is: `CourierDesk`."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import structlog

from rekam.enrolment.errors import RekamError
from rekam.exchange.courier.courier import Courier
from rekam.exchange.courier.report import Report, plain, sound
from rekam.exchange.courier.writing import Told

__all__ = ["CourierDesk", "Errand", "ErrandRunning", "ErrandUnclear", "What"]

_log = structlog.get_logger("rekam.courier")

What = Literal["out", "in", "receipts"]


class ErrandRunning(RekamError):
    """Another errand with a stick is still running at this place. Nothing was begun.
    Wait until it is finished, then repeat.
    """


class ErrandUnclear(RekamError):
    """It is not clear what to do with which stick ({reason}). Nothing was changed. Give the full path of the stick's
    folder, such as /media/kurir, and the place the packets go to.
    """


@dataclass(frozen=True)
class Errand:
    """How an errand stands: while it runs `doing` ("check", "copy", "verify", "read") with bytes `done` of `total`;
    then its `report`, or the `problem` that ended it.
    """

    what: What
    path: str
    running: bool = True
    doing: str = "check"
    done: int = 0
    total: int = 0
    report: Report | None = None
    problem: RekamError | None = None

    def to_map(self) -> dict[str, Any]:
        """For programs."""
        return {
            "what": self.what,
            "path": self.path,
            "running": self.running,
            "doing": self.doing,
            "done": self.done,
            "total": self.total,
            "sound": self.report is not None and sound(self.report),
            "report": plain(self.report) if self.report is not None else None,
            "problem": {"code": self.problem.code, "said": str(self.problem)} if self.problem else None,
        }


class CourierDesk:
    """Runs errands of the place whose `courier()` is asked anew for each. Safe for threads."""

    def __init__(self, courier: Callable[[], Courier]) -> None:
        self.courier = courier
        self._lock = threading.Lock()
        self._errand: Errand | None = None

    @property
    def errand(self) -> Errand | None:
        """The errand that runs, or the last one; None before the first."""
        return self._errand

    def out(self, folder: Path, to: str, max_bytes: int | None) -> Errand:
        """Begin to write to a stick; no `to` means the usual receiver. Raises `ErrandRunning`, `ErrandUnclear`."""
        courier = self.courier()
        receiver = to or next(iter(courier.to), "")
        if receiver not in courier.to:
            raise ErrandUnclear(reason=f"'{receiver}' is none of {', '.join(courier.to) or 'no place'}")
        return self._begin("out", folder, lambda told: courier.out(folder, receiver, max_bytes, told))

    def take_in(self, path: Path) -> Errand:
        """Begin to take in what a courier brought."""
        courier = self.courier()
        return self._begin("in", path, lambda told: courier.take_in(path, told))

    def receipts(self, path: Path) -> Errand:
        """Begin to take in the answers that came home."""
        courier = self.courier()
        return self._begin("receipts", path, lambda told: courier.receipts(path, told))

    def _begin(self, what: What, path: Path, run: Callable[[Told], Report]) -> Errand:
        if not path.is_absolute():
            raise ErrandUnclear(reason=f"'{path}'")
        with self._lock:
            if self._errand is not None and self._errand.running:
                raise ErrandRunning
            begun = self._errand = Errand(what, str(path))
        threading.Thread(target=self._run, args=(begun, run), name="courier", daemon=True).start()
        return begun

    def _run(self, begun: Errand, run: Callable[[Told], Report]) -> None:
        def told(doing: str, done: int, total: int) -> None:
            self._errand = Errand(begun.what, begun.path, doing=doing, done=done, total=total)

        try:
            report = run(told)
        except RekamError as problem:
            self._errand = Errand(begun.what, begun.path, running=False, problem=problem)
        except Exception as error:  # noqa: BLE001 - whatever a driver raises, the page must tell that it ended
            _log.error("errand failed", of=begun.what, error=type(error).__qualname__)
            self._errand = Errand(begun.what, begun.path, running=False, problem=RekamError())
        else:
            self._errand = Errand(begun.what, begun.path, running=False, report=report)
