"""The engine is loaded after the first page was served: how far it is, and what is said when it cannot be."""

import subprocess
import sys

import pytest

from rekam.station.engine_start import EngineStart
from rekam.station.pages.engine import engine_finding
from rekam.web.health import Level


@pytest.fixture
def own_process():
    return lambda code: subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.strip()


def test_while_it_is_loaded_health_says_how_far_it_is():
    told = []

    def load(_part):
        told.append(engine_finding(engine))

    engine = EngineStart(load)
    engine.load()
    assert told[0].level is Level.NOTE
    assert "0 persen" in told[0].said
    assert told[-1].said > told[0].said
    assert engine.is_ready
    assert engine_finding(engine).level is Level.WELL


def test_a_damaged_library_is_an_alarm_that_says_what_is_safe():
    def load(part):
        if part == "rekam.abis.engine":
            raise ImportError("libLLVM.so: cannot open shared object file")

    engine = EngineStart(load)
    engine.load()
    assert not engine.is_under_way
    assert not engine.is_ready
    found = engine_finding(engine)
    assert found.level is Level.ALARM
    assert "aman" in found.said
    assert found.todo


def test_a_station_that_only_opens_its_first_page_has_not_loaded_the_engine(own_process):
    loaded = own_process(
        "import sys, rekam.apps.station_place;print(*sorted({'numba', 'cv2', 'typst', 'scipy', 'psycopg'} & set(sys.modules)))"
    )
    assert loaded == ""


def test_what_is_loaded_afterwards_is_all_that_a_capture_needs(own_process):
    further = own_process(
        "import sys; from rekam.station.engine_start import EngineStart; EngineStart().load();"
        "before = set(sys.modules);"
        "import rekam.abis.assess, rekam.abis.face.check, rekam.abis.search, rekam.abis.shortlist;"
        "print(*sorted(set(sys.modules) - before), 'numba.np.arraymath' in before, 'scipy' in sys.modules)"
    )
    assert further == "True False"
