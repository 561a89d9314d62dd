"""The resident's own screen, a second window of the operator's browser: what is being recorded, and their yes to it."""

import hashlib
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rekam.enrolment.sample import Modality, Slot
from rekam.station.drafts import UnknownSitting
from rekam.station.front import Front
from rekam.station.pages import body
from rekam.station.pages.counter import image_address
from rekam.station.pages.hints import placement_task
from rekam.station.pages.words import card_words
from rekam.station.resident_desk import Desk
from rekam.station.sitting import Sitting
from rekam.station.steps import Step
from rekam.web.i18n import Language, speaking
from rekam.web.page import fragment
from rekam.web.part import Part

__all__ = ["PART"]

_PHOTO: Final = Slot(Modality.PHOTO)


def resident_screen_pages(front: Front) -> APIRouter:
    """Without anybody signed in at this browser it shows the welcome, as between two sittings."""
    window, desks = _Window(front), front.resident
    router = APIRouter(prefix="/resident-screen")

    @router.get("")
    def page(request: Request) -> Response:
        return window.answer(request, "resident_screen.html")

    @router.get("/now")
    def now(request: Request, seen: str = "") -> Response:
        """The window's content, nothing (204) while it is still what was `seen`."""
        return window.answer(request, "resident_now.html", seen)

    @router.post("/language")
    def speak(request: Request, language: Annotated[Language, Form()]) -> Response:
        if who := window.operator(request):
            desks.speak(who, language.value)
        return RedirectResponse("/resident-screen", 303)

    @router.post("/answer")
    def agree(request: Request, shown_digest: Annotated[str, Form()], *, agreed: Annotated[bool, Form()]) -> Response:
        """The resident's yes to what stands there, or that something is wrong. A yes to anything older is none."""
        window.take(request, shown_digest, agreed=agreed)
        return RedirectResponse("/resident-screen", 303)

    return router


@dataclass(frozen=True)
class _Window:
    """Bound to the operator who is signed in at the browser that asks; asking does not keep that screen unlocked."""

    front: Front

    def operator(self, request: Request) -> str | None:
        screen = self.front.sessions.glance(request)
        return screen.unlocked.operator.subject if screen else None

    def answer(self, request: Request, template: str, seen: str = "") -> Response:
        who = self.operator(request)
        if who is not None:
            self.front.resident.asked(who)
        desk, sitting = self._shown(who)
        version = _version(desk, sitting)
        if seen == version:
            return Response(status_code=204)
        with speaking(Language(desk.language)):
            context = self._context(desk, sitting)
            return fragment(request, template, version=version, signed_in=who is not None, **context)

    def take(self, request: Request, digest: str, *, agreed: bool) -> None:
        """The resident's answer to what had this digest."""
        who = self.operator(request)
        desk, sitting = self._shown(who)
        if who is None or sitting is None or desk.page != Step.REVIEW:
            return
        if not agreed:
            self.front.resident.object(who)
        elif digest == sitting.digest:
            self.front.station.sittings.agree(sitting.sitting_id, digest)

    def _shown(self, who: str | None) -> tuple[Desk, Sitting | None]:
        """What to show, and the sitting if there is one that may be shown."""
        desk, station = self.front.resident.of(who) if who is not None else Desk(), self.front.station
        if desk.sitting_id is None or not station.is_open:
            return desk, None
        try:
            return desk, station.sittings.find(desk.sitting_id)
        except UnknownSitting:
            return Desk(thanked=desk.thanked, language=desk.language), None

    def _context(self, desk: Desk, sitting: Sitting | None) -> dict[str, Any]:
        if sitting is None:
            return {"desk": desk, "sitting": None, "kind": "thanks" if desk.thanked else "welcome"}
        fingers = bool(desk.slots) and desk.slots[0].modality is Modality.FINGER
        return {
            "desk": desk,
            "sitting": sitting,
            "kind": desk.page,
            "task": placement_task(desk.slots) if fingers else "",
            "hand": bool(desk.slots) and desk.slots[0].modality is Modality.HAND,
            "body": body,
            "photo": image_address(sitting, _PHOTO) if _PHOTO in sitting.captures else None,
            "words": card_words(sitting.biodata, self.front.station.here.master.reference()),
        }


def _version(desk: Desk, sitting: Sitting | None) -> str:
    parts = [repr(desk), sitting.digest if sitting else "", sitting.agreed if sitting else ""]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


PART: Final = Part(resident_screen_pages)
