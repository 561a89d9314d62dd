"""Corrected biodata asked for over the line, again and again: `correction_rounds`."""

from collections.abc import Callable
from typing import Final

from rekam.exchange.rounds import Pauses, Rounds, told

__all__ = ["correction_rounds"]

_PERIOD_S: Final = 60.0
_LONGEST_S: Final = 600.0


def correction_rounds(once: Callable[[], int]) -> Rounds:
    """To be started and stopped with the place."""
    return Rounds("corrections", told(once), Pauses(_PERIOD_S, _LONGEST_S))
