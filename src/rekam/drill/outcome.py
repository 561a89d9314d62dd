"""The drill's figures and whether they are good: `Outcome`."""

from dataclasses import asdict, dataclass, field, fields
from typing import Any

__all__ = ["Outcome"]


@dataclass
class Outcome:
    """Fields as DESIGN section 7 names them. `problems` says in words what went wrong, where anything did."""

    recorded: int = 0
    second_recordings: int = 0
    backed_up: int = 0
    received: int = 0
    unique: int = 0
    duplicates_at_counter: int = 0
    duplicates_at_centre: int = 0
    adjudicated: int = 0
    corrected: int = 0
    print_ready: int = 0
    proofs: int = 0
    sukets: int = 0
    cards: int = 0
    recorded_in_outage: int = 0
    checks_in_outage: int = 0
    proofs_in_outage: int = 0
    sukets_in_outage: int = 0
    cards_in_outage: int = 0
    lost: int = 0
    double_counted: int = 0
    false_duplicates: int = 0
    missed_duplicates: int = 0
    seconds: float = 0.0
    kills: int = 0
    link_faults: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """0 only if nothing was lost, doubled, missed or falsely accused, and every service went on in the outage."""
        in_outage = [getattr(self, one.name) for one in fields(self) if one.name.endswith("_in_outage")]
        clean = self.lost == self.double_counted == self.missed_duplicates == self.false_duplicates == 0
        return 0 if clean and all(in_outage) and not self.problems else 1

    def to_map(self) -> dict[str, Any]:
        return {**asdict(self), "seconds": round(self.seconds, 1)}
