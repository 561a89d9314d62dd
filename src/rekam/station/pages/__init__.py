"""The station's pages: `station_pages`. Every page is a form that also works without scripts."""

from fastapi import APIRouter

from rekam.station.pages.captures import capture_pages
from rekam.station.pages.closing import closing_pages
from rekam.station.pages.exceptions import exception_pages
from rekam.station.pages.lately import Lately
from rekam.station.pages.notices import notice_pages
from rekam.station.pages.preview import preview_pages
from rekam.station.pages.recordings import recording_pages
from rekam.station.pages.review import review_pages
from rekam.station.pages.searches import Searches
from rekam.station.pages.sign_in import sign_in_pages
from rekam.station.pages.start import start_pages
from rekam.station.pages.steps import step_pages
from rekam.station.pages.warning import warning_pages
from rekam.station.sessions import Sessions
from rekam.station.station import Station
from rekam.web.i18n import N_
from rekam.web.site import MenuItem

__all__ = ["MENU", "station_pages"]

_STAFF = frozenset({"operator", "supervisor"})
MENU = (
    MenuItem("/", N_("Rekam penduduk"), _STAFF),
    MenuItem("/recordings", N_("Rekaman dan kiriman"), _STAFF),
    MenuItem("/notices", N_("Pengumuman"), _STAFF),
    MenuItem("/system", N_("Sistem"), _STAFF),
)


def station_pages(station: Station, sessions: Sessions) -> APIRouter:
    """All pages; all but sign-in lead there when nobody is signed in."""
    router = APIRouter(include_in_schema=False)
    lately, searches = Lately(), Searches()
    router.include_router(sign_in_pages(station, sessions))
    router.include_router(start_pages(station, sessions, searches))
    router.include_router(recording_pages(station, sessions, searches))
    router.include_router(notice_pages(station, sessions))
    router.include_router(warning_pages(station, sessions))
    router.include_router(review_pages(station, sessions))
    router.include_router(closing_pages(station, sessions))
    router.include_router(exception_pages(station, sessions))
    router.include_router(capture_pages(station, sessions, lately))
    router.include_router(preview_pages(station, sessions))
    router.include_router(step_pages(station, sessions, lately))  # last: its addresses are the most general
    return router
