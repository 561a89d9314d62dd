"""How many packets the centre has, and where they stand: `Counts`."""

from dataclasses import dataclass

__all__ = ["Counts"]


@dataclass(frozen=True)
class Counts:
    """Never 10: `received` = `in_stage` + `done` + `rejected` + `quarantined`; `waiting` of those in a stage wait
    for a human.
    """

    received: int
    in_stage: int
    done: int
    rejected: int
    quarantined: int
    waiting: int

    @property
    def adds_up(self) -> bool:
        return self.received == self.in_stage + self.done + self.rejected + self.quarantined
