"""Two accounts held against each other, to the packet: `compare` and its `Finding`s."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from rekam.enrolment.errors import RekamError
from rekam.exchange.account import ACKNOWLEDGED, Account, ChainAccount, Holding, Key, Outcome, block_range
from rekam.exchange.card_comparison import compare_cards
from rekam.exchange.ranges import Ranges

__all__ = ["Comparison", "Finding", "Found", "NotComparable", "compare", "examine"]

_RANK: Final = {"station": 0, "office": 1, "centre": 2}


class NotComparable(RekamError):
    """{one} and {other} have no packets in common: neither sends to the other. Nothing was changed.
    Compare a station, its office and the centre, or two accounts of one place.
    """


class Found(StrEnum):
    """What a finding is; the `SERIOUS` ones say that something is missing, the others what is merely under way."""

    LOST_ABOVE = "lost above"
    """`at` signed for packets that it has no row of."""
    UNKNOWN_BELOW = "unknown below"
    """`at` should know packets that the other place has, and does not."""
    BYTES_MISSING = "bytes missing"
    """`at` has their rows, and not their bytes."""
    OTHER_BYTES = "other bytes"
    """One number stands for different packets at the two places."""
    FORK = "fork"
    """One number stands for several packets at `at`."""
    GAP = "gap"
    """`at` has later packets of that chain, and not these."""
    NOT_IN_ANY_LIST = "not in any list"
    """`at` has rows that stand nowhere."""
    BROKEN = "broken"
    """At `at` a packet names another predecessor than the one that came."""
    ON_THE_WAY = "on the way"
    """Not yet at `at`, still at the other place."""
    LATER = "later"
    """Newer than the account of `at`."""
    EARLIER_EPOCH = "earlier epoch"
    """Of an installation that the station does not have any more."""
    UNDECIDED = "undecided"
    """The digests differ and the account is too brief to say which packet it is: compare with a whole one."""
    NOT_COMPARED = "not compared"
    """Both have these numbers; the account of `at` is too brief to say whether they are the same packets."""
    ORDER_UNKNOWN_ABOVE = "order unknown above"
    """The centre does not know that it ordered these packets' cards."""
    ORDER_UNKNOWN_BELOW = "order unknown below"
    """The office `at` printed these packets' cards and does not know their orders any more."""
    ORDER_ON_THE_WAY = "order on the way"
    """Ordered, and not yet at the office `at`."""
    SHEET_UNKNOWN_ABOVE = "sheet unknown above"
    """The centre took the office's word on the sheets of these lines of its blank ledger, and does not know them."""
    SHEET_UNKNOWN_BELOW = "sheet unknown below"
    """The centre heard of these sheets, and the office `at` does not know them any more."""
    SHEET_ON_THE_WAY = "sheet on the way"
    """Printed; the office's word is on its way to the centre."""
    SHEET_LATER = "sheet later"
    """Printed after the account of `at`."""


SERIOUS: Final = frozenset(
    {
        Found.LOST_ABOVE,
        Found.UNKNOWN_BELOW,
        Found.BYTES_MISSING,
        Found.OTHER_BYTES,
        Found.FORK,
        Found.GAP,
        Found.NOT_IN_ANY_LIST,
        Found.BROKEN,
        Found.UNDECIDED,
        Found.ORDER_UNKNOWN_ABOVE,
        Found.ORDER_UNKNOWN_BELOW,
        Found.SHEET_UNKNOWN_ABOVE,
        Found.SHEET_UNKNOWN_BELOW,
    }
)


@dataclass(frozen=True)
class Finding:
    """`found` at the place `at`, of one (station, epoch): which sequences, and their packet ids (hex) where known. Of
    sheets: `station` is the office, `epoch` 0, and the numbers are lines of its blank ledger.
    """

    found: Found
    at: str
    station: str
    epoch: int
    sequences: Ranges
    packet_ids: Mapping[int, tuple[str, ...]]

    @property
    def serious(self) -> bool:
        return self.found in SERIOUS

    def __str__(self) -> str:
        """``317401-01/1/000002, 000005-000009``; of sheets ``3174/000002``."""
        runs = (f"{first:06d}-{last:06d}" if last > first else f"{first:06d}" for first, last in self.sequences.runs)
        return f"{self.prefix}/{', '.join(runs)}"

    @property
    def prefix(self) -> str:
        """What stands before its numbers."""
        return f"{self.station}/{self.epoch}" if self.epoch else self.station

    def numbers(self, limit: int = 100) -> list[str]:
        """Packet numbers, the first of them."""
        listed = zip(range(limit), self.sequences, strict=False)
        return [f"{self.prefix}/{sequence:06d}" for _, sequence in listed]


@dataclass(frozen=True)
class Comparison:
    """What was found between two places; `lower` sends to `upper`."""

    lower: str
    upper: str
    findings: tuple[Finding, ...]

    @property
    def complete(self) -> bool:
        """Whether nothing is missing on either side."""
        return not any(finding.serious for finding in self.findings)


def examine(account: Account) -> tuple[Finding, ...]:
    """What an account says of its own place, without any other."""
    found = (finding for chain in account.chains for finding in _by_itself(account, chain))
    return tuple(finding for finding in found if finding.sequences)


def compare(one: Account, other: Account, *, lower_knows: Mapping[Key, int] | None = None) -> Comparison:
    """Hold two accounts against each other, in either order; of one place, the older counts as the lower.

    Where both are made on the spot, make the upper one first and hand its highest sequences over as `lower_knows`: what
    the lower place lacks of these is missing there; what comes after is only later. Raises `NotComparable`.
    """
    lower, upper = sorted((one, other), key=lambda each: (_RANK[each.tier], each.at_ms))
    same = (lower.tier, lower.place) == (upper.tier, upper.place)
    if not same and (lower.tier == upper.tier or (upper.tier == "office" and not lower.place.startswith(upper.place))):
        raise NotComparable(one=lower.place, other=upper.place)
    upper = upper.of("" if lower.tier == "centre" else lower.place)
    newest_epoch = max((chain.epoch for chain in lower.chains), default=0)
    findings: list[Finding] = []
    for key in sorted({chain.key for chain in (*lower.chains, *upper.chains)}):
        below, above = lower.find(key), upper.find(key)
        if lower.tier == "station" and below is None and above is not None and above.epoch < newest_epoch:
            findings.append(_finding(Found.EARLIER_EPOCH, lower, above, above.known, above))
            continue
        empty = ChainAccount(*key, 0, {}, {})
        findings += _pair(lower, upper, below or empty, above or empty, (lower_knows or {}).get(key, 0))
    findings += [
        Finding(Found(each.what), each.at, each.of, each.epoch, each.numbers, {})
        for each in compare_cards(lower, upper)
    ]
    return Comparison(lower.place, upper.place, tuple(finding for finding in findings if finding.sequences))


def _by_itself(account: Account, chain: ChainAccount) -> Iterator[Finding]:
    yield _finding(Found.GAP, account, chain, chain.missing, chain)
    yield from _faults(account, chain)


def _faults(account: Account, chain: ChainAccount) -> Iterator[Finding]:
    forks = Ranges.of(entry.sequence for entry in chain.forks)
    absent = Ranges.of(entry.sequence for entry in chain.forks if entry.absent)
    lists = (chain.holdings.get(Holding.NOWHERE), chain.outcomes.get(Outcome.NOWHERE))
    stray = Ranges.of(entry.sequence for entry in chain.forks if Holding.NOWHERE in (entry.holding, str(entry.outcome)))
    for ranges in lists:
        stray |= ranges or Ranges()
    yield _finding(Found.BYTES_MISSING, account, chain, chain.absent | absent, chain)
    yield _finding(Found.FORK, account, chain, forks, chain)
    yield _finding(Found.NOT_IN_ANY_LIST, account, chain, stray, chain)
    yield _finding(Found.BROKEN, account, chain, chain.broken - forks, chain)


def _pair(
    lower: Account, upper: Account, below: ChainAccount, above: ChainAccount, lower_knows: int
) -> Iterator[Finding]:
    """One chain at two places."""
    same = lower.tier == upper.tier
    yield from _faults(lower, below)
    if not same:
        yield from _faults(upper, above)
    signed = below.known if same else _signed_for(lower, upper, below)
    only_below, only_above = below.known - above.known, above.known - below.known
    lost = only_below & signed
    # the newest receipt is younger than the upper account: what lies beyond that account's end came after it
    after = Ranges()
    if not same and below.signed_ms.get(upper.tier, 0) > upper.at_ms:
        after = lost & Ranges.upto(below.highest, above.highest + 1)
    yield _finding(Found.LOST_ABOVE, upper, below, lost - after, below)
    yield _finding(Found.LATER, upper, below, after, below)
    yield _finding(Found.ON_THE_WAY, upper, below, only_below - signed, below)
    known = Ranges.upto(max(below.highest, lower_knows))
    yield _finding(Found.UNKNOWN_BELOW, lower, above, only_above & known, above)
    yield _finding(Found.LATER, lower, above, only_above - known, above)
    yield _finding(Found.GAP, lower, below, below.missing - above.known, below)
    yield _finding(Found.GAP, upper, above, above.missing - below.known - below.missing, above)
    yield from _bytes(lower, upper, below, above)


def _signed_for(lower: Account, upper: Account, below: ChainAccount) -> Ranges:
    states = ACKNOWLEDGED[lower.tier, upper.tier]
    found = Ranges.of(entry.sequence for entry in below.forks if entry.holding in states)
    for state in states:
        found |= below.holdings.get(state, Ranges())
    return found


def _bytes(lower: Account, upper: Account, below: ChainAccount, above: ChainAccount) -> Iterator[Finding]:
    """Numbers that both have: are they the same packets?"""
    equal, brief, other = _by_digest(below, above)
    yield _finding(Found.UNDECIDED, upper, above, other, above)
    yield _finding(Found.NOT_COMPARED, upper, above, brief, above)
    below_ids, above_ids = ids_of(below), ids_of(above)
    differs = [
        sequence
        for sequence in (below.known & above.known) - equal
        if below_ids.get(sequence, frozenset()) != above_ids.get(sequence, frozenset())
        and sequence in below_ids
        and sequence in above_ids
    ]
    forked = [sequence for sequence in differs if below_ids[sequence] & above_ids[sequence]]
    states = ACKNOWLEDGED.get((lower.tier, upper.tier), frozenset(Holding))
    lost = {
        entry.sequence
        for entry in below.forks
        if entry.holding in states and entry.packet_id not in above_ids.get(entry.sequence, {entry.packet_id})
    }
    unknown = [each for each in forked if above_ids[each] - below_ids[each] and lower.tier != "station"]
    yield _finding(Found.OTHER_BYTES, upper, above, Ranges.of(differs) - Ranges.of(forked), above)
    yield _finding(Found.LOST_ABOVE, upper, below, Ranges.of(lost) & Ranges.of(forked), below)
    yield _finding(Found.UNKNOWN_BELOW, lower, above, Ranges.of(unknown), above)


def _by_digest(below: ChainAccount, above: ChainAccount) -> tuple[Ranges, Ranges, Ranges]:
    """Of the numbers that both have once: surely equal; not to be compared for want of ids; different somewhere."""
    equal, brief, other = Ranges(), Ranges(), Ranges()
    theirs = {block.index: block for block in above.blocks}
    for block in below.blocks:
        found = theirs.get(block.index)
        if found is None:
            continue
        mine, yours = below.single & block_range(block.index), above.single & block_range(block.index)
        if found.digest == block.digest:
            equal |= mine
        elif block.ids is None or found.ids is None:
            brief, other = (brief, other | mine) if mine == yours else (brief | mine & yours, other)
    return equal, brief, other


def ids_of(chain: ChainAccount) -> dict[int, frozenset[str]]:
    """The packet ids (hex) that an account tells for each sequence."""
    found = {sequence: frozenset({packet_id.hex()}) for sequence, packet_id in chain.ids().items()}
    for entry in chain.forks:
        found[entry.sequence] = found.get(entry.sequence, frozenset()) | {entry.packet_id}
    return found


def _finding(what: Found, at: Account, chain: ChainAccount, sequences: Ranges, source: ChainAccount) -> Finding:
    """`source` is the account that knows the packets' ids; they are told where something is wrong."""
    ids: dict[int, tuple[str, ...]] = {}
    if sequences and what in SERIOUS:
        known = ids_of(source)
        ids = {sequence: tuple(sorted(known[sequence])) for sequence in sequences if sequence in known}
    return Finding(what, at.place, chain.station, chain.epoch, sequences, ids)
