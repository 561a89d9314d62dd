"""The lines of an account that must add up, each total counted apart from its parts: `sums_of`."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from rekam.exchange.account import Account, ChainAccount, Holding, Outcome, Tier

__all__ = ["Sum", "Term", "sums_of"]


class Term(StrEnum):
    """What is counted; pages and commands say it in words."""

    RECORDED = "recorded"
    IN_CUSTODY = "in custody"
    RECEIVED = "received"
    WAITING = "waiting"
    SET_ASIDE = "set aside"
    BACKED_UP = "backed up"
    NOT_YET_ACCEPTED = "not yet accepted"
    ACCEPTED = "accepted"
    KEPT = "kept"
    PURGED = "purged"
    IN_STAGE = "in stage"
    DONE = "done"
    REJECTED = "rejected"
    QUARANTINED = "quarantined"


@dataclass(frozen=True)
class Sum:
    """`total` = the parts, or something is wrong."""

    term: Term
    total: int
    parts: tuple[tuple[Term, int], ...]

    @property
    def adds_up(self) -> bool:
        return self.total == sum(count for _, count in self.parts)

    def __str__(self) -> str:
        """``recorded 47 = waiting 2 + set aside 0 + backed up 45``."""
        sign = "=" if self.adds_up else "!="
        return f"{self.term} {self.total} {sign} " + " + ".join(f"{term} {count}" for term, count in self.parts)


def sums_of(account: Account, chains: Sequence[ChainAccount] | None = None) -> tuple[Sum, ...]:
    """The lines of the whole account, or of some of its chains.

    At a station the total is where its numbering stands, so a recording that vanished with its row does not add up.
    """
    told = _Counted(account.chains if chains is None else tuple(chains), account.tier)
    if account.tier == "centre":
        results = (Term.IN_STAGE, Term.DONE, Term.REJECTED, Term.QUARANTINED)
        return (Sum(Term.RECEIVED, told.packets, tuple((term, told.outcome(term)) for term in results)),)
    unsent = ((Term.WAITING, told.holding(Holding.WAITING)), (Term.SET_ASIDE, told.holding(Holding.SET_ASIDE)))
    accepted = told.holding(Holding.ACCEPTED, Holding.PURGED)
    kept = (Term.KEPT, told.holding(Holding.ACCEPTED)), (Term.PURGED, told.holding(Holding.PURGED))
    proved = Sum(Term.ACCEPTED, accepted, kept)
    if account.tier == "office":
        return Sum(Term.IN_CUSTODY, told.packets, (*unsent, (Term.ACCEPTED, accepted))), proved
    backed_up = told.holding(Holding.BACKED_UP)
    return (
        Sum(Term.RECORDED, told.numbered, (*unsent, (Term.BACKED_UP, backed_up + accepted))),
        Sum(Term.BACKED_UP, backed_up + accepted, ((Term.NOT_YET_ACCEPTED, backed_up), (Term.ACCEPTED, accepted))),
        proved,
    )


@dataclass(frozen=True)
class _Counted:
    chains: tuple[ChainAccount, ...]
    tier: Tier

    @property
    def packets(self) -> int:
        return sum(chain.packets for chain in self.chains)

    @property
    def numbered(self) -> int:
        return sum(chain.highest for chain in self.chains)

    def holding(self, *states: Holding) -> int:
        return sum(chain.count(*states) for chain in self.chains)

    def outcome(self, term: Term) -> int:
        return sum(chain.count(Outcome(term.value)) for chain in self.chains)
