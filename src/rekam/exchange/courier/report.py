"""What an errand with a stick came to, as plain values: for the command line, programs and tests."""

from typing import Any

from rekam.enrolment.errors import RekamError
from rekam.exchange.courier.courier import TakenIn
from rekam.exchange.courier.out import OutReport
from rekam.exchange.courier.returning import BackReport
from rekam.exchange.courier.taking_in import InReport

__all__ = ["Report", "plain", "sound"]

Report = OutReport | TakenIn | BackReport


def plain(report: Report) -> dict[str, Any]:
    """The report as JSON holds it; errors as their code and sentence."""
    match report:
        case OutReport():
            return {
                "to": report.to,
                "files": list(report.files),
                "packets": report.packets,
                "statements": report.statements,
                "day_words": report.day_words,
                "letters": report.letters,
                "bytes": report.bytes,
                "already": report.already,
                "left": report.left,
                "left_out": [each.to_map() for each in report.left_out],
            }
        case TakenIn():
            return {
                "files": [_file(each) for each in report.files],
                "passed_by": [each.to_map() for each in report.passed_by],
            }
        case BackReport():
            return {
                "files": list(report.files),
                "taken": report.taken,
                "known": report.known,
                "entries": report.entries,
                "statements": report.statements,
                "letters": report.letters,
                "corrections": report.corrections,
                "passed_over": report.passed_over,
                "refused": [each.to_map() for each in report.refused],
                "doubted": [each.to_map() for each in report.doubted],
                "feed_problem": _error(report.feed_problem),
            }


def sound(report: Report) -> bool:
    """Whether everything that was there could be taken along or taken in."""
    match report:
        case OutReport():
            return not report.left and not report.left_out
        case TakenIn():
            return not report.passed_by and all(_whole(each) for each in report.files)
        case BackReport():
            return not report.refused and not report.doubted and report.feed_problem is None


def _whole(file: InReport) -> bool:
    problem = file.stopped_by or file.answer_problem or (file.answer.feed_problem if file.answer else None)
    return file.ending == "whole" and not file.refused and problem is None


def _file(file: InReport) -> dict[str, Any]:
    answer = file.answer
    return {
        "file": file.file,
        "sender": file.sender,
        "trip": file.trip,
        "part": file.part,
        "listed": file.listed,
        "taken": file.taken,
        "known": file.known,
        "waiting": file.waiting,
        "statements": file.statements,
        "day_words": file.day_words,
        "letters": file.letters,
        "bytes": file.bytes,
        "ending": file.ending,
        "passed_over": file.passed_over,
        "refused": [each.to_map() for each in file.refused],
        "stopped_by": _error(file.stopped_by),
        "answer": None
        if answer is None
        else {
            "files": list(answer.files),
            "receipts": answer.receipts,
            "last": answer.last,
            "feed_problem": _error(answer.feed_problem),
        },
        "answer_problem": _error(file.answer_problem),
    }


def _error(error: RekamError | None) -> dict[str, str] | None:
    return None if error is None else {"code": error.code, "said": str(error)}
