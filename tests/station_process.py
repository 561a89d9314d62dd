"""A counter's station as a process of its own, for tests that need a real one: started, killed, started again."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from urllib.error import URLError
from urllib.request import urlopen

from patience import PATIENCE_S
from rekam.drill.ports import free_port

__all__ = ["StationProcess"]


class StationProcess:
    """Over the folder of a `Counter` whose own station is closed; `options` go to its command line, `environment` is
    added to this process's own.
    """

    def __init__(self, counter, *options, **environment):
        self.address = f"http://127.0.0.1:{free_port()}"
        command = [
            *(sys.executable, "-m", "rekam.apps.cli", "station", "--office", "http://127.0.0.1:9"),
            *("--data", str(counter.home), "--keys", str(counter.folder / "keys" / f"{counter.home.name}.keys")),
            *("--port", self.address.rpartition(":")[2]),
            *options,
        ]
        self.log = counter.folder / "station.log"
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, **environment})
        deadline = time.monotonic() + PATIENCE_S
        while True:
            with suppress(URLError, ConnectionError), urlopen(f"{self.address}/health", timeout=PATIENCE_S):
                return
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.1)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
