"""Where a place makes its account, signs it, and reads those of others: `AccountDesk`."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Protocol

from rekam.exchange.account import Account, Entry, Key, Tier, chain_account
from rekam.exchange.account_file import AccountUnproved, read_account, write_account
from rekam.exchange.admission import account_bearer
from rekam.exchange.card_account import CardLedger, order_chains
from rekam.storage.blobs import BlobStore
from rekam.trust.clock import Clock
from rekam.trust.keys import SigningKey, VerifyKey
from rekam.trust.requests import SignedRequest

__all__ = ["AccountDesk", "AccountStore", "Accountant", "InMemoryAccounts", "Ledger", "Received", "Row"]

Progress = Callable[[int, int], None]
"""Told how many packets of how many were looked at."""

_TELL_EVERY: Final = 500


@dataclass(frozen=True, slots=True)
class Row:
    """One packet of a chain; `kept`: its bytes should lie here (they do not after a purge)."""

    entry: Entry
    kept: bool


class Ledger(Protocol):
    """The rows of one place, chain by chain: a place may hold more packets than should lie in memory at once. Adapters:
    the station's, the office's and the centre's own.
    """

    def chains(self, scope: str) -> Mapping[Key, int]:
        """The chains of the stations whose id begins with `scope`, and how many packets of each are known."""

    def rows(self, key: Key) -> Iterable[Row]:
        """Those of one chain, read in one snapshot."""

    def heads(self) -> Mapping[Key, int]:
        """How far each chain got where the place knows more than its rows: at a station its numbering."""

    def signed_ms(self) -> Mapping[Key, Mapping[str, int]]:
        """The newest receipt of an "office" or of the "centre" for each chain, by that place's clock."""


@dataclass(frozen=True)
class Received:
    """Another place's account as it came. `live`: that place brought it itself, so it was made at `received_at`."""

    account: Account
    received_at: datetime
    live: bool
    data: bytes


class AccountStore(Protocol):
    """The newest account of each place below. Adapters: `PgAccounts`, `InMemoryAccounts`."""

    def put(self, account: Account, data: bytes, *, live: bool) -> bool:
        """Keep it and say True, unless it is older than what is here and its place did not bring it itself."""

    def newest(self) -> list[tuple[bytes, datetime, bool]]:
        """Of each place: the signed bytes, when they came, and whether the place itself brought them."""

    def knows(self, place: str) -> Mapping[Key, int]:
        """Of each chain the highest sequence that had arrived here when `place` brought its account."""


class InMemoryAccounts:
    """`AccountStore` in memory, for simulations and tests."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._kept: dict[str, tuple[int, bytes, datetime, bool]] = {}

    def put(self, account: Account, data: bytes, *, live: bool) -> bool:
        known = self._kept.get(account.place)
        if known is not None and not live and known[0] >= account.at_ms:
            return False
        self._kept[account.place] = (account.at_ms, data, self._now(), live)
        return True

    def newest(self) -> list[tuple[bytes, datetime, bool]]:
        return [(data, at, live) for _, (_, data, at, live) in sorted(self._kept.items())]

    def knows(self, place: str) -> Mapping[Key, int]:
        del place
        return {}


@dataclass(frozen=True)
class Accountant:
    """Whose accounts they are and what signs them: a `place` of a `tier` with its key, its certificates and the root
    that proves those of others; `clock` is the one that its receipts carry.
    """

    place: str
    tier: Tier
    key: SigningKey
    chain: Sequence[bytes]
    root: VerifyKey
    clock: Clock


class AccountDesk:
    """One place's accounts. `store` is None where nobody is below, `cards` where none are ordered or printed."""

    def __init__(
        self,
        by: Accountant,
        ledger: Ledger,
        blobs: BlobStore,
        store: AccountStore | None = None,
        cards: CardLedger | None = None,
    ) -> None:
        self._by = by
        self.place = by.place
        self.tier = by.tier
        self.store = store
        self._ledger = ledger
        self._cards = cards
        self._blobs = blobs

    def own(self, scope: str = "", *, look: bool = True, progress: Progress = lambda _done, _all: None) -> Account:
        """This place's account, now. `look`: see on the disk for the bytes of each packet that should lie here."""
        at_ms = self._by.clock.stamp().wall_ms
        heads, signed = self._ledger.heads(), self._ledger.signed_ms()
        chains = self._ledger.chains(scope)
        done, known = 0, sum(chains.values())
        made = []
        for key in sorted({*chains, *(key for key in heads if key[0].startswith(scope))}):
            entries = []
            for row in self._ledger.rows(key):
                entries.append(self._seen(row) if look else row.entry)
                done += 1
                if done % _TELL_EVERY == 0:
                    progress(done, max(done, known))
            made.append(chain_account(*key, entries, highest=heads.get(key, 0), signed_ms=signed.get(key)))
        if done:
            progress(done, done)
        orders, sheets = self._cards.cards(scope) if self._cards else ((), ())
        return Account(self.place, self.tier, at_ms, look, tuple(made), order_chains(orders), tuple(sheets))

    def _seen(self, row: Row) -> Entry:
        """The row's entry, which says so where its bytes should lie here and do not."""
        missed = row.kept and not self._blobs.has(row.entry.packet_id)
        return replace(row.entry, absent=True) if missed else row.entry

    def signed(self, account: Account) -> bytes:
        """An account of this place as a file. Raises `AccountUnproved` where this place has no certificate at hand."""
        if not self._by.chain:
            raise AccountUnproved(place=self.place, reason="no certificate")
        return write_account(account, self._by.key, self._by.chain)

    def read(self, data: bytes) -> Account:
        """Another place's account. Raises `AccountUnreadable`, `AccountUnproved`."""
        return read_account(data, self._by.root)

    def take(self, data: bytes, bearer: SignedRequest) -> bool:
        """Keep what a place below brought: its own account, or an office those of its stations."""
        account = self.read(data)
        live = account_bearer(bearer, account.place)
        return self.store is not None and self.store.put(account, data, live=live)

    def received(self) -> Iterable[Received]:
        """The newest accounts of the places below; what cannot be read any more is left out."""
        for data, at, live in self.store.newest() if self.store else []:
            yield Received(self.read(data), at, live, data)
