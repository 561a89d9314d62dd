"""Accounts for tests, put together from few words."""

from hashlib import sha256

from rekam.exchange.account import Account, Entry, Holding, Outcome, chain_account

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
