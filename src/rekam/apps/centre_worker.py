"""`rekam centre work`: the stages, in a process of their own that loads no page."""

import os
import threading
from pathlib import Path

from rekam.apps.centre_opening import open_centre
from rekam.centre.finger_choice import Wanted, finger_extractor
from rekam.storage.pool import connect_pool

__all__ = ["run_worker"]

_LOOK_S = 1.0


def run_worker(folder: Path, keys_file: Path, dsn: str, fingers: Wanted = "auto") -> None:
    """Runs stages until standard input closes, which it does when the centre's process ends.

    Raises `LeaderNotReady` before it takes a packet.
    """
    extractor = finger_extractor(folder, fingers)
    stop = threading.Event()

    def watch() -> None:
        while os.read(0, 4096):
            continue
        stop.set()

    threading.Thread(target=watch, daemon=True).start()
    pool = connect_pool(dsn, max_size=4)
    try:
        centre = open_centre(folder, keys_file, pool, extractor)
        while centre.recollection.open and not stop.wait(_LOOK_S):
            continue  # stages would tell what was told before
        centre.worker().run(stop)
    finally:
        pool.close()
