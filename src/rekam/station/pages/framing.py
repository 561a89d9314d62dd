"""Moving the frame of a photo that was just taken: what lies in it is the passport photo."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form
from starlette.responses import RedirectResponse, Response

from rekam.enrolment.sample import Modality, Slot
from rekam.station.drafts import NothingCapturedYet
from rekam.station.front import Front
from rekam.station.lately import Attempt
from rekam.station.pages.capture_view import following_step
from rekam.station.pages.frame_steps import Move, moved_frame
from rekam.station.pages.upload import media_type_of
from rekam.station.pass_photo import FrameTooWeak
from rekam.station.steps import Step
from rekam.web.part import Part

__all__ = ["PART"]

_PHOTO: Final = Slot(Modality.PHOTO)
_Pixels = Annotated[float, Form(ge=-1e6, le=1e6, allow_inf_nan=False)]


def framing_pages(front: Front) -> APIRouter:
    """Works without a script as well: each button sends one step of the frame."""
    station, sessions = front.station, front.sessions
    router = APIRouter(prefix="/sittings/{sitting_id}", dependencies=[Depends(sessions.require)])

    @router.post("/frame")
    def frame(
        sitting_id: str, x: _Pixels, y: _Pixels, height: _Pixels, move: Annotated[Move | None, Form()] = None
    ) -> Response:
        """The photo with its frame there, `move` one step further; without a step the sitting goes on."""
        try:
            sitting = station.sittings.frame(sitting_id, *moved_frame(x, y, height, move))
        except FrameTooWeak as problem:
            front.lately.note(sitting_id, Attempt((_PHOTO,), problems={_PHOTO: problem}))
            return RedirectResponse(f"/sittings/{sitting_id}/{Step.PHOTO}", 303)
        stays = move is not None or not sitting.filled(_PHOTO)
        step = Step.PHOTO if stays else following_step(sitting, Step.PHOTO)
        return RedirectResponse(f"/sittings/{sitting_id}/{step}", 303)

    @router.get("/whole")
    def whole(sitting_id: str) -> Response:
        """The camera's whole picture, for the signed-in screen alone. Raises `NothingCapturedYet`."""
        cutting = station.here.drafts.capture(sitting_id, _PHOTO).cutting
        if cutting is None:
            raise NothingCapturedYet(slot=_PHOTO)
        return Response(cutting.whole, media_type=media_type_of(cutting.whole))

    return router


PART: Final = Part(framing_pages)
