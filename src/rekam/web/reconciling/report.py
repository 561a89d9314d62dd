"""An account with what was found, put together for a page, a terminal or a program: `Report`."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from rekam.exchange.account import Account
from rekam.exchange.comparison import Comparison, Finding, Found, examine
from rekam.exchange.sums import Sum, sums_of
from rekam.web.reconciling.words import finding_words, place_words, term_words

__all__ = ["Report", "report_on"]


@dataclass(frozen=True)
class Report:
    """One place's account; with `other`, what the comparison with that place's account found, else what it tells alone.

    `sums` are the lines of this place; `findings` the worst first.
    """

    account: Account
    sums: tuple[Sum, ...]
    findings: tuple[Finding, ...]
    other: Account | None = None

    @property
    def adds_up(self) -> bool:
        return all(line.adds_up for line in self.sums)

    @property
    def complete(self) -> bool:
        """Whether it adds up and nothing is missing anywhere that was looked at."""
        return self.adds_up and not any(finding.serious for finding in self.findings)

    @property
    def serious(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.serious)

    @property
    def under_way(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if not finding.serious)

    def to_map(self) -> dict[str, Any]:
        """For programs; words in the language that is spoken. No personal data."""
        return {
            "place": self.account.place,
            "tier": self.account.tier,
            "at": _moment(self.account.at_ms).isoformat(),
            "compared_with": self.other.place if self.other else None,
            "compared_at": _moment(self.other.at_ms).isoformat() if self.other else None,
            "adds_up": self.adds_up,
            "complete": self.complete,
            "sums": [
                {"term": line.term, "total": line.total, "parts": dict(line.parts), "adds_up": line.adds_up}
                for line in self.sums
            ],
            "chains": [
                {
                    "station": chain.station,
                    "epoch": chain.epoch,
                    "highest": chain.highest,
                    "packets": chain.packets,
                    "holdings": {state: ranges.plain() for state, ranges in chain.holdings.items()},
                    "outcomes": {state: ranges.plain() for state, ranges in chain.outcomes.items()},
                    "missing": chain.missing.plain(),
                    "forks": sorted({entry.sequence for entry in chain.forks}),
                }
                for chain in self.account.chains
            ],
            "findings": [_finding_map(finding) for finding in self.findings],
        }

    def lines(self) -> list[str]:
        """For a terminal, the sums first."""
        told = [
            f"{term_words(line.term)} {line.total} {'=' if line.adds_up else '≠'} "
            + " + ".join(f"{term_words(term)} {count}" for term, count in line.parts)
            for line in self.sums
        ]
        for finding in self.findings:
            said, todo = finding_words(finding.found, finding.at)
            told.append(f"{'!' if finding.serious else '·'} {said}: {finding}. {todo}")
        return told


def report_on(account: Account, comparison: Comparison | None = None, other: Account | None = None) -> Report:
    """A comparison's findings, or the account's own."""
    found = examine(account) if comparison is None else comparison.findings
    return Report(
        account, sums_of(account), tuple(sorted(found, key=lambda each: list(Found).index(each.found))), other
    )


def _finding_map(finding: Finding) -> dict[str, Any]:
    said, todo = finding_words(finding.found, finding.at)
    return {
        "found": finding.found,
        "serious": finding.serious,
        "at": finding.at,
        "at_words": place_words(finding.at),
        "station": finding.station,
        "epoch": finding.epoch,
        "sequences": finding.sequences.plain(),
        "packets": {
            number: list(ids)
            for number, ids in zip(
                (f"{finding.prefix}/{sequence:06d}" for sequence in finding.packet_ids),
                finding.packet_ids.values(),
                strict=True,
            )
        },
        "said": said,
        "todo": todo,
    }


def _moment(at_ms: int) -> datetime:
    return datetime.fromtimestamp(at_ms / 1000, UTC)
