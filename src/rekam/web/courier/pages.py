"""`/courier`: the media plugged in, one button for each errand, progress, the closing report; and `/api/courier`."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Form
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rekam.enrolment.errors import RekamError
from rekam.exchange.courier.courier import Courier
from rekam.exchange.courier.report import sound
from rekam.web.courier.desk import CourierDesk
from rekam.web.courier.media import Media
from rekam.web.health import Tool
from rekam.web.i18n import N_, _, error_text
from rekam.web.page import fragment, render

__all__ = ["COURIER", "courier_routes"]

COURIER: Final = Tool(
    "/courier", N_("Kurir"), N_("Tanpa jaringan: bawa rekaman, tanda terima, dan kabar pusat dengan flash disk.")
)
"""Where a place lists this page."""

Given = Annotated[str, Form(max_length=1000)]
_PER_MB: Final = 1_000_000
DOING: Final = {
    "check": N_("Memeriksa"),
    "copy": N_("Menyalin"),
    "verify": N_("Membaca ulang dari flash disk"),
    "read": N_("Membaca"),
}


class Out(BaseModel):
    """What is written to which stick; an empty `to` means the usual receiver."""

    path: str
    to: str = ""
    max_bytes: int | None = None


class Brought(BaseModel):
    """A stick's folder, or one file on it."""

    path: str


def courier_routes(courier: Callable[[], Courier], signed_in: Callable[..., Any], media: Media) -> APIRouter:
    """Page and API over one desk, for whom `signed_in` lets in."""
    desk = CourierDesk(courier)
    router = APIRouter(dependencies=[Depends(signed_in)])
    router.include_router(_pages(desk, media))
    router.include_router(_api(desk, media))
    return router


def _pages(desk: CourierDesk, media: Media) -> APIRouter:
    router = APIRouter(include_in_schema=False, prefix="/courier")

    def page(request: Request, refusal: RekamError | None = None, typed: str = "") -> Response:
        return render(
            request,
            "shared/courier.html",
            status=409 if refusal else 200,
            refusal=error_text(refusal) if refusal else None,
            typed=typed,
            media=media.plugged_in(),
            courier=desk.courier(),
            **_standing(desk),
        )

    def begin(request: Request, path: str, start: Callable[[Path], object]) -> Response:
        try:
            start(Path(path.strip()))
        except RekamError as refusal:
            return page(request, refusal, path)
        return RedirectResponse("/courier", 303)

    @router.get("")
    def courier(request: Request) -> Response:
        return page(request)

    @router.get("/state")
    def state(request: Request) -> Response:
        standing = _standing(desk)
        ended = not (standing["errand"] and standing["errand"].running)
        # the page's buttons and figures are others once an errand ended: htmx fetches the whole page
        return fragment(
            request, "shared/courier_state.html", headers={"HX-Refresh": "true"} if ended else None, **standing
        )

    @router.post("/out")
    def out(request: Request, path: Given = "", to: Given = "") -> Response:
        return begin(request, path, lambda folder: desk.out(folder, to, None))

    @router.post("/in")
    def take_in(request: Request, path: Given = "") -> Response:
        return begin(request, path, desk.take_in)

    @router.post("/receipts")
    def receipts(request: Request, path: Given = "") -> Response:
        return begin(request, path, desk.receipts)

    return router


def _standing(desk: CourierDesk) -> dict[str, Any]:
    errand = desk.errand
    return {
        "errand": errand,
        "problem": error_text(errand.problem) if errand and errand.problem else None,
        "sound": errand is not None and errand.report is not None and sound(errand.report),
        "doing": _(DOING[errand.doing]) if errand else "",
        "megabytes": lambda count: round(count / _PER_MB),
        "told": error_text,
    }


def _api(desk: CourierDesk, media: Media) -> APIRouter:
    router = APIRouter(prefix="/api/courier")

    @router.get("")
    def state() -> dict[str, Any]:
        return {
            "to": list(desk.courier().to),
            "media": [
                {"path": str(each.folder), "free": each.free, "files": each.files} for each in media.plugged_in()
            ],
            "errand": desk.errand.to_map() if desk.errand else None,
        }

    @router.post("/out", status_code=202)
    def out(given: Out) -> dict[str, Any]:
        return desk.out(Path(given.path), given.to, given.max_bytes).to_map()

    @router.post("/in", status_code=202)
    def take_in(given: Brought) -> dict[str, Any]:
        return desk.take_in(Path(given.path)).to_map()

    @router.post("/receipts", status_code=202)
    def receipts(given: Brought) -> dict[str, Any]:
        return desk.receipts(Path(given.path)).to_map()

    return router
