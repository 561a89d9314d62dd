"""Who had a hand in a sitting: `Hands`. An operator may hand over in the middle; the sitting notes both."""

from rekam.station.store import StationStore
from rekam.trust.clock import LegalClock

__all__ = ["Hands"]


class Hands:
    """Noted at an operator's first change to a sitting, kept with it. The packet is signed by whoever saves it."""

    def __init__(self, store: StationStore, legal: LegalClock) -> None:
        self._store = store
        self._legal = legal

    def note(self, sitting_id: str, operator: str) -> None:
        """Durable when it returns; does nothing for a sitting that is not open, or for a second change."""
        if operator in self.of(sitting_id):
            return
        at = self._legal.now().at.isoformat(timespec="seconds")
        with self._store.tx() as tx:
            tx.execute(
                "INSERT OR IGNORE INTO sitting_hand (sitting_id, operator, at)"
                " SELECT sitting_id, ?, ? FROM draft WHERE sitting_id = ?",
                (operator, at, sitting_id),
            )

    def of(self, sitting_id: str) -> list[str]:
        """The operators' ids in the order in which they took part."""
        rows = self._store.rows("SELECT operator FROM sitting_hand WHERE sitting_id = ? ORDER BY hand", (sitting_id,))
        return [operator for (operator,) in rows]
