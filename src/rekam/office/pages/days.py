"""`/days`: which stations closed their day, what ended installations left open, and whether the recordings are here."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rekam.office.day_rests import NothingLeftOpen, RestNeedsNote
from rekam.office.office import Office
from rekam.web.format import long_date
from rekam.web.health import Finding, Level, Probe
from rekam.web.i18n import N_, _, error_text
from rekam.web.page import render
from rekam.web.part import Part
from rekam.web.site import MenuItem, Person
from rekam.web.staff.guard import require

__all__ = ["PART"]

STAFF = Depends(require())
_LONGEST: Final = 300
Epoch = Annotated[int, Path(ge=1, le=1_000_000)]


def day_routes(office: Office) -> APIRouter:
    """For any member of staff."""
    router = APIRouter(include_in_schema=False, prefix="/days")

    def page(request: Request, problems: dict[str, str] | None = None) -> Response:
        return render(
            request,
            "days.html",
            status=422 if problems else 200,
            stations=office.days.stations(),
            days=office.days.newest(),
            doubted=office.days.closed_after_stop(),
            rests=office.day_rests.listed(),
            problems=problems or {},
        )

    @router.get("", dependencies=[STAFF])
    def days(request: Request) -> Response:
        return page(request)

    def closed(request: Request, person: Person, station: str, epoch: int, notes: dict[str, str]) -> Response:
        field = f"note-{station}-{epoch}"
        try:
            office.day_rests.close(station, epoch, by=person.name, note=notes.get(field, "")[:_LONGEST])
        except RestNeedsNote as problem:
            return page(request, {field: error_text(problem)})
        return RedirectResponse("/days", 303)

    @router.post("/rests/{station}/{epoch}")
    async def close(request: Request, person: Annotated[Person, STAFF], station: str, epoch: Epoch) -> Response:
        """Pressed twice, the first word stands. Each card on the page has a field of its own."""
        notes = {name: str(text) for name, text in (await request.form()).items()}
        return await run_in_threadpool(closed, request, person, station, epoch, notes)

    return router


def _probes(office: Office) -> list[Probe]:
    return [lambda: _found(office)]


def _found(office: Office) -> Finding:
    title, rests = _("Tutup hari"), office.day_rests.listed()
    if doubted := office.days.closed_after_stop():
        days = ", ".join(sorted({f"{station} {long_date(day)}" for station, day in doubted}))
        said = _("Ditutup oleh supervisor yang sudah dihentikan: %(days)s.", days=days)
        ask = _("Minta supervisor lain di stasiun itu membuka hari itu lagi, memeriksanya, dan menutupnya.")
        return Finding("days", title, Level.WARNING, said, ask, "/days")
    left = ", ".join(f"{rest.station}/{rest.epoch}" for rest in rests if not rest.closed)
    if not left:
        return Finding(
            "days", title, Level.WELL, _("Tidak ada pemasangan yang berakhir dengan hari terbuka."), href="/days"
        )
    said = _("Pemasangan yang berakhir dengan hari yang belum ditutup: %(names)s.", names=left)
    return Finding(
        "days", title, Level.WARNING, said, _("Buka Tutup hari dan tutup sisanya dengan keterangan."), "/days"
    )


PART: Final = Part(
    day_routes,
    menu=(MenuItem("/days", N_("Tutup hari"), rank=45),),
    statuses={NothingLeftOpen: 409, RestNeedsNote: 422},
    probes=_probes,
)
