"""A place that does not come back after a kill ends the drill in words; it never passes unseen."""

import threading
from types import SimpleNamespace

import pytest

from patience import PATIENCE_S
from rekam.drill import faults
from rekam.drill.country import PlaceDidNotStart
from rekam.drill.faults import Killer


class Broken:
    """A place that can be killed and never starts again."""

    def __init__(self):
        self.lock, self.kills, self.running = threading.RLock(), 0, True

    def kill(self):
        self.kills += 1

    def start(self):
        raise PlaceDidNotStart(name="office-3174", told="no disk", log="log")


def test_a_killed_place_that_stays_down_is_told(monkeypatch):
    monkeypatch.setattr(faults, "_PAUSE_S", (0.0, 0.01))
    broken = Broken()
    country = SimpleNamespace(office=broken, stations=[broken], centre=broken, places=[broken])
    killer = Killer(country, seed=1)
    with pytest.raises(PlaceDidNotStart), killer:
        killer._thread.join(timeout=PATIENCE_S)
    assert broken.kills == 1
