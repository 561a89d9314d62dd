"""Stage 2: every slot holds a sample or a reason, and the resident agreed."""

from typing import ClassVar

from rekam.centre.case import Case
from rekam.centre.verdict import Pass, Settle, Verdict
from rekam.enrolment.status import Status

__all__ = ["Completeness"]


class Completeness:
    """Judges the sitting by the rules the station already kept; a station that did not keep them is found here."""

    name: ClassVar[str] = "completeness"
    alone: ClassVar[bool] = False
    failing: ClassVar[Status | None] = None

    def run(self, case: Case) -> Verdict:
        problems = case.enrolment().problems()
        if problems:
            reason = " ".join(problem.words() for problem in problems)
            return Settle(Status.ENROLL_FAILURE_AT_CENTRAL, reason)
        return Pass()
