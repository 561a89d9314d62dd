"""How sums, findings and the accounts from below look on the page: `bar_of`, `told`, `below_of`."""

from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from rekam.exchange.account_desk import Received
from rekam.exchange.comparison import Finding
from rekam.exchange.sums import Sum, Term, sums_of
from rekam.web.reconciling.report import report_on
from rekam.web.reconciling.words import finding_words, place_words

__all__ = ["Below", "bar_of", "below_of", "told"]

_LISTED = 50
_TONES: Final = MappingProxyType(
    {
        Term.WAITING: "waiting",
        Term.NOT_YET_ACCEPTED: "waiting",
        Term.SET_ASIDE: "held",
        Term.QUARANTINED: "held",
        Term.BACKED_UP: "going",
        Term.IN_STAGE: "going",
        Term.KEPT: "going",
        Term.ACCEPTED: "done",
        Term.DONE: "done",
        Term.PURGED: "past",
        Term.REJECTED: "past",
        Term.PRINTED: "done",
        Term.REPRINTED: "going",
        Term.SPOILT: "held",
        Term.IN_STOCK: "past",
        Term.TO_PRINT: "waiting",
        Term.HELD: "held",
        Term.WITHDRAWN: "past",
    }
)


@dataclass(frozen=True)
class Below:
    """One place below by its own account: its sums, how many recordings do not add up there, when it came."""

    place: str
    words: str
    sums: tuple[Sum, ...]
    serious: int
    received_at: datetime


def bar_of(line: Sum) -> dict[str, Any]:
    """A sum and its parts as a drawn bar, 1,000 wide."""
    counted = sum(count for _term, count in line.parts) or 1
    edges, parts = 0.0, []
    for term, count in line.parts:
        width = 1000 * count / max(counted, line.total)
        parts.append(
            {"term": term, "count": count, "x": round(edges, 1), "width": round(width, 1), "tone": _TONES[term]}
        )
        edges += width
    return {"line": line, "parts": parts}


def told(finding: Finding) -> dict[str, Any]:
    said, todo = finding_words(finding.found, finding.at)
    count = len(finding.sequences)
    if not finding.serious:
        return {"said": said, "todo": todo, "numbers": [str(finding)], "more": 0, "count": count}
    more = max(0, count - _LISTED)
    return {"said": said, "todo": todo, "numbers": finding.numbers(_LISTED), "more": more, "count": count}


def below_of(received: Received) -> Below:
    account = received.account
    serious = sum(len(each.sequences) for each in report_on(account).serious)
    return Below(account.place, place_words(account.place), sums_of(account), serious, received.received_at)
