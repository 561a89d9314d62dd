"""The same seed is the same country, line by line, in whichever process it runs."""

import os
import subprocess
import sys

_COMMAND = ("-m", "rekam.apps.cli", "simulate", "--seeds", "1-2", "--trace")


def trace(hash_seed):
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    done = subprocess.run([sys.executable, *_COMMAND], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_same_seed_gives_the_same_trace_byte_for_byte_in_two_processes():
    first = trace("1")
    assert first == trace("2")
    assert first.count(" saved ") >= 100
    assert first.count(" ! ") >= 40
