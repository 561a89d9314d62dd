"""Stage 6: is there enough to tell this person from everybody else?"""

from typing import ClassVar

import cbor2

from rekam.centre.case import Case
from rekam.centre.verdict import Pass, Settle, Verdict
from rekam.enrolment.status import Status

__all__ = ["Quality"]

USABLE = 20
"""Lowest quality (0-100) that still counts. The station's own bar is higher: it can ask for another attempt,
the centre only for another visit."""


class Quality:
    """One usable finger or iris is enough to go on; a person with neither by nature goes on as an exception.

    DOMAIN section 3: exceptions never block. What was captured and cannot be read does.
    """

    name: ClassVar[str] = "quality"
    alone: ClassVar[bool] = False
    failing: ClassVar[Status | None] = None

    def run(self, case: Case) -> Verdict:
        report = cbor2.loads(case.read("quality"))
        usable = [slot for slot, verdict in report.items() if verdict["quality"] >= USABLE]
        if report and not usable:
            return Settle(Status.ENROLL_FAILURE_AT_CENTRAL, "Tidak ada sidik jari atau iris yang terbaca.")
        return Pass(detail=f"{len(usable)} dari {len(report)} citra cukup mutunya")
