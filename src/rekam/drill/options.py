"""What a drill is asked to do: `Options`."""

from dataclasses import dataclass
from pathlib import Path

__all__ = ["Options"]


@dataclass(frozen=True)
class Options:
    """`people` residents and `second_recordings` further sittings of some of them under other NIKs, at `stations`
    counters; the centre is killed and kept down for `outage_s` seconds; with `samples` real images are used.
    """

    people: int = 12
    stations: int = 2
    second_recordings: int = 3
    outage_s: float = 15.0
    samples: Path | None = None
    faults: bool = False
    seed: int = 1
    folder: Path | None = None
