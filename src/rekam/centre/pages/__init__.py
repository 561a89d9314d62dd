"""What the centre's staff see and do in a browser."""

from fastapi import APIRouter

from rekam.centre.centre import Centre
from rekam.centre.pages.adjudications import adjudication_pages
from rekam.centre.pages.cases import case_pages
from rekam.centre.pages.notices import notice_pages
from rekam.centre.pages.overview import overview_pages
from rekam.centre.pages.quarantine import quarantine_pages
from rekam.centre.pages.validations import validation_pages
from rekam.centre.pages.withheld import withheld_pages
from rekam.centre.pages.witnesses import witness_pages

__all__ = ["centre_pages"]


def centre_pages(centre: Centre) -> list[APIRouter]:
    """Every page of the centre."""
    return [
        overview_pages(centre),
        case_pages(centre),
        adjudication_pages(centre),
        validation_pages(centre),
        quarantine_pages(centre),
        witness_pages(centre),
        withheld_pages(centre),
        notice_pages(centre),
    ]
