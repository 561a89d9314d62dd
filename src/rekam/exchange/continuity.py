"""The chain of one station's packets: what is missing, doubled or linked wrongly (never 6)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["ChainReport", "Gap", "Link", "chain_report"]


@dataclass(frozen=True, slots=True)
class Link:
    """One received packet of a (station, epoch): its sequence, its id (hex) and the id it names as the one before."""

    sequence: int
    packet_id: str
    previous: str


@dataclass(frozen=True, order=True)
class Gap:
    """The sequences `first` to `last`, both included, have not been received."""

    first: int
    last: int


@dataclass(frozen=True)
class ChainReport:
    """What one (station, epoch) looks like from here.

    `highest`: the highest sequence received, 0 when none; `gaps`: below it; `forks`: sequences that came with
    different bytes; `broken`: sequences whose packet names another predecessor than any that was received.
    """

    highest: int
    gaps: tuple[Gap, ...]
    forks: tuple[int, ...]
    broken: tuple[int, ...]


def chain_report(links: Iterable[Link]) -> ChainReport:
    """Report on all the links of one (station, epoch), in any order."""
    by_sequence: dict[int, dict[str, str]] = defaultdict(dict)
    for link in links:
        by_sequence[link.sequence][link.packet_id] = link.previous
    sequences = sorted(by_sequence)
    gaps = tuple(
        Gap(before + 1, after - 1)
        for before, after in zip([0, *sequences], sequences, strict=False)
        if after > before + 1
    )
    forks = tuple(number for number in sequences if len(by_sequence[number]) > 1)
    broken = tuple(number for number in sequences if not _linked(by_sequence, number))
    return ChainReport(sequences[-1] if sequences else 0, gaps, forks, broken)


def _linked(by_sequence: dict[int, dict[str, str]], number: int) -> bool:
    if number == 1:
        return all(previous == "0" * 64 for previous in by_sequence[1].values())
    before = by_sequence.get(number - 1)
    return before is None or all(previous in before for previous in by_sequence[number].values())
