"""Sets of packet sequences as the few runs they are made of: `Ranges`."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final, Self

__all__ = ["NO_RANGES", "Ranges"]


@dataclass(frozen=True)
class Ranges:
    """A set of positive integers: `runs` of (first, last), both included, ascending and never touching each other.

    20,000 recordings without a gap are one pair of numbers.
    """

    runs: tuple[tuple[int, int], ...] = ()

    def __post_init__(self) -> None:
        before = -1
        for first, last in self.runs:
            if not before + 1 < first <= last or first < 1:
                raise ValueError(f"not ascending runs: {self.runs!r}")
            before = last

    @classmethod
    def of(cls, numbers: Iterable[int]) -> Self:
        """From numbers in any order, repeated or not."""
        runs: list[tuple[int, int]] = []
        for number in sorted(set(numbers)):
            if runs and runs[-1][1] == number - 1:
                runs[-1] = (runs[-1][0], number)
            else:
                runs.append((number, number))
        return cls(tuple(runs))

    @classmethod
    def upto(cls, last: int, first: int = 1) -> Self:
        """`first` to `last`, both included; empty where `last` comes before."""
        return cls(((first, last),)) if last >= first else cls()

    @classmethod
    def parse(cls, plain: Any) -> Self:
        """Read `plain()`. Raises ValueError for anything that is no such list."""
        match plain:
            case [*pairs] if all(
                isinstance(pair, list) and [type(each) for each in pair] == [int, int] for pair in pairs
            ):
                return cls(tuple((pair[0], pair[1]) for pair in pairs))
        raise ValueError("not a list of pairs")

    def plain(self) -> list[list[int]]:
        """As it is written into files."""
        return [list(run) for run in self.runs]

    def __iter__(self) -> Iterator[int]:
        for first, last in self.runs:
            yield from range(first, last + 1)

    def __len__(self) -> int:
        return sum(last - first + 1 for first, last in self.runs)

    def __contains__(self, number: object) -> bool:
        return isinstance(number, int) and any(first <= number <= last for first, last in self.runs)

    def __or__(self, other: "Ranges") -> "Ranges":
        merged: list[tuple[int, int]] = []
        for first, last in sorted((*self.runs, *other.runs)):
            if merged and first <= merged[-1][1] + 1:
                merged[-1] = (merged[-1][0], max(merged[-1][1], last))
            else:
                merged.append((first, last))
        return Ranges(tuple(merged))

    def __and__(self, other: "Ranges") -> "Ranges":
        return self - (self - other)

    def __sub__(self, other: "Ranges") -> "Ranges":
        left: list[tuple[int, int]] = []
        taken = list(other.runs)
        for begin, end in self.runs:
            first = begin
            while taken and taken[0][1] < first:
                taken.pop(0)
            for low, high in taken:
                if low > end:
                    break
                if low > first:
                    left.append((first, low - 1))
                first = high + 1
            if first <= end:
                left.append((first, end))
        return Ranges(tuple(left))

    @property
    def last(self) -> int:
        """The highest number, 0 where there is none."""
        return self.runs[-1][1] if self.runs else 0

    def __str__(self) -> str:
        """``1-45, 47``; a dash where it is empty."""
        return ", ".join(f"{first}-{last}" if last > first else str(first) for first, last in self.runs) or "-"


NO_RANGES: Final = Ranges()
