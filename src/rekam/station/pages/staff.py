"""`/staff` (Petugas): one's own PIN; a supervisor unlocks who is locked out and bars who left."""

from collections.abc import Sequence
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rekam.enrolment.errors import RekamError
from rekam.station.front import Front
from rekam.station.key_answers import CROSSED
from rekam.station.key_requests import Asked
from rekam.station.pages.sign_in import ROLE_NAMES
from rekam.station.pin_choice import require_good_pin
from rekam.station.unlock import LastSupervisor, Standing, Unlocked
from rekam.web.health import Tool
from rekam.web.i18n import N_, _, error_text
from rekam.web.page import render
from rekam.web.part import Part

__all__ = ["PART", "may_read_refusal"]

_REFUSALS: Final = {
    CROSSED: N_("Disahkan dinas sebelum ditarik, jadi kunci lamanya berakhir. Ajukan PIN baru sekali lagi."),
    "letters": N_("Tiga kali huruf yang salah diketik di dinas. Ajukan sekali lagi."),
    "replaced": N_("Diganti permintaan yang lebih baru."),
}


def staff_pages(front: Front) -> APIRouter:
    """What was done to a name is told on the same page; a refusal leaves everything as it was."""
    station = front.station
    router = APIRouter(prefix="/staff")
    operator = Annotated[Unlocked, Depends(front.sessions.require)]
    supervisor = Annotated[Unlocked, Depends(front.sessions.require_supervisor)]

    def page(
        request: Request, who: Unlocked, problem: RekamError | None = None, asked: str = "", done: str = ""
    ) -> Response:
        standings = station.operators.standings()
        waiting = {one.subject: one for one in station.keys.waiting()}
        return render(
            request,
            "staff/list.html",
            status=422 if problem else 200,
            rows=[standing_view(one, waiting.get(one.operator.subject)) for one in standings],
            refused=[standing_view(one) for one in standings if may_read_refusal(who, standings, one.operator.subject)],
            alone=[one for one in waiting.values() if one.alone and not one.withdrawn],
            me=who.operator,
            supervises=who.operator.supervises,
            asked=next((standing_view(one) for one in standings if one.operator.subject == asked), None),
            done=done,
            refusal=error_text(problem) if problem else None,
        )

    @router.get("")
    def listed(request: Request, who: operator, bar: str = "", done: str = "") -> Response:
        return page(request, who, asked=bar if who.operator.supervises else "", done=done)

    @router.post("/pin")
    def change_pin(
        request: Request,
        who: operator,
        pin: Annotated[str, Form(max_length=64)] = "",
        wanted: Annotated[str, Form(max_length=64)] = "",
        again: Annotated[str, Form(max_length=64)] = "",
    ) -> Response:
        try:
            require_good_pin(wanted, again, before=pin)
            station.operators.change_pin(who.operator.subject, pin, wanted)
        except RekamError as problem:
            return page(request, who, problem)
        return RedirectResponse("/staff?done=pin", 303)

    @router.post("/unlock", dependencies=[Depends(front.sessions.require_supervisor)])
    def unlock(subject: Annotated[str, Form(max_length=64)]) -> Response:
        station.operators.forgive(subject)
        return RedirectResponse("/staff?done=unlocked", 303)

    @router.post("/bar")
    def bar(request: Request, who: supervisor, subject: Annotated[str, Form(max_length=64)]) -> Response:
        try:
            station.bar(subject, by=who.operator.subject)
        except LastSupervisor as problem:
            return page(request, who, problem)
        front.sessions.end_all(subject)
        front.held.forget_all(subject)
        return RedirectResponse("/staff?done=barred", 303)

    return router


def may_read_refusal(who: Unlocked, standings: Sequence[Standing], subject: str) -> bool:
    """Supervisors read every no of the office; an operator one about a supervisor, or about themselves: where no
    supervisor is left, nobody else could.
    """
    refused = next((one for one in standings if one.refused and one.operator.subject == subject), None)
    mine = who.operator.subject == subject
    return refused is not None and (mine or who.operator.supervises or refused.operator.supervises)


def standing_view(standing: Standing, waiting: Asked | None = None) -> dict[str, Any]:
    """A member of staff in words: tone and state of the badge; `asked` while a key of theirs waits for the office."""
    if standing.barred_at:
        state = ("neutral", _("Dihentikan Disdukcapil") if standing.stopped else _("Tidak bertugas lagi"))
    elif waiting is not None:
        state = ("info", _("Permintaan ditarik") if waiting.withdrawn else _("Menunggu Disdukcapil"))
    elif standing.refused:
        state = ("danger", _("Kunci baru tidak disahkan"))
    elif standing.locked:
        state = ("danger", _("Terkunci: %(n)s PIN salah", n=standing.wrong))
    elif standing.wrong:
        state = ("warning", _("%(n)s PIN salah berturut-turut", n=standing.wrong))
    else:
        state = ("success", _("Dapat masuk"))
    who = standing.operator
    return {
        "subject": who.subject,
        "name": who.name,
        "role": _(ROLE_NAMES[who.role]),
        "tone": state[0],
        "state": state[1],
        "wrong": standing.wrong,
        "usable": standing.usable,
        "supervises": who.role == "supervisor",
        "barred_at": standing.barred_at,
        "asked": waiting is not None,
        "refused": _(_REFUSALS[standing.refused]) if standing.refused in _REFUSALS else standing.refused,
    }


PART: Final = Part(
    staff_pages,
    tools=(
        Tool(
            "/staff",
            N_("Petugas"),
            N_("Ganti PIN sendiri; supervisor membuka kunci, menutup nama, dan meminta kunci petugas baru."),
            rank=5,
        ),
    ),
)
