"""`/notices`: what the centre told everybody, and the form that tells more."""

from typing import Annotated, Final

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rekam.centre.centre import Centre
from rekam.centre.front import Front
from rekam.centre.notices import Notice as Published
from rekam.centre.pages.roles import EXPERT, STAFF, Member, Officer
from rekam.web.i18n import N_, Language, _, language
from rekam.web.page import person_of, render
from rekam.web.part import Part
from rekam.web.site import MenuItem, Notice

__all__ = ["PART", "newest_notice"]

_LENGTH = 500
Text = Annotated[str, Form(max_length=_LENGTH)]


def notice_pages(front: Front) -> APIRouter:
    """Everybody reads; staff of the centre publish."""
    centre = front.centre
    router = APIRouter(prefix="/notices", include_in_schema=False)

    @router.get("")
    def notices(request: Request, _person: Member) -> Response:
        return _show(request, centre)

    @router.post("")
    def publish(
        request: Request,
        person: Officer,
        text_id: Text = "",
        text_en: Text = "",
        todo_id: Text = "",
        todo_en: Text = "",
        urgent: Text = "",
    ) -> Response:
        given = {"text_id": text_id, "text_en": text_en, "todo_id": todo_id, "todo_en": todo_en}
        if not text_id.strip():
            return _show(request, centre, {"text_id": _("Tulis pengumuman dalam bahasa Indonesia")}, given)
        published = centre.notices.publish(**given, author=person.name, urgent=urgent == "yes")
        return RedirectResponse(f"/notices?said={published.number}", 303)

    return router


def newest_notice(centre: Centre) -> Notice | None:
    """For the banner that stands on every page."""
    newest = centre.notices.newest(1)
    return Notice(_text(newest[0]), newest[0].published_at) if newest else None


def _show(
    request: Request, centre: Centre, errors: dict[str, str] | None = None, given: dict[str, str] | None = None
) -> Response:
    person = person_of(request)
    said = request.query_params.get("said", "")
    return render(
        request,
        "centre/notices.html",
        status=422 if errors else 200,
        may_publish=person is not None and STAFF in person.roles,
        said=_("Pengumuman %(n)s diterbitkan ke semua dinas, stasiun, dan portal.", n=said) if said.isdigit() else "",
        errors=errors or {},
        given=given or {"text_id": "", "text_en": "", "todo_id": "", "todo_en": ""},
        length=_LENGTH,
        notices=[
            {"notice": notice, "text": _text(notice), "todo": _todo(notice)} for notice in centre.notices.newest()
        ],
    )


def _text(notice: Published) -> str:
    return notice.text_en if language() is Language.ENGLISH else notice.text_id


def _todo(notice: Published) -> str:
    return notice.todo_en if language() is Language.ENGLISH else notice.todo_id


PART: Final = Part(notice_pages, menu=(MenuItem("/notices", N_("Pengumuman"), frozenset({EXPERT, STAFF}), rank=60),))
