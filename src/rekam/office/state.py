"""The figures of an office at one moment: `State`."""

from dataclasses import dataclass

__all__ = ["State"]


@dataclass(frozen=True)
class State:
    """The figures of an office: packets in custody, accepted by the centre, still to be relayed with the age of the
    oldest, entries of the feed applied, print orders, cards printed, blanks in stock.
    """

    packets: int
    relayed: int
    backlog: int
    oldest_s: float
    feed_cursor: int
    print_orders: int
    cards: int
    blanks: int
    connected: bool | None
