"""What an errand with a stick came to, told in the terminal: `tell`."""

from typing import Any, Final

from rich.console import Console
from rich.markup import escape

__all__ = ["tell"]

_ENDINGS: Final = {
    "whole": "whole",
    "torn": "torn; what was whole in it was taken",
    "more": "followed by unsigned bytes",
}


def tell(what: str, report: dict[str, Any] | None) -> None:
    """Print the report of an errand "out", "in" or "receipts"; nothing where there is none."""
    console = Console(soft_wrap=True, highlight=False)
    if report is None:
        return
    if what == "out":
        console.print(
            f"Finished: {report['packets']} packets written and read back, {report['already']} lay there already,"
            f" {report['left']} wait for another trip. The stick may be pulled out."
        )
        if report["letters"]:
            console.print(f"{report['letters']} numbers of letters are reported to the office with it.")
        console.print("They count as delivered when their receipts have come back.")
        _list(console, "Not taken along", report["left_out"])
    elif what == "in":
        for file in report["files"]:
            _file(console, file)
        _list(console, "Other files on the stick", report["passed_by"])
    else:
        console.print(
            f"{report['taken']} receipts taken in, {report['known']} were known;"
            f" {report['entries']} entries of the feed took effect."
        )
        if report["letters"]:
            console.print(f"{report['letters']} numbers of letters are noted by the office.")
        if report["lost"]:
            console.print(f"{report['lost']} packets are lost there; they wait again and go with the next trip.")
        if report["corrections"]:
            console.print(f"{report['corrections']} corrections of biodata took effect.")
        _list(console, "Refused at the receiver", report["refused"])
        _list(console, "Not believed", report["doubted"])
        _problem(console, report["feed_problem"])


def _file(console: Console, file: dict[str, Any]) -> None:
    console.print(
        f"{file['file']} from {file['sender']}: {file['taken']} of {file['listed']} packets taken in,"
        f" {file['known']} were here, {len(file['refused'])} refused, {file['waiting']} not read."
        f" The file is {_ENDINGS[file['ending']]}."
    )
    if file["statements"]:
        console.print(f"{file['statements']} statements of the office were heard.")
    if file["letters"]:
        console.print(f"{file['letters']} numbers of letters were noted; the answer brings the station new ones.")
    _list(console, "Refused", file["refused"])
    _problem(console, file["stopped_by"])
    _problem(console, file["answer_problem"])
    if answer := file["answer"]:
        news = f"the feed up to entry {answer['last']}" if answer["last"] else "nothing new of the feed"
        console.print(f"The answer is on the stick: {answer['receipts']} receipts, {news}.")
        _problem(console, answer["feed_problem"])


def _list(console: Console, title: str, lines: list[dict[str, str]]) -> None:
    if lines:
        console.print(f"{title}:")
    for line in lines:
        console.print(f"  [bold]{escape(line['number'])}[/] {escape(line['reason'])}")


def _problem(console: Console, problem: dict[str, str] | None) -> None:
    if problem:
        console.print(f"  [bold yellow]{problem['code']}[/] {escape(problem['said'])}")
