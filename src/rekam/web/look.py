"""`/look`: every component on one page, for whoever changes the look. Served in development only."""

from datetime import timedelta

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from rekam.web.page import render

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

_CARD = {
    "nik": "3174015703900001",
    "name": "Siti Rahmawati",
    "birth_date": "1990-03-17",
    "wait": timedelta(days=3, hours=5),
}


@router.get("/look")
def gallery(request: Request) -> Response:
    """All components."""
    return render(request, "shared/look.html", resident=_CARD)


@router.get("/look/sitting")
def sitting(request: Request) -> Response:
    """The three columns of a sitting."""
    return render(request, "shared/look_sitting.html", resident=_CARD)
