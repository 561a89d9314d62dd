"""`/recovery`: stations that ask to be set up anew: the letters, two officials, and the closing reckoning."""

from collections.abc import Sequence
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Form, Path
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rekam.enrolment.errors import RekamError
from rekam.exchange.fence import FenceUnclear
from rekam.exchange.recovery import CodeWrong, RecoveryClosed, RecoveryUnknown
from rekam.office import recovery
from rekam.office.office import Office
from rekam.office.pages.words import since
from rekam.office.recovery import TermsMissing
from rekam.trust.pairing import spaced
from rekam.web.health import Tool
from rekam.web.i18n import N_, _, error_text
from rekam.web.page import render
from rekam.web.part import Part
from rekam.web.site import Person
from rekam.web.staff.guard import require

__all__ = ["PART", "spans"]

STAFF = Depends(require())
_DIGITS = 9
RequestId = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]
Text = Annotated[str, Form(max_length=300)]
_DIGITS = 6
"""No station has recorded a million."""
_FIELD: dict[type[RekamError], str] = {CodeWrong: "code", TermsMissing: "reason", FenceUnclear: "head"}


def recovery_routes(office: Office) -> APIRouter:
    """For any member of staff; two different ones are needed."""
    router = APIRouter(include_in_schema=False, prefix="/recovery")
    recoveries = office.recoveries

    @router.get("", dependencies=[STAFF])
    def listed(request: Request) -> Response:
        waiting = [one for one in recoveries.requests() if not one.closed and one.issued is None]
        done = [one for one in recoveries.requests() if one.closed or one.issued is not None]
        return render(
            request, "recoveries.html", waiting=waiting, done=done, fences=office.fences.fences(), since=since(office)
        )

    @router.get("/{request_id}")
    def one(request: Request, person: Annotated[Person, STAFF], request_id: RequestId) -> Response:
        try:
            return _page(request, office, recoveries.find(request_id), person.name)
        except RecoveryUnknown:
            return RedirectResponse("/recovery", 303)

    @router.post("/{request_id}/approve")
    def approve(
        request: Request,
        person: Annotated[Person, STAFF],
        request_id: RequestId,
        code: Text = "",
        reason: Text = "",
        after: Text = "",
        head: Text = "",
    ) -> Response:
        given = {"code": code, "reason": reason, "after": after, "head": head}
        try:
            number = _number(after)
            recoveries.approve(request_id, person.name, code, reason=reason, after=number, head=head)
        except (CodeWrong, TermsMissing, FenceUnclear, RecoveryClosed) as error:
            known = recoveries.find(request_id)
            problems = {_FIELD.get(type(error), "code"): error_text(error)}
            return _page(request, office, known, person.name, problems, given)
        except ValueError:
            problems = {"after": _("Tulis nomor rekaman dengan angka saja.")}
            return _page(request, office, recoveries.find(request_id), person.name, problems, given)
        return RedirectResponse(f"/recovery/{request_id}", 303)

    @router.post("/{request_id}/refuse")
    def refuse(person: Annotated[Person, STAFF], request_id: RequestId) -> Response:
        recoveries.close(request_id, person.name)
        return RedirectResponse("/recovery", 303)

    return router


def _number(text: str) -> int | None:
    plain = text.strip().replace(".", "")
    if plain and not (plain.isdecimal() and len(plain) <= _DIGITS):
        raise ValueError(plain)
    return int(plain) if plain else None


def _page(
    request: Request,
    office: Office,
    known: recovery.Request,
    person: str,
    problems: dict[str, str] | None = None,
    given: dict[str, Any] | None = None,
) -> Response:
    installations = office.installations.known(known.station)
    return render(
        request,
        "recovery.html",
        status=422 if problems else 200,
        known=known,
        answer=spaced(known.pairing.answer) if known.issued else "",
        mine=person in known.officials,
        installations=installations,
        highest=installations[-1].highest if installations else 0,
        accounts=office.installations.account(known.request),
        rests={rest.epoch: rest for rest in office.day_rests.listed() if rest.station == known.station},
        problems=problems or {},
        given=given or {"code": "", "reason": "", "after": "", "head": ""},
        spans=spans,
        since=since(office),
    )


def spans(numbers: Sequence[int]) -> str:
    """``41-45, 47`` for rising numbers."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1][1:] = [number]
        else:
            runs.append([number])
    return ", ".join("-".join(str(end) for end in run) for run in runs)


PART: Final = Part(
    recovery_routes,
    tools=(
        Tool(
            "/recovery",
            N_("Pemulihan stasiun"),
            N_("Kunci baru untuk stasiun yang rusak, hilang, atau dipasang ulang."),
            rank=10,
        ),
    ),
)
