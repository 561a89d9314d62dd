"""The index of names is made up for while the station is open, piece by piece: `indexing`."""

from typing import Final

from rekam.exchange.rounds import Pauses, Round, Rounds
from rekam.station.lookup.name_index import NameIndex

__all__ = ["indexing"]

_PERIOD_S: Final = 3600.0
_LONGEST_PAUSE_S: Final = 600.0


def indexing(names: NameIndex) -> Rounds:
    """Rounds to be started and stopped with the place; usually there is nothing to do."""
    rounds = Rounds(
        "names",
        lambda: Round(names.catch_up(stop=lambda: rounds.stopping)),
        Pauses(_PERIOD_S, _LONGEST_PAUSE_S),
    )
    return rounds
