"""The server process that a data folder's `postmaster.pid` names, and how to end one that nobody owns any more."""

import os
import signal
import subprocess
import time
from pathlib import Path

__all__ = ["Postmaster"]

_PATIENCE = ((signal.SIGINT, 15.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))
"""Fast shutdown, then immediate (recovers from the log at the next start), then the last resort."""


class Postmaster:
    """The postmaster of the cluster in `data`, if one runs."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._pid_file = data / "postmaster.pid"

    def pid(self) -> int | None:
        """Its process number, or None; a number that meanwhile belongs to another program does not count."""
        try:
            pid = int(self._pid_file.read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return None
        return pid if self._serves(pid) else None

    def stop_left_over(self) -> None:
        """End a server whose owner is gone and remove its stale pid file. The caller holds the folder's lock."""
        pid = self.pid()
        if pid is not None:
            for number, patience_s in _PATIENCE:
                if self._ended(pid, number, patience_s):
                    break
        # PostgreSQL mistakes a reused process number for a running server; the lock and the check above know better.
        self._pid_file.unlink(missing_ok=True)

    def _ended(self, pid: int, number: signal.Signals, patience_s: float) -> bool:
        deadline = time.monotonic() + patience_s
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return True
        while time.monotonic() < deadline:
            if not self._serves(pid):
                return True
            time.sleep(0.02)
        return False

    def _serves(self, pid: int) -> bool:
        """Whether process `pid` is a server with this data folder as its working directory."""
        process = Path("/proc") / str(pid)
        if Path("/proc/self").exists():
            try:
                return (process / "cwd").readlink() == self._data.resolve()
            except (FileNotFoundError, ProcessLookupError, PermissionError):
                return False
        command = subprocess.run(["ps", "-p", str(pid), "-o", "command="], check=False, capture_output=True, text=True)
        return str(self._data.absolute()) in command.stdout
