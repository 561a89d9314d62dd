"""What one place says of every packet it knows, as ranges that add up: `Account`, and how it is made of rows."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import groupby
from typing import Final, Literal

from rekam.exchange.card_account import OrderChain, SheetAccount
from rekam.exchange.continuity import Link, chain_report
from rekam.exchange.ranges import NO_RANGES, Ranges

__all__ = [
    "ACKNOWLEDGED",
    "BLOCK",
    "Account",
    "Block",
    "ChainAccount",
    "Entry",
    "Holding",
    "Key",
    "Outcome",
    "Tier",
    "block_digest",
    "block_range",
    "chain_account",
]

Tier = Literal["station", "office", "centre"]

Key = tuple[str, int]
"""(station, epoch): one chain of packets."""

BLOCK: Final = 256
"""Sequences that share a digest: a full block is told by 32 bytes instead of 8 kB."""

_DOMAIN: Final = b"rekam/account-block/1\x00"


class Holding(StrEnum):
    """How far a packet got on its way up, by the receipts held here; at the centre every packet is `ACCEPTED`."""

    WAITING = "waiting"
    SET_ASIDE = "set aside"
    BACKED_UP = "backed up"
    ACCEPTED = "accepted"
    PURGED = "purged"
    NOWHERE = "nowhere"
    """A row that stands in no list that it should stand in: the account does not add up."""


class Outcome(StrEnum):
    """What the centre made of it, as far as it is known here."""

    NONE = "none"
    IN_STAGE = "in stage"
    DONE = "done"
    REJECTED = "rejected"
    QUARANTINED = "quarantined"
    NOWHERE = "nowhere"


ACKNOWLEDGED: Final[Mapping[tuple[Tier, Tier], frozenset[Holding]]] = {
    ("station", "office"): frozenset({Holding.BACKED_UP, Holding.ACCEPTED, Holding.PURGED}),
    ("station", "centre"): frozenset({Holding.ACCEPTED, Holding.PURGED}),
    ("office", "centre"): frozenset({Holding.ACCEPTED, Holding.PURGED}),
}
"""Holdings at a lower place by which the upper one must have the packet: it signed for it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One packet's row at one place. `previous` is the id before it, empty where this place does not know it; `absent`:
    its bytes should lie here and do not, or are damaged.
    """

    sequence: int
    packet_id: str
    holding: Holding
    outcome: Outcome = Outcome.NONE
    previous: str = ""
    absent: bool = False


@dataclass(frozen=True)
class Block:
    """The packets of sequences `BLOCK * index + 1` to `BLOCK * (index + 1)` that share their number with no other.

    `digest`: SHA-256 over sequence and id of each; `ids`: 32 bytes each by sequence, None where the account is brief
    and the block full.
    """

    index: int
    digest: bytes
    ids: tuple[bytes, ...] | None


@dataclass(frozen=True)
class ChainAccount:
    """One (station, epoch) as one place knows it. A sequence of one packet stands in exactly one range of `holdings`
    and one of `outcomes`; the packets of a number that was used twice stand in `forks` instead, each by itself.

    `highest`: at the station the head of its chain, elsewhere the highest sequence that came; `absent`: rows whose
    bytes are not here; `broken`: sequences that name another predecessor; `signed_ms`: the newest receipt of an
    "office" or of the "centre", by that place's clock.
    """

    station: str
    epoch: int
    highest: int
    holdings: Mapping[Holding, Ranges]
    outcomes: Mapping[Outcome, Ranges]
    absent: Ranges = NO_RANGES
    broken: Ranges = NO_RANGES
    forks: tuple[Entry, ...] = ()
    blocks: tuple[Block, ...] = ()
    signed_ms: Mapping[str, int] = field(default_factory=dict)

    @property
    def key(self) -> Key:
        return self.station, self.epoch

    @property
    def known(self) -> Ranges:
        """Every sequence that this place has a row for."""
        return self.single | Ranges.of(entry.sequence for entry in self.forks)

    @property
    def single(self) -> Ranges:
        """Those with one packet only."""
        found = Ranges()
        for ranges in self.holdings.values():
            found |= ranges
        return found

    @property
    def missing(self) -> Ranges:
        """The gaps up to the highest."""
        return Ranges.upto(self.highest) - self.known

    def count(self, *states: Holding | Outcome) -> int:
        """Packets in any of these states, each of a fork's counted."""
        tables: tuple[Mapping[Holding, Ranges] | Mapping[Outcome, Ranges], ...] = (self.holdings, self.outcomes)
        ranges = sum(len(found) for table in tables for state, found in table.items() if state in states)
        return ranges + sum((entry.holding in states) + (entry.outcome in states) for entry in self.forks)

    @property
    def packets(self) -> int:
        """How many packets this place knows of."""
        return len(self.single) + len(self.forks)

    def ids(self) -> dict[int, bytes]:
        """The packet ids of single sequences, as far as the account tells them."""
        found: dict[int, bytes] = {}
        for block in self.blocks:
            if block.ids is not None:
                found |= zip(self.single & block_range(block.index), block.ids, strict=True)
        return found

    def brief(self) -> "ChainAccount":
        """Without the ids of full blocks: for the line."""
        blocks = tuple(
            Block(block.index, block.digest, None if len(block.ids or ()) == BLOCK else block.ids)
            for block in self.blocks
        )
        return replace(self, blocks=blocks)


@dataclass(frozen=True)
class Account:
    """All that `place` says of packets, at `at_ms` by the clock that its receipts carry (milliseconds since 1970 UTC).

    `looked`: whether it looked at its disk for each packet's bytes, or went by its rows alone; `orders` of cards and
    `sheets` by office: what offices and the centre tell of cards.
    """

    place: str
    tier: Tier
    at_ms: int
    looked: bool
    chains: tuple[ChainAccount, ...]
    orders: tuple[OrderChain, ...] = ()
    sheets: tuple[SheetAccount, ...] = ()

    def find(self, key: Key) -> ChainAccount | None:
        return next((chain for chain in self.chains if chain.key == key), None)

    def brief(self) -> "Account":
        """Small enough to travel with every round."""
        return replace(self, chains=tuple(chain.brief() for chain in self.chains))

    def of(self, scope: str) -> "Account":
        """Only the chains of one station (``317401-01``) or of one office's stations (``3174``) with its sheets."""
        chains = tuple(chain for chain in self.chains if chain.station.startswith(scope))
        orders = tuple(chain for chain in self.orders if chain.station.startswith(scope))
        sheets = tuple(each for each in self.sheets if each.office.startswith(scope))
        return replace(self, chains=chains, orders=orders, sheets=sheets)


def block_range(index: int) -> Ranges:
    """The sequences of one block."""
    return Ranges.upto(BLOCK * (index + 1), BLOCK * index + 1)


def chain_account(
    station: str, epoch: int, entries: Iterable[Entry], *, highest: int = 0, signed_ms: Mapping[str, int] | None = None
) -> ChainAccount:
    """Put one (station, epoch) together from its rows, in any order; `highest` where the place knows of more."""
    by_sequence: dict[int, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_sequence[entry.sequence].append(entry)
    single = [found[0] for _, found in sorted(by_sequence.items()) if len(found) == 1]
    forks = tuple(
        entry
        for _, found in sorted(by_sequence.items())
        if len(found) > 1
        for entry in sorted(found, key=lambda each: each.packet_id)
    )
    links = [Link(each.sequence, each.packet_id, each.previous) for found in by_sequence.values() for each in found]
    known = all(link.previous for link in links)
    return ChainAccount(
        station,
        epoch,
        max(highest, *by_sequence, 0),
        {state: found for state in Holding if (found := Ranges.of(e.sequence for e in single if e.holding is state))},
        {state: found for state in Outcome if (found := Ranges.of(e.sequence for e in single if e.outcome is state))},
        Ranges.of(entry.sequence for entry in single if entry.absent),
        Ranges.of(chain_report(links).broken) if known else Ranges(),
        forks,
        tuple(_blocks(single)),
        dict(signed_ms or {}),
    )


def block_digest(packets: Iterable[tuple[int, bytes]]) -> bytes:
    """32 bytes over sequence and id of each packet, ascending."""
    digest = hashlib.sha256(_DOMAIN)
    for sequence, packet_id in packets:
        digest.update(sequence.to_bytes(8, "big") + packet_id)
    return digest.digest()


def _blocks(single: list[Entry]) -> Iterable[Block]:
    for index, members in groupby(single, key=lambda entry: (entry.sequence - 1) // BLOCK):
        packets = [(entry.sequence, bytes.fromhex(entry.packet_id)) for entry in members]
        yield Block(index, block_digest(packets), tuple(packet_id for _, packet_id in packets))
