"""Accounts for tests, put together from few words."""

from dataclasses import replace
from hashlib import sha256

from rekam.exchange.account import Account, Entry, Holding, Outcome, chain_account
from rekam.exchange.card_account import Blanks, CardState, OrderRow, SheetAccount, order_chains
from rekam.exchange.ranges import Ranges

STATION, OFFICE = "317401-01", "3174"
RESULT = {"station": Outcome.NONE, "office": Outcome.NONE, "centre": Outcome.DONE}


def packet_id(sequence: int, salt: str = "") -> str:
    return sha256(f"{sequence}{salt}".encode()).hexdigest()


def entries(holdings: dict, *, outcome=Outcome.NONE, absent=(), salts=None) -> list[Entry]:
    """`holdings`: from a holding to the sequences that stand there; `salts`: other bytes under a number."""
    return [
        Entry(number, packet_id(number, (salts or {}).get(number, "")), holding, outcome, absent=number in absent)
        for holding, numbers in holdings.items()
        for number in numbers
    ]


def account(
    tier: str, holdings: dict, *, highest=0, epoch=1, at_ms=1000, signed_ms=None, extra=(), absent=(), salts=None
) -> Account:
    place = {"station": STATION, "office": OFFICE, "centre": "centre"}[tier]
    rows = [*entries(holdings, outcome=RESULT[tier], absent=absent, salts=salts), *extra]
    chain = chain_account(STATION, epoch, rows, highest=highest, signed_ms=signed_ms)
    return Account(place, tier, at_ms, True, (chain,))


def station(**options) -> Account:
    """Recorded 1 to 10: 1 to 5 accepted, 6 to 8 backed up, 9 and 10 waiting."""
    rows = {Holding.ACCEPTED: range(1, 6), Holding.BACKED_UP: range(6, 9), Holding.WAITING: (9, 10)}
    return account("station", options.pop("holdings", rows), **{"highest": 10} | options)


def office(**options) -> Account:
    """The same, as the office has it."""
    return account(
        "office", options.pop("holdings", {Holding.ACCEPTED: range(1, 6), Holding.WAITING: (6, 7, 8)}), **options
    )


def centre(**options) -> Account:
    """The same, as the centre has it."""
    return account("centre", options.pop("holdings", {Holding.ACCEPTED: range(1, 6)}), **options)


def with_cards(account: Account, states: dict, lines, *, unsaid=(), copies=0, blanks=None, fresh=()) -> Account:
    """Orders of the station's packets, `states` from a state to their sequences, and the sheets on these `lines`."""
    rows = [OrderRow(STATION, 1, n, state, n in fresh) for state, numbers in states.items() for n in numbers]
    first = len(states.get(CardState.PRINTED, ()))
    sheets = SheetAccount(OFFICE, len(rows), Ranges.of(lines), first, copies, Ranges.of(unsaid), blanks)
    return replace(account, orders=order_chains(rows), sheets=(sheets,))


def office_cards(**options) -> Account:
    """Of the five accepted, four have a card ordered: 1 and 2 are printed on lines 2 and 3, 1 again on line 4."""
    states = {CardState.PRINTED: (1, 2), CardState.WAITING: (3,), CardState.WITHDRAWN: (5,)}
    told = {"copies": 1, "blanks": Blanks(received=10, spoilt=1, stock=6, lines=5)} | options
    return with_cards(office(), told.pop("states", states), told.pop("lines", (2, 3, 4)), **told)


def centre_cards(**options) -> Account:
    """The same, as the centre heard it; it knows of no withdrawal."""
    states = {CardState.PRINTED: (1, 2), CardState.WAITING: (3, 5)}
    return with_cards(centre(), options.pop("states", states), options.pop("lines", (2, 3, 4)), copies=1, **options)
