"""Writes the vectors of docs/account-format.md: accounts of a station and an office with keys of one byte each.

Run from the repository: ``python tests/vectors/account/make.py``.
"""

import json
from hashlib import sha256
from pathlib import Path

from rekam.exchange.account import Account, Entry, Holding, Outcome, chain_account
from rekam.exchange.account_file import write_account
from rekam.exchange.card_account import Blanks, CardState, OrderRow, SheetAccount, order_chains
from rekam.exchange.ranges import Ranges
from rekam.exchange.sums import card_sums
from rekam.trust.certificates import Certificate, issue
from rekam.trust.keys import SigningKey

HERE = Path(__file__).parent
ROOT, OFFICE, STATION = (SigningKey(bytes([number]) * 32) for number in (1, 2, 3))


def account() -> Account:
    """1 purged, 2 accepted, 3 backed up, 4 waiting; 5 is missing, 6 stands for two packets."""

    def packet(sequence: int, holding: Holding, outcome: Outcome = Outcome.NONE, salt: str = "") -> Entry:
        return Entry(sequence, sha256(f"packet {sequence}{salt}".encode()).hexdigest(), holding, outcome)

    entries = [
        packet(1, Holding.PURGED, Outcome.DONE),
        packet(2, Holding.ACCEPTED, Outcome.IN_STAGE),
        packet(3, Holding.BACKED_UP),
        packet(4, Holding.WAITING),
        packet(6, Holding.BACKED_UP),
        packet(6, Holding.WAITING, salt=" again"),
    ]
    chain = chain_account(
        "317401-01", 1, entries, highest=6, signed_ms={"office": 1_795_312_800_000, "centre": 1_795_312_700_000}
    )
    return Account("317401-01", "station", 1_795_312_900_000, looked=True, chains=(chain,))


def office_account() -> Account:
    """Of the packets 1 to 3 the cards were ordered; 1 is printed on line 2 of the ledger, again on line 4, unsaid."""
    rows = [
        OrderRow("317401-01", 1, sequence, state)
        for sequence, state in ((1, CardState.PRINTED), (2, CardState.WAITING), (3, CardState.WITHDRAWN))
    ]
    ids = {sequence: sha256(f"packet {sequence}".encode()).hexdigest() for sequence in (1, 2, 3)}
    chain = chain_account("317401-01", 1, [Entry(n, each, Holding.ACCEPTED, Outcome.DONE) for n, each in ids.items()])
    sheets = SheetAccount("3174", 3, Ranges.of([2, 4]), 1, 1, Ranges.of([4]), Blanks(100, 5, 93, 4))
    return Account("3174", "office", 1_795_312_900_000, True, (chain,), order_chains(rows), (sheets,))


def main() -> None:
    """The file, and what it says, for readers in other languages."""
    office = Certificate("office", "3174", "Sudin Dukcapil Jakarta Selatan", OFFICE.public, serial=bytes(8))
    by_root = issue(office, ROOT)
    station = Certificate("station", "317401-01", "Tebet 01", STATION.public, serial=bytes(8))
    by_office = issue(station, OFFICE, by=office)
    said = account()
    (HERE / "station.neraca").write_bytes(write_account(said, STATION, (by_office, by_root)))
    chain = said.chains[0]
    told = {
        "root": ROOT.public.to_bytes().hex(),
        "place": said.place,
        "holdings": {state: ranges.plain() for state, ranges in chain.holdings.items()},
        "missing": chain.missing.plain(),
        "forks": [each.packet_id for each in chain.forks],
        "digests": [block.digest.hex() for block in chain.blocks],
    }
    (HERE / "station.json").write_text(json.dumps(told, indent=1) + "\n", "utf-8")
    cards = office_account()
    (HERE / "office.neraca").write_bytes(write_account(cards, OFFICE, (by_root,)))
    (sheets,), (orders,) = cards.sheets, cards.orders
    said_of_cards = {
        "place": cards.place,
        "orders": {state: ranges.plain() for state, ranges in orders.orders.items()},
        "sheets": sheets.sheets.plain(),
        "unsaid": sheets.unsaid.plain(),
        "sums": [str(line) for line in card_sums(cards)],
    }
    (HERE / "office.json").write_text(json.dumps(said_of_cards, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
