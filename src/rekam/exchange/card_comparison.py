"""The cards of two accounts held against each other, to the order and to the sheet: `compare_cards`."""

from collections.abc import Iterator
from dataclasses import dataclass

from rekam.exchange.account import Account
from rekam.exchange.card_account import CardState, OrderChain, SheetAccount
from rekam.exchange.ranges import NO_RANGES, Ranges

__all__ = ["Difference", "compare_cards"]


@dataclass(frozen=True)
class Difference:
    """`what` at the place `at`: of one (station, epoch) the sequences of packets whose orders differ, or of one
    office, epoch 0, the lines of its blank ledger whose sheets do.
    """

    what: str
    at: str
    of: str
    epoch: int
    numbers: Ranges


def compare_cards(lower: Account, upper: Account) -> Iterator[Difference]:
    """Between an office and the centre, or two accounts of one place, the older as `lower`; nothing where that one
    tells of no cards, while a centre that tells of none has lost them. Some are empty.
    """
    if not lower.sheets:
        return
    keys = sorted({chain.key for chain in (*lower.orders, *upper.orders)})
    for key in keys:
        none = OrderChain(*key, {})
        below = next((chain for chain in lower.orders if chain.key == key), none)
        above = next((chain for chain in upper.orders if chain.key == key), none)
        only_below, only_above = below.known - above.known, above.known - below.known
        yield Difference("order unknown above", upper.place, *key, only_below - below.fresh)
        printed = above.orders.get(CardState.PRINTED, NO_RANGES)
        yield Difference("order unknown below", lower.place, *key, only_above & printed)
        yield Difference("order on the way", lower.place, *key, only_above - printed)
    for one in lower.sheets:
        of = next(
            (each for each in upper.sheets if each.office == one.office), SheetAccount(one.office, 0, NO_RANGES, 0, 0)
        )
        yield from _sheets(lower, upper, one, of)


def _sheets(lower: Account, upper: Account, below: SheetAccount, above: SheetAccount) -> Iterator[Difference]:
    only_below, only_above = below.sheets - above.sheets, above.sheets - below.sheets
    told = Ranges.upto(below.blanks.lines if below.blanks else below.sheets.last)
    office = (below.office, 0)
    yield Difference("sheet unknown above", upper.place, *office, only_below - below.unsaid)
    yield Difference("sheet on the way", upper.place, *office, only_below & below.unsaid)
    yield Difference("sheet unknown below", lower.place, *office, only_above & told)
    yield Difference("sheet later", lower.place, *office, only_above - told)
