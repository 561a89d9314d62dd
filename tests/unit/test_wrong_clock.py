"""The helper that gives a process a wrong clock, `wrong_clock`."""

import os
import subprocess

from wrong_clock import clear_left_behind


def test_what_a_killed_process_left_is_cleared_and_a_running_ones_is_not(tmp_path):
    ended = subprocess.Popen(["true"])
    ended.wait()
    left = [tmp_path / f"faketime_shm_{ended.pid}", tmp_path / f"sem.faketime_sem_{ended.pid}"]
    older = tmp_path / f"faketime_shm_{os.getppid()}"  # made before the process that has the number now began
    kept = [tmp_path / f"faketime_shm_{os.getpid()}", tmp_path / "faketime_something", tmp_path / "sem.another"]
    for file in (*left, older, *kept):
        file.touch()
    os.utime(older, (1, 1))
    clear_left_behind(tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted(kept)
