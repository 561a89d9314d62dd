"""How a place makes its account of its rows: `AccountDesk.own`."""

import gc
import weakref

from rekam.exchange.account import Entry, Holding
from rekam.exchange.account_desk import Accountant, AccountDesk, Row
from rekam.storage.blobs import BlobStore
from rekam.storage.memory_disk import MemoryDisk
from rekam.trust.clock import SystemClock
from rekam.trust.keys import SigningKey

KEY = SigningKey.generate()


class Rows(list):
    """One chain's, so that its end can be seen."""


class ThreeChains:
    """`Ledger` of 1,200, 700 and 3 packets, and of a chain that knows its head alone."""

    def __init__(self):
        self.held = {("317401-01", 1): 1200, ("317401-01", 2): 700, ("317402-01", 1): 3}
        self.together = 0
        self._given = []

    def chains(self, scope):
        return {key: count for key, count in self.held.items() if key[0].startswith(scope)}

    def rows(self, key):
        gc.collect()
        self.together = max(self.together, 1 + sum(given() is not None for given in self._given))
        rows = Rows(self._row(key, sequence) for sequence in range(1, self.held.get(key, 0) + 1))
        self._given.append(weakref.ref(rows))
        return rows

    def _row(self, key, sequence):
        packet_id = f"{key[0][:6]}{key[1]:02d}{sequence:056d}"
        return Row(Entry(sequence, packet_id, Holding.ACCEPTED), kept=sequence % 2 == 0)

    def heads(self):
        return {("317403-01", 1): 9}

    def signed_ms(self):
        return {}


def desk(tmp_path, ledger):
    by = Accountant("3174", "office", KEY, (), KEY.public, SystemClock())
    return AccountDesk(by, ledger, BlobStore(tmp_path, MemoryDisk()))


def test_one_chains_rows_are_held_at_a_time_and_all_are_told(tmp_path):
    ledger, told = ThreeChains(), []
    account = desk(tmp_path, ledger).own(progress=lambda done, known: told.append((done, known)))
    assert [(each.key, each.packets, each.highest) for each in account.chains] == [
        (("317401-01", 1), 1200, 1200),
        (("317401-01", 2), 700, 700),
        (("317402-01", 1), 3, 3),
        (("317403-01", 1), 0, 9),
    ]
    assert ledger.together <= 2  # the next is read while the last one still has its name
    assert told == [(500, 1903), (1000, 1903), (1500, 1903), (1903, 1903)]


def test_what_should_lie_here_and_does_not_is_absent_only_where_somebody_looked(tmp_path):
    (chain,) = desk(tmp_path, ThreeChains()).own("317402").chains
    assert list(chain.absent) == [2]
    (chain,) = desk(tmp_path, ThreeChains()).own("317402", look=False).chains
    assert not list(chain.absent)
