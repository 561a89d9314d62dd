"""The centre's worker as a process of its own, started again whenever it ends by itself: `WorkerProcess`."""

import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Self

import structlog

__all__ = ["WorkerProcess"]

_PAUSE_S = 1.0
_STOP_S = 15.0

log = structlog.get_logger()


class WorkerProcess:
    """Runs `rekam centre work` for as long as the block lasts. The worker ends when its standard input closes, so
    also when this process is killed. It finds the database in its environment: a password is not for `ps`.
    """

    def __init__(self, folder: Path, keys_file: Path, dsn: str) -> None:
        self._command = [sys.executable, "-m", "rekam.apps.cli", "centre", "work"]
        self._command += ["--data", str(folder), "--keys", str(keys_file)]
        self._environment = {**os.environ, "DATABASE_URL": dsn}
        self._stopping = threading.Event()
        self._process = self._launch()
        self._nurse = threading.Thread(target=self._watch, name="worker", daemon=True)

    @property
    def pid(self) -> int:
        """Of the worker that runs now."""
        return self._process.pid

    def __enter__(self) -> Self:
        self._nurse.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._stopping.set()
        self._close()
        self._nurse.join(timeout=_STOP_S)
        if self._nurse.is_alive():
            self._process.kill()
            self._nurse.join()

    def _launch(self) -> "subprocess.Popen[bytes]":
        # a session of its own: the terminal's Ctrl-C is for the centre, which closes the pipe
        return subprocess.Popen(self._command, stdin=subprocess.PIPE, start_new_session=True, env=self._environment)

    def _watch(self) -> None:
        while True:
            status = self._process.wait()
            self._close()
            if self._stopping.is_set():
                return
            log.warning("worker ended, another starts", status=status)
            if self._stopping.wait(_PAUSE_S):
                return
            self._process = self._launch()
            if self._stopping.is_set():
                self._close()

    def _close(self) -> None:
        if self._process.stdin is not None:
            self._process.stdin.close()
