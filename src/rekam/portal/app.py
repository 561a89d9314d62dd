"""The portal's web application: a calm public website over one `Portal`."""

from pathlib import Path

from fastapi import FastAPI

from rekam.portal.errors import NoSuchAlarm
from rekam.portal.pages.log import log_routes
from rekam.portal.pages.proof import proof_routes
from rekam.portal.pages.public import public_routes
from rekam.portal.pages.questions import question_routes
from rekam.portal.portal import Portal
from rekam.storage.pool import answers
from rekam.web.app import create_app
from rekam.web.i18n import N_, Language, language
from rekam.web.site import MenuItem, Notice, Site

__all__ = ["create_portal_app"]

_MENU = (
    MenuItem("/", N_("Cek status")),
    MenuItem("/bukti", N_("Bukti perekaman")),
    MenuItem("/notices", N_("Pengumuman")),
    MenuItem("/keys", N_("Kunci")),
)


def create_portal_app(portal: Portal, *, development: bool = False) -> FastAPI:
    """Everything the portal serves. Behind a proxy, let the server take the client's address from it (uvicorn's
    `proxy_headers`), or all citizens share one allowance.
    """
    site = Site(
        kind="portal",
        name="Rekam",
        place="Status perekaman KTP-el",
        clock=portal.clock,
        menu=_MENU,
        newest_notice=lambda: _newest_notice(portal),
    )
    return create_app(
        site,
        routers=[question_routes(portal), proof_routes(portal), log_routes(portal), public_routes(portal)],
        statuses={NoSuchAlarm: 404},
        templates=Path(__file__).parent / "templates",
        assets=Path(__file__).parent / "assets",
        checks={"database": lambda: answers(portal.pool)},
        development=development,
    )


def _newest_notice(portal: Portal) -> Notice | None:
    newest = portal.copy.notices(1)
    if not newest:
        return None
    english = language() is Language.ENGLISH
    return Notice(newest[0].text_en if english else newest[0].text_id, newest[0].at)
