"""Loading the biometric engine after the first page can be served (ADR 0046): `EngineStart`."""

from collections.abc import Callable
from importlib import import_module
from typing import Final

import structlog

__all__ = ["EngineStart"]

_PARTS: Final = (
    "rekam.abis.numba_start",
    "rekam.abis.image",
    "rekam.abis.engine",
    "rekam.abis.finger.extract",
    "rekam.abis.iris.extract",
    "rekam.abis.comparison",
    "rekam.abis.assignment",
    "rekam.abis.assess",
    "rekam.abis.face.check",
    "rekam.abis.shortlist",
    "rekam.abis.search",
    "rekam.station.look",
)
"""What judging a capture and searching the earlier ones stand on, in the order in which they need one another."""

_log = structlog.get_logger("rekam.station")


class EngineStart:
    """How far it is. Whoever needs a part sooner waits for it in its import, so that nothing fails before."""

    def __init__(self, load: Callable[[str], object] = import_module) -> None:
        self._load = load
        self._loaded = 0
        self._under_way = False
        self.trouble: Exception | None = None

    def load(self) -> None:
        """Blocks until all is here. What cannot be loaded is told by `trouble`, and by the log with its name."""
        self._under_way = True
        try:
            for part in _PARTS:
                self._load(part)
                self._loaded += 1
        except Exception as error:  # noqa: BLE001 - a damaged library must not end the thread unheard: sending still goes on
            _log.exception("the biometric engine cannot be loaded", part=_PARTS[self._loaded])
            self.trouble = error
        finally:
            self._under_way = False

    @property
    def is_under_way(self) -> bool:
        return self._under_way

    @property
    def is_ready(self) -> bool:
        return self._loaded == len(_PARTS)

    @property
    def percent(self) -> int:
        return 100 * self._loaded // len(_PARTS)
