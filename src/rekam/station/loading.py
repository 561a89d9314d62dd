"""Loading what the local search compares with, beside everything else: `loading`."""

from typing import Final

from rekam.exchange.rounds import Pauses, Round, Rounds
from rekam.station.second_recording import SecondRecording

__all__ = ["loading"]

_PAUSES: Final = Pauses(period_s=60.0, longest_s=600.0)


def loading(second: SecondRecording) -> Rounds:
    """Rounds to be started and stopped with the station: step after step until all is here, then once a minute."""

    def once() -> Round:
        if second.step():
            rounds.wake()
        return Round()

    rounds = Rounds("second recordings", once, _PAUSES)
    return rounds
