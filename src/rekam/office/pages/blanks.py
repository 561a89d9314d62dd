"""`/blanks`: the blank ledger with its reconciliation, and the two forms that change it."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rekam.enrolment.errors import RekamError
from rekam.office.errors import MissingReason, NoBlanks, WrongNumberOfBlanks
from rekam.office.office import Office
from rekam.web.i18n import N_, error_text
from rekam.web.page import render
from rekam.web.part import Part
from rekam.web.site import MenuItem, Person
from rekam.web.staff.guard import require

__all__ = ["PART"]

STAFF = Depends(require())
Count = Annotated[str, Form(max_length=12)]
_FIELDS = ("received", "delivery", "spoiled", "cause")
Note = Annotated[str, Form(max_length=200)]


def blank_routes(office: Office) -> APIRouter:
    """For any member of staff; each line names who entered it."""
    router = APIRouter(include_in_schema=False, prefix="/blanks")

    @router.get("", dependencies=[STAFF])
    def blanks(request: Request) -> Response:
        return _page(request, office)

    @router.post("/receive")
    def receive(
        request: Request, person: Annotated[Person, STAFF], received: Count = "", delivery: Note = ""
    ) -> Response:
        try:
            office.blanks.receive(_number(received), delivery, by=person.name)
        except WrongNumberOfBlanks as error:
            return _page(request, office, {"received": error}, {"received": received, "delivery": delivery})
        return RedirectResponse("/blanks", 303)

    @router.post("/spoil")
    def spoil(request: Request, person: Annotated[Person, STAFF], spoiled: Count = "", cause: Note = "") -> Response:
        given = {"spoiled": spoiled, "cause": cause}
        try:
            office.blanks.spoil(_number(spoiled), cause, by=person.name)
        except (WrongNumberOfBlanks, NoBlanks) as error:
            return _page(request, office, {"spoiled": error}, given)
        except MissingReason as error:
            return _page(request, office, {"cause": error}, given)
        return RedirectResponse("/blanks", 303)

    return router


def _number(text: str) -> int:
    """Indonesians write a thousand as 1.000; whatever is no number counts as none."""
    digits = text.replace(".", "").replace(" ", "")
    return int(digits) if digits.isascii() and digits.isdecimal() else 0


def _page(
    request: Request,
    office: Office,
    errors: dict[str, RekamError] | None = None,
    given: dict[str, str] | None = None,
) -> Response:
    problems = {name: error_text(error) for name, error in (errors or {}).items()}
    return render(
        request,
        "blanks.html",
        status=422 if errors else 200,
        account=office.blanks.account(),
        entries=office.blanks.entries(),
        problems=problems,
        errors=dict.fromkeys(_FIELDS) | problems,
        given=dict.fromkeys(_FIELDS, "") | (given or {}),
    )


PART: Final = Part(blank_routes, menu=(MenuItem("/blanks", N_("Blangko"), rank=40),))
