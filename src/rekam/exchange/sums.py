"""The lines of an account that must add up, each total counted apart from its parts: `sums_of`."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from rekam.exchange.account import Account, ChainAccount, Holding, Outcome, Tier
from rekam.exchange.card_account import CardState

__all__ = ["Sum", "Term", "card_sums", "sums_of"]


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
    BLANKS = "blanks received"
    SHEETS = "sheets printed"
    ORDERED = "cards ordered"
    PRINTED = "printed"
    REPRINTED = "printed again"
    SPOILT = "spoilt"
    IN_STOCK = "in stock"
    TO_PRINT = "to be printed"
    HELD = "held"
    WITHDRAWN = "withdrawn"


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
    """The lines of the whole account, or of some of its chains, then without the cards.

    At a station the total is where its numbering stands, so a recording that vanished with its row does not add up.
    """
    return (*_packets(account, account.chains), *card_sums(account)) if chains is None else _packets(account, chains)


def _packets(account: Account, chains: Sequence[ChainAccount]) -> tuple[Sum, ...]:
    told = _Counted(tuple(chains), account.tier)
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


def card_sums(account: Account) -> tuple[Sum, ...]:
    """Orders, by what became of each; at an office its blanks, at the centre the sheets it heard of. None where the
    account tells of no office's sheets.
    """
    if not account.sheets:
        return ()
    first = sum(each.first for each in account.sheets)
    copies = sum(each.copies for each in account.sheets)
    used = ((Term.PRINTED, first), (Term.REPRINTED, copies))
    states = {state: sum(chain.count(state) for chain in account.orders) for state in CardState}
    ordered = Sum(
        Term.ORDERED,
        sum(each.orders for each in account.sheets),
        (
            (Term.PRINTED, states[CardState.PRINTED]),
            (Term.TO_PRINT, states[CardState.WAITING]),
            (Term.HELD, states[CardState.HELD]),
            (Term.WITHDRAWN, states[CardState.WITHDRAWN]),
        ),
    )
    blanks = [each.blanks for each in account.sheets if each.blanks is not None]
    if not blanks:
        return ordered, Sum(Term.SHEETS, sum(len(each.sheets) for each in account.sheets), used)
    spoilt, stock = sum(each.spoilt for each in blanks), sum(each.stock for each in blanks)
    parts = (*used, (Term.SPOILT, spoilt), (Term.IN_STOCK, stock))
    return ordered, Sum(Term.BLANKS, sum(each.received for each in blanks), parts)


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
