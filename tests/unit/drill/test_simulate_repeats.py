"""The same seed is the same country, line by line, in whichever process it runs."""

import os
import subprocess
import sys

_TOLD = """
import structlog
structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
from rekam.drill.simulate.run import simulate
for seed in (1, 2):
    country = simulate(seed)
    print("\\n".join(country.world.trace))
    country.close()
"""


def traces(hash_seed):
    done = subprocess.run(
        [sys.executable, "-c", _TOLD],
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_the_same_seed_gives_the_same_trace_byte_for_byte_in_two_processes():
    first = traces("1")
    assert first == traces("2")
    assert first.count("saved") >= 100
