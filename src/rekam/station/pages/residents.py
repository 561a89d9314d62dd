"""A resident's page: whether they are recorded, their family card, and the way into a sitting."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rekam.exchange.corrections import Note
from rekam.station.family import Member, Standing
from rekam.station.front import Front
from rekam.station.pages.answer import answer_of
from rekam.station.pages.referral_view import corrected_after, referral_rows
from rekam.station.pages.words import card_words
from rekam.station.unlock import Unlocked
from rekam.web.i18n import N_, _, language
from rekam.web.page import render
from rekam.web.part import Part
from rekam.web.searches import Searches

__all__ = ["PART", "family_view"]

_STANDING: Final = {
    Standing.RECORDED: ("success", N_("Sudah direkam")),
    Standing.PERHAPS: ("warning", N_("Mungkin sudah direkam")),
    Standing.AGAIN: ("warning", N_("Harus direkam ulang")),
    Standing.DUE: ("warning", N_("Wajib KTP, belum direkam")),
    Standing.MAY: ("neutral", N_("16 tahun, boleh direkam")),
    Standing.NOT_YET: ("neutral", N_("Belum wajib KTP")),
    Standing.NOTED: ("warning", N_("Belum direkam, ada catatan")),
}
_NOTED: Final = {
    Note.DIED: N_("Meninggal dunia"),
    Note.MOVED: N_("Pindah ke luar wilayah"),
    Note.VOID: N_("NIK tidak aktif"),
}


def resident_pages(front: Front) -> APIRouter:
    """Addresses hold a token that says nothing; after a restart it leads to the search."""
    station, sessions, searches = front.station, front.sessions, front.searches
    router = APIRouter()
    operator = Annotated[Unlocked, Depends(sessions.require)]

    @router.get("/residents/{token}")
    def resident(request: Request, who: operator, token: str) -> Response:
        front.resident.clear(who.operator.subject)
        nik = searches.recall(token)
        if not nik:
            return RedirectResponse("/", 303)
        biodata = station.here.residents.find(nik)
        return render(
            request,
            "resident.html",
            biodata=biodata,
            words=card_words(biodata, station.here.master.reference()),
            family=[family_view(member, searches) for member in station.here.family.of(biodata.kk)],
            answer=answer_of(station.ask(biodata.nik), station),
            office_said=station.here.residents.told(biodata.nik),
            after=corrected_after(station.here, biodata.nik),
            draft=station.here.drafts.open_of(biodata.nik),
            recordings=station.here.recordings.of_nik(biodata.nik),
            referrals=referral_rows(station.here, station.here.referrals.of_nik(biodata.nik)[:1]),
            nik_warnings=[warning.words(language()) for warning in biodata.warnings()],
        )

    @router.post("/sittings")
    def begin(who: operator, nik: Annotated[str, Form(max_length=40)]) -> Response:
        """Twice gives the same sitting."""
        sitting = station.sittings.open(nik, who)
        return RedirectResponse(f"/sittings/{sitting.sitting_id}", 303)

    return router


def family_view(member: Member, searches: Searches) -> dict[str, Any]:
    """One line of a family card: who, and what there is to do."""
    tone, words = _STANDING[member.standing]
    words = _NOTED.get(member.note, words) if member.standing is Standing.NOTED else words
    return {
        "person": member.biodata,
        "href": f"/residents/{searches.remember(member.biodata.nik)}",
        "tone": tone,
        "words": _(words),
    }


PART: Final = Part(resident_pages)
