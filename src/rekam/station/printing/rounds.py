"""What the printer has underway is asked for by itself, also after the station was started anew: `printing_rounds`."""

from typing import Final

from rekam.exchange.rounds import Pauses, Round, Rounds
from rekam.station.printing.queue import PrintQueue

__all__ = ["printing_rounds"]

_LONGEST_S: Final = 60.0


def printing_rounds(queue: PrintQueue, pause_s: float) -> Rounds:
    """Every `pause_s`. It sends nothing: what waits is printed by a person's key press."""

    def once() -> Round:
        if queue.followed:
            queue.look()
        return Round()

    return Rounds("printing", once, Pauses(pause_s, _LONGEST_S))
