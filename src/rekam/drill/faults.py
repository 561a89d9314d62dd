"""Processes killed at random while everything goes on: `Killer`."""

import random
import threading
import time
from typing import Final, Self

from rekam.drill.ailments import Ailments
from rekam.drill.country import Country, PlaceDidNotStart

__all__ = ["BAD_LINK", "Killer"]

BAD_LINK: Final = Ailments(
    cut_upload=0.08, drop_answer=0.05, stall=0.05, stall_s=0.5, half_open=0.02, half_open_s=2.0, duplicate=0.05
)
_PAUSE_S: Final = (4.0, 9.0)
_STARTS: Final = 2
"""A pause is at least so many times as long as the last start took: a machine on which everything takes long gets done
between two deaths what another does, else a worker never ends the packet at hand.
"""


class Killer:
    """Kills a place with -9 every few seconds and starts it again; the centre only while it is meant to be up."""

    def __init__(self, country: Country, *, seed: int) -> None:
        self._country = country
        self._random = random.Random(f"killer/{seed}")  # noqa: S311  # misfortune, not secrecy
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="killer", daemon=True)
        self.centre_may_run = True
        self._trouble: PlaceDidNotStart | None = None

    @property
    def kills(self) -> int:
        return sum(place.kills for place in self._country.places)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()

    def stop(self) -> None:
        """No more misfortune; the place at hand is started first. Raises what kept a killed place from coming back."""
        self._stop.set()
        self._thread.join(timeout=120)
        if self._trouble is not None:
            raise self._trouble

    def _run(self) -> None:
        took_s = 0.0
        while not self._stop.wait(max(self._random.uniform(*_PAUSE_S), _STARTS * took_s)):
            victims = [self._country.office, *self._country.stations]
            if self.centre_may_run:
                victims.append(self._country.centre)
            place = self._random.choice(victims)
            with place.lock:  # whoever wants it up waits until it is up again
                if place.running:
                    place.kill()
                    began = time.monotonic()
                    try:
                        place.start()
                        took_s = time.monotonic() - began
                    except PlaceDidNotStart as trouble:
                        self._trouble = trouble  # a place that a kill keeps down is what a drill is there to find
                        return
