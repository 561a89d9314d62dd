"""What an account says of cards, as CBOR maps (docs/account-format.md): `order_map`, `order_chain`, `sheet_map` ..."""

from collections.abc import Mapping
from typing import Any

from rekam.enrolment.identifiers import OfficeId, StationId
from rekam.exchange.card_account import Blanks, CardState, OrderChain, SheetAccount
from rekam.exchange.ranges import Ranges

__all__ = ["order_chain", "order_map", "sheet_account", "sheet_map"]


def order_map(chain: OrderChain) -> dict[str, Any]:
    return {
        "station": chain.station,
        "epoch": chain.epoch,
        "orders": {str(state): ranges.plain() for state, ranges in chain.orders.items()},
        "fresh": chain.fresh.plain(),
        "doubled": [[sequence, str(state)] for sequence, state in chain.doubled],
    }


def order_chain(fields: Mapping[str, Any]) -> OrderChain:
    """Read `order_map`. Raises ValueError, KeyError, TypeError, `IdentifierMalformed`."""
    orders = {CardState(state): Ranges.parse(ranges) for state, ranges in fields["orders"].items()}
    doubled = tuple((_count(sequence), CardState(state)) for sequence, state in fields["doubled"])
    chain = OrderChain(
        str(StationId(fields["station"])), _count(fields["epoch"]), orders, Ranges.parse(fields["fresh"]), doubled
    )
    if len(chain.known) != sum(map(len, orders.values())) + len({sequence for sequence, _ in doubled}):
        raise ValueError("its orders overlap")
    return chain


def sheet_map(sheets: SheetAccount) -> dict[str, Any]:
    blanks = sheets.blanks
    return {
        "office": sheets.office,
        "orders": sheets.orders,
        "sheets": sheets.sheets.plain(),
        "first": sheets.first,
        "copies": sheets.copies,
        "unsaid": sheets.unsaid.plain(),
        "blanks": None if blanks is None else [blanks.received, blanks.spoilt, blanks.stock, blanks.lines],
    }


def sheet_account(fields: Mapping[str, Any]) -> SheetAccount:
    """Read `sheet_map`. Raises as `order_chain` does."""
    blanks = fields["blanks"]
    return SheetAccount(
        str(OfficeId(fields["office"])),
        _count(fields["orders"]),
        Ranges.parse(fields["sheets"]),
        _count(fields["first"]),
        _count(fields["copies"]),
        Ranges.parse(fields["unsaid"]),
        None if blanks is None else Blanks(*(_count(each) for each in blanks)),
    )


def _count(number: Any) -> int:
    if type(number) is not int or not 0 <= number < 1 << 62:
        raise ValueError("a number")
    return number
