"""What the centre's staff see and do in a browser."""

from collections.abc import Callable

from fastapi import APIRouter

from rekam.centre.centre import Centre
from rekam.centre.pages.adjudications import adjudication_pages
from rekam.centre.pages.cases import case_pages
from rekam.centre.pages.notices import notice_pages
from rekam.centre.pages.overview import overview_pages
from rekam.centre.pages.quarantine import quarantine_pages
from rekam.centre.pages.twin import twin_pages
from rekam.centre.pages.validations import validation_pages
from rekam.centre.pages.withheld import withheld_pages
from rekam.centre.pages.witnesses import witness_pages
from rekam.centre.twin.attendant import Seen

__all__ = ["centre_pages"]


def centre_pages(centre: Centre, twin: Callable[[], Seen]) -> list[APIRouter]:
    """Every page of the centre; `twin` tells how it stands with the recovery twin."""
    return [
        overview_pages(centre, twin),
        twin_pages(centre, twin),
        case_pages(centre),
        adjudication_pages(centre),
        validation_pages(centre),
        quarantine_pages(centre),
        witness_pages(centre),
        withheld_pages(centre),
        notice_pages(centre),
    ]
