"""The closing report of `rekam centre re-extract`."""

from rich.console import Console
from rich.markup import escape

from rekam.centre.reextraction import Outcome

__all__ = ["tell"]


def tell(outcome: Outcome, console: Console) -> None:
    """How many records were made anew, and which have less than before. Packet numbers only, no names."""
    report = outcome.report
    there = report.there_before
    console.print(
        f"{report.records} records; {report.made} made anew, {there} had templates of {outcome.edition} already."
    )
    for number, slots in outcome.less.items():
        console.print(
            f"  {number} has less than before: " + escape(", ".join(f"{s} ({why})" for s, why in slots.items()))
        )
    if outcome.less:
        console.print("What is less can be recorded anew; the old templates and all images are kept.")
    if report.complete:
        console.print("Every record has them. Searches go on.")
    else:
        console.print(f"{len(report.absent)} records still lack them. Run this again.")
