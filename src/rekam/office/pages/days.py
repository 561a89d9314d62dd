"""`/days`: which stations closed their day, and whether their recordings of it are here."""

from typing import Final

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from rekam.office.office import Office
from rekam.web.i18n import N_
from rekam.web.page import render
from rekam.web.part import Part
from rekam.web.site import MenuItem
from rekam.web.staff.guard import require

__all__ = ["PART"]


def day_routes(office: Office) -> APIRouter:
    """For any member of staff."""
    router = APIRouter(include_in_schema=False, dependencies=[Depends(require())])

    @router.get("/days")
    def days(request: Request) -> Response:
        return render(request, "days.html", stations=office.days.stations(), days=office.days.newest())

    return router


PART: Final = Part(day_routes, menu=(MenuItem("/days", N_("Tutup hari"), rank=45),))
