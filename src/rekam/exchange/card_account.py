"""What one place says of cards: orders by their packets' numbers, printed sheets by the lines of the blank ledger."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from rekam.exchange.ranges import NO_RANGES, Ranges

__all__ = [
    "OFFICE_DIGITS",
    "Blanks",
    "CardLedger",
    "CardState",
    "OrderChain",
    "OrderRow",
    "SheetAccount",
    "order_chains",
]

OFFICE_DIGITS: Final = 4
"""A longer scope is a station's."""


class CardState(StrEnum):
    """What became of a print order here. A printed card stays printed, however often its sheet is replaced."""

    WAITING = "waiting"
    PRINTED = "printed"
    HELD = "held"
    """Withheld by a fence until a person's verdict: nothing is printed."""
    WITHDRAWN = "withdrawn"
    """Not printed, and not to be printed any more."""


@dataclass(frozen=True)
class OrderRow:
    """One order: of the packet (station, epoch, sequence). `fresh`: it came minutes ago."""

    station: str
    epoch: int
    sequence: int
    state: CardState
    fresh: bool = False


@dataclass(frozen=True)
class OrderChain:
    """The orders of one (station, epoch). A sequence with one order stands in one range of `orders`; where a number
    was used twice and both packets have a card, both stand in `doubled` instead, as (sequence, state).

    `fresh`: those that came minutes ago, so that an account of the other place may be older.
    """

    station: str
    epoch: int
    orders: Mapping[CardState, Ranges]
    fresh: Ranges = NO_RANGES
    doubled: tuple[tuple[int, CardState], ...] = ()

    @property
    def key(self) -> tuple[str, int]:
        return self.station, self.epoch

    @property
    def known(self) -> Ranges:
        """Every sequence with an order."""
        found = Ranges.of(sequence for sequence, _ in self.doubled)
        for ranges in self.orders.values():
            found |= ranges
        return found

    def count(self, state: CardState) -> int:
        """Orders in this state."""
        return len(self.orders.get(state, NO_RANGES)) + sum(each is state for _, each in self.doubled)


@dataclass(frozen=True)
class Blanks:
    """The blank ledger: sheets `received` and `spoilt` unprinted, the `stock` after its last line, and how many `lines`
    it has.
    """

    received: int
    spoilt: int
    stock: int
    lines: int


@dataclass(frozen=True)
class SheetAccount:
    """The cards of one `office`: how many `orders` and, of its printed sheets, the ledger's lines in `sheets`; of these
    `first` are cards, `copies` replaced a sheet before.

    `unsaid`: lines whose word the centre has not confirmed, or minutes ago; `blanks` is the office's own to tell.
    """

    office: str
    orders: int
    sheets: Ranges
    first: int
    copies: int
    unsaid: Ranges = NO_RANGES
    blanks: Blanks | None = None


class CardLedger(Protocol):
    """The cards of one place. Adapters: `OfficeCardLedger`, `CentreCardLedger`."""

    def cards(self, scope: str) -> tuple[Sequence[OrderRow], Sequence[SheetAccount]]:
        """Orders of the stations whose id begins with `scope`, and the sheets of the offices in it: none where it is
        one station's. What stands in one line of a sum is read in one snapshot.
        """


def order_chains(rows: Iterable[OrderRow]) -> tuple[OrderChain, ...]:
    """Put together by (station, epoch) from rows in any order."""
    chains: dict[tuple[str, int], dict[int, list[OrderRow]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        chains[row.station, row.epoch][row.sequence].append(row)
    return tuple(_chain(*key, list(found.values())) for key, found in sorted(chains.items()))


def _chain(station: str, epoch: int, by_sequence: list[list[OrderRow]]) -> OrderChain:
    single = [rows[0] for rows in by_sequence if len(rows) == 1]
    doubled = sorted((row.sequence, row.state) for rows in by_sequence if len(rows) > 1 for row in rows)
    orders = {
        state: found for state in CardState if (found := Ranges.of(r.sequence for r in single if r.state is state))
    }
    fresh = Ranges.of(row.sequence for rows in by_sequence for row in rows if row.fresh)
    return OrderChain(station, epoch, orders, fresh, tuple(doubled))
