"""`PurgeStore` in memory, for simulations and tests: `InMemoryPurgeStore`."""

from collections.abc import Callable
from typing import Literal

from rekam.exchange.purging import Held

__all__ = ["InMemoryPurgeStore"]


class InMemoryPurgeStore:
    """`put` says what is held, newer words replacing older; `states` tells what became of each copy."""

    def __init__(self) -> None:
        self.states: dict[str, Literal["kept", "going", "gone"]] = {}
        self._held: dict[str, Held] = {}

    def put(self, held: Held) -> None:
        """A packet as it stands now; its first `put` gives it its position."""
        self._held[held.packet_id] = held
        self.states.setdefault(held.packet_id, "kept")

    def accepted(self, after: int, limit: int) -> list[tuple[int, str]]:
        kept = [
            (position, held.packet_id)
            for position, held in enumerate(self._held.values(), 1)
            if position > after and held.receipt is not None and self.states[held.packet_id] == "kept"
        ]
        return kept[:limit]

    def going(self) -> list[str]:
        return [packet_id for packet_id, state in self.states.items() if state == "going"]

    def let_go(self, packet_id: str, may_go: Callable[[Held], bool]) -> bool:
        answer = may_go(self._held[packet_id])
        self.states[packet_id] = "going" if answer else "kept"
        return answer

    def gone(self, packet_id: str) -> None:
        self.states[packet_id] = "gone"
