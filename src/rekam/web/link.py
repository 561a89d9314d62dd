"""`/link`: how much a place sends and when, in words and as a form; the same page at station and office."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rekam.exchange.link_file import LinkFile
from rekam.exchange.link_policy import Applied, LinkPolicy, PolicyUnreadable, Window, clock, limit_of, minute_of
from rekam.web.format import number
from rekam.web.health import Finding, Level, Probes, Tool
from rekam.web.i18n import N_, _, error_text
from rekam.web.page import render

__all__ = ["LINK_TOOL", "ROWS", "link_routes", "link_words", "with_link"]

ROWS = 3
"""Windows that the page offers; the command sets more."""

LINK_TOOL = Tool("/link", N_("Jalur kirim"), N_("Batas kecepatan dan jam pengiriman."))

Text = Annotated[str, Form(max_length=12)]
Texts = Annotated[list[str], Form()]


def link_words(applied: Applied) -> str:
    """What holds now, as an official would say it."""
    until = "" if applied.until is None else _(" sampai pukul %(time)s", time=f"{applied.until:%H.%M}")
    if applied.limit_kbit is None:
        return _("Mengirim tanpa batas%(until)s", until=until)
    if applied.limit_kbit == 0:
        return _("Tidak mengirim%(until)s", until=until)
    return _("Mengirim dibatasi %(limit)s kbit/s%(until)s", limit=number(applied.limit_kbit), until=until)


def with_link(probes: Probes, link: LinkFile | None) -> Probes:
    """The place's probes, and one for the line: a limit is worth knowing when somebody wonders why packets wait."""
    if link is None:
        return probes

    def probe() -> Finding:
        applied = link.applied()
        level = Level.WELL if applied.limit_kbit is None else Level.NOTE
        return Finding("link", _("Jalur kirim"), level, link_words(applied) + ".", href="/link")

    return lambda: (*probes(), probe)


def link_routes(link: LinkFile, guard: Callable[..., Any]) -> APIRouter:
    """For whoever `guard` lets in."""
    router = APIRouter(prefix="/link", include_in_schema=False, dependencies=[Depends(guard)])

    @router.get("")
    def page(request: Request) -> Response:
        return _page(request, link, _given(link.policy()), {})

    @router.post("")
    def keep(request: Request, limit: Text = "", start: Texts = [], end: Texts = [], kbit: Texts = []) -> Response:  # noqa: B006 - FastAPI copies it for each request
        rows = list(zip(start, end, kbit, strict=False))[:ROWS]
        try:
            windows = (Window(minute_of(a), minute_of(b), limit_of(c)) for a, b, c in rows if (a + b).strip())
            link.keep(LinkPolicy(limit_of(limit), tuple(windows)))
        except PolicyUnreadable as error:
            given = {"limit": limit, "rows": rows + [("", "", "")] * (ROWS - len(rows))}
            return _page(request, link, given, {"limit": error_text(error)})
        return RedirectResponse("/link", 303)

    return router


def _given(policy: LinkPolicy) -> dict[str, Any]:
    rows = [(clock(each.start), clock(each.end), _typed(each.limit_kbit)) for each in policy.windows[:ROWS]]
    return {"limit": _typed(policy.limit_kbit), "rows": rows + [("", "", "")] * (ROWS - len(rows))}


def _typed(limit: int | None) -> str:
    return "" if limit is None else str(limit)


def _page(request: Request, link: LinkFile, given: dict[str, Any], problems: dict[str, str]) -> Response:
    applied = link.applied()
    return render(
        request,
        "shared/link.html",
        words=link_words(applied),
        tone="success" if applied.limit_kbit is None else "warning" if applied.limit_kbit == 0 else "info",
        given=given,
        problems=problems,
        hidden=len(link.policy().windows) > ROWS,
        status=422 if problems else 200,
    )
