"""Cards as the centre ordered them and heard of them: `CentreCardLedger`."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from rekam.centre.sql import VIEWS
from rekam.exchange.card_account import OFFICE_DIGITS, CardState, OrderRow, SheetAccount
from rekam.exchange.ranges import Ranges
from rekam.exchange.sums import Sum, Term
from rekam.storage.pool import Pool

__all__ = ["CentreCardLedger", "country_sums"]


class CentreCardLedger:
    """`CardLedger` over print orders and what offices said of cards."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def cards(self, scope: str) -> tuple[Sequence[OrderRow], Sequence[SheetAccount]]:
        with self._pool.connection() as connection:
            found = connection.execute(VIEWS.card_orders, {"scope": scope}).fetchall()
            told = connection.execute(VIEWS.card_sheets, {"scope": scope}).fetchall()
        orders = [
            OrderRow(station, epoch, sequence, CardState(state), fresh)
            for _, station, epoch, sequence, state, fresh in found
            if station
        ]
        if len(scope) > OFFICE_DIGITS:
            return orders, []
        ordered = Counter(office for office, *_ in found)
        sheets: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for office, blank, copy in told:
            sheets[office].append((blank, copy))
        return orders, [_sheets(office, ordered[office], sheets[office]) for office in sorted({*ordered, *sheets})]


def _sheets(office: str, orders: int, told: list[tuple[int, int]]) -> SheetAccount:
    first = sum(copy == 1 for _, copy in told)
    return SheetAccount(office, orders, Ranges.of(blank for blank, _ in told), first, len(told) - first)


def country_sums(pool: Pool) -> tuple[Sum, ...]:
    """The lines of the whole country, counted in one snapshot without listing a card."""
    with pool.connection() as connection:
        row = connection.execute(VIEWS.card_counts).fetchall()[0]
    orders, printed, waiting, held, withdrawn, sheets, first, copies = (int(each) for each in row)
    ordered = (Term.PRINTED, printed), (Term.TO_PRINT, waiting), (Term.HELD, held), (Term.WITHDRAWN, withdrawn)
    return Sum(Term.ORDERED, orders, ordered), Sum(
        Term.SHEETS, sheets, ((Term.PRINTED, first), (Term.REPRINTED, copies))
    )
