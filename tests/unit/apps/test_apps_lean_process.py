"""A station's process gives back what it does not need, and works on."""

import subprocess
import sys

import pytest

from rekam.apps.lean_process import give_back_code

COMPILE_AGAIN = """
import numba
from rekam.apps.lean_process import give_back_code, lean_heap
assert lean_heap()
assert numba.njit(lambda n: n + 1)(1) == 2
given = give_back_code("libllvmlite")
assert numba.njit(lambda n: n * 3)(2) == 6
print(given)
"""


def test_a_compiler_whose_code_was_given_back_compiles_again():
    done = subprocess.run([sys.executable, "-c", COMPILE_AGAIN], capture_output=True, text=True, check=True)
    assert int(done.stdout) > 20_000_000


PIECES_OF_PACKETS = """
import resource
from rekam.apps.lean_process import server_heap
assert server_heap()
def piece():
    return [bytearray(b"x") * 1_000_000 for _ in range(3)]
piece()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(100):
    piece()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def test_a_server_takes_the_memory_of_one_packet_for_the_next():
    done = subprocess.run([sys.executable, "-c", PIECES_OF_PACKETS], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 1000  # some 46,000 pages where each packet asks for its own


WEB_PROCESSES = """
import sys
import rekam.apps.centre_place, rekam.apps.office_place, rekam.apps.portal_place
print(*sorted({"numba", "cv2", "scipy", "typst"} & set(sys.modules)))
"""


def test_no_web_process_loads_the_engine_before_somebody_asks_for_a_comparison():
    """A station's is told in test_station_engine_start.py."""
    done = subprocess.run([sys.executable, "-c", WEB_PROCESSES], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


SMAPS = """\
55d0-55d1 r-xp 00000000 fe:00 1   /usr/lib/libllvmlite.so
Rss:                  40 kB
Private_Dirty:         0 kB
Anonymous:             0 kB
"""


@pytest.mark.parametrize(
    "changed",
    [
        SMAPS.replace("r-xp", "rw-p"),
        SMAPS.replace("Private_Dirty:         0", "Private_Dirty:         4"),
        SMAPS.replace("Anonymous:             0", "Anonymous:             4"),
        SMAPS.replace("libllvmlite", "libother"),
    ],
    ids=["writable", "dirty", "own", "another"],
)
def test_what_the_process_wrote_on_is_never_let_go(tmp_path, changed):
    file = tmp_path / "smaps"
    file.write_text(changed)
    assert give_back_code("libllvmlite", file) == 0
    assert give_back_code("libllvmlite", tmp_path / "none") == 0
