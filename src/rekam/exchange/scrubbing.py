"""The reading of stored packets as a round of its own beside sending: `scrubbing`."""

from typing import Final

import structlog

from rekam.exchange.rounds import Pauses, Round, Rounds
from rekam.storage.scrub import Scrubber

__all__ = ["scrubbing"]

_PERIOD_S: Final = 10.0
_BUDGET_BYTES: Final = 8 << 20
"""Eight megabytes every ten seconds: a hundred thousand packets of a megabyte are read through in a day and a half,
and reading takes less than a hundredth of one core.
"""
_LONGEST_PAUSE_S: Final = 600.0

_log = structlog.get_logger("rekam.exchange")


def scrubbing(scrubber: Scrubber) -> Rounds:
    """Rounds to be started and stopped with the place. What is damaged is told in the log and kept in the book."""

    def once() -> Round:
        step = scrubber.step(_BUDGET_BYTES)
        for damage in step.damaged:
            _log.error("a stored packet is damaged", packet_id=damage.blob_id, found=damage.code)
        return Round(step.blobs)

    return Rounds("scrub", once, Pauses(_PERIOD_S, _LONGEST_PAUSE_S))
