"""`/outings/{number}/take`: whom an outing expects, from the register or from a list; looked at before it is taken."""

from collections.abc import Callable
from datetime import date, timedelta
from threading import Lock
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Form
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rekam.enrolment.amount import Amount
from rekam.enrolment.errors import RekamError
from rekam.station.front import Front
from rekam.station.opened import Opened
from rekam.station.outing.expected import ListFull
from rekam.station.outing.list_reading import (
    LIST_BYTES,
    ListEmpty,
    ListIsAWorkbook,
    ListNeedsHeads,
    ListRounded,
    ListTooLarge,
    ListTooLong,
    ListUnreadable,
    read_list,
)
from rekam.station.outing.outings import Outing
from rekam.station.outing.proposal import Proposal, from_list, from_register
from rekam.station.pages.outing_words import outing_view
from rekam.trust.random import SystemRandom
from rekam.web.i18n import error_text
from rekam.web.page import render
from rekam.web.part import Part
from rekam.web.sent_file import sent_form

__all__ = ["PART"]

_SHOWN: Final = 200
_HELD: Final = 8
_PROBLEMS: Final = (
    ListEmpty,
    ListFull,
    ListIsAWorkbook,
    ListNeedsHeads,
    ListRounded,
    ListTooLarge,
    ListTooLong,
    ListUnreadable,
)
_OLDEST: Final = date(1850, 1, 1)
_Short = Annotated[str, Form(max_length=20)]
Problem = tuple[str, RekamError]
"""The field beside which it is told, and what is wrong."""


class HomeUnreadable(RekamError):
    """RT and RW are numbers of one to three digits, such as 4 or 004; '{text}' is none. Nothing was taken over.
    Write them again, or leave them empty for the whole village.
    """


class _Held:
    """Proposals between looking and taking, in memory alone; after a restart the list is read again."""

    def __init__(self) -> None:
        self._held: dict[str, tuple[int, Proposal]] = {}
        self._lock = Lock()

    def put(self, outing: int, proposal: Proposal) -> str:
        token = SystemRandom().bytes(12).hex()
        with self._lock:
            self._held[token] = (outing, proposal)
            while len(self._held) > _HELD:
                del self._held[next(iter(self._held))]
        return token

    def get(self, outing: int, token: str) -> Proposal | None:
        with self._lock:
            found = self._held.get(token)
        return found[1] if found and found[0] == outing else None


class _Desk:
    """What is wrong with a list as a whole is told beside the form, what is wrong with a row beside the row."""

    def __init__(self, front: Front) -> None:
        self.front = front
        self.held = _Held()

    @property
    def here(self) -> Opened:
        return self.front.station.here

    def form(self, request: Request, number: int, problem: Problem | None = None, **given: Any) -> Response:
        outing = self.here.outings.require_open(number)
        return render(
            request,
            "outing/take.html",
            status=422 if problem else 200,
            outing=outing_view(self.here, outing),
            villages=_served(self.here),
            problems={problem[0]: error_text(problem[1])} if problem else {},
            given={"village": outing.plan.village, "rw": "", "rt": "", "who": "due", "text": "", **given},
            listed=self.here.expected.count(number),
        )

    def proposed(
        self, request: Request, number: int, field: str, make: Callable[[Outing], Proposal], **given: Any
    ) -> Response:
        outing = self.here.outings.require_open(number)
        try:
            token = self.held.put(number, make(outing))
        except (*_PROBLEMS, HomeUnreadable) as problem:
            return self.form(request, number, (field, problem), **given)
        return RedirectResponse(f"/outings/{number}/take/{token}", 303)

    def of_register(self, outing: Outing, village: str, rw: str, rt: str, *, beginners: bool) -> Proposal:
        here, last = self.here, outing.plan.last_day
        oldest = last - timedelta(days=18 * 366) if beginners else _OLDEST
        found = here.residents.living(village=village, rw=_home(rw), rt=_home(rt), born=(oldest, last))
        known = here.expected.known(outing.number)
        return from_register(found, here.check.ask_all, known=known, on=last, beginners=beginners)

    def of_list(self, outing: Outing, data: bytes) -> Proposal:
        known = self.here.expected.known(outing.number)
        return from_list(read_list(data), self.here.residents, known=known, on=outing.plan.last_day)

    def look(self, request: Request, number: int, token: str) -> Response:
        proposal = self.held.get(number, token)
        if proposal is None:
            return RedirectResponse(f"/outings/{number}/take", 303)
        return render(
            request,
            "outing/proposal.html",
            outing=outing_view(self.here, self.here.outings.require_open(number)),
            proposal=proposal,
            refused=[(each.line, error_text(each.why)) for each in proposal.refused[:_SHOWN]],
            left_out=max(0, len(proposal.refused) - _SHOWN),
        )

    def take(self, request: Request, number: int, token: str) -> Response:
        """Pressed twice, it adds nobody twice."""
        proposal = self.held.get(number, token)
        if proposal is None:
            return RedirectResponse(f"/outings/{number}/take", 303)
        self.here.outings.require_open(number)
        try:
            taken = self.here.expected.take(number, proposal.people, proposal.source)
        except ListFull as problem:
            return self.form(request, number, ("list", problem))
        return RedirectResponse(f"/outings/{number}?taken={taken}", 303)


def list_pages(front: Front) -> APIRouter:
    """First looked at, under a token of its own, then taken."""
    desk = _Desk(front)
    router = APIRouter(prefix="/outings/{number}/take", dependencies=[Depends(front.sessions.require)])

    @router.get("")
    def blank(request: Request, number: int) -> Response:
        return desk.form(request, number)

    @router.post("/register")
    def of_register(
        request: Request, number: int, village: _Short = "", rw: _Short = "", rt: _Short = "", who: _Short = "due"
    ) -> Response:
        def make(outing: Outing) -> Proposal:
            return desk.of_register(outing, village, rw, rt, beginners=who == "beginners")

        return desk.proposed(request, number, "rw", make, village=village, rw=rw, rt=rt, who=who)

    @router.post("/list")
    async def of_list(request: Request, number: int) -> Response:
        try:
            sent = await sent_form(request, "list", limit=LIST_BYTES, too_large=_too_large, broken=ListUnreadable)
        except (ListTooLarge, ListUnreadable) as problem:
            return await run_in_threadpool(desk.form, request, number, ("list", problem))
        text = sent.fields.get("text", "")
        field, given = ("list", {}) if sent.file else ("text", {"text": text})

        def make(outing: Outing) -> Proposal:
            return desk.of_list(outing, sent.file or text.encode())

        return await run_in_threadpool(desk.proposed, request, number, field, make, **given)

    @router.get("/{token}")
    def look(request: Request, number: int, token: str) -> Response:
        return desk.look(request, number, token)

    @router.post("/{token}")
    def take(request: Request, number: int, token: str) -> Response:
        return desk.take(request, number, token)

    return router


def _too_large(size: int) -> ListTooLarge:
    return ListTooLarge(size=Amount(size), limit=Amount(LIST_BYTES))


def _home(text: str) -> str:
    """``4`` as the family card has it, ``004``; nothing stays nothing."""
    digits = text.strip()
    if not digits:
        return ""
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= 3):
        raise HomeUnreadable(text=digits[:10])
    return digits.zfill(3)


def _served(here: Opened) -> list[tuple[str, str]]:
    """The villages of the station's own district."""
    regions, digits = here.master.reference().regions, str(here.identity.station)
    own = f"{digits[:2]}.{digits[2:4]}.{digits[4:6]}"
    return [(code, regions.name(code)) for code in (regions.children(own) if regions.exists(own) else ())]


PART: Final = Part(list_pages)
