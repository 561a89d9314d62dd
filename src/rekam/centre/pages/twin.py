"""`/twin`: how the centre stands with its recovery twin, and an official's decision to go on without it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from rekam.centre.front import Front
from rekam.centre.pages.roles import Member, Officer
from rekam.centre.pages.told import age_of
from rekam.centre.twin.attendant import Seen
from rekam.centre.twin.generations import Generations
from rekam.centre.twin.pairing import Mode, Pairing
from rekam.web.format import age, number, size
from rekam.web.health import Finding, Level, Probe, Tool
from rekam.web.i18n import N_, _
from rekam.web.page import render
from rekam.web.part import Part

__all__ = ["PART", "TwinState", "twin_state"]

_REASON_LENGTH = 500


@dataclass(frozen=True)
class TwinState:
    """In words: `tone` of the badge, what is so (`word`, `said`), what to do (`todo`, empty where nothing), whether an
    official may let the centre go on alone.
    """

    tone: str
    word: str
    said: str
    todo: str = ""
    may_go_alone: bool = False


def twin_state(seen: Seen) -> TwinState:
    """What `seen` means to whoever runs the centre."""
    away = not seen.answers or seen.behind is None
    match seen.paired.mode:
        case Mode.SINGLE:
            return TwinState(
                "warning",
                _("Belum ada kembaran"),
                _("Semua yang diterima pusat hanya ada di mesin ini; bila mesin ini hilang, yang tersisa cadangannya."),
                _("Siapkan kembaran."),
            )
        case Mode.PAIRED if not away:
            return TwinState(
                "success",
                _("Berpasangan"),
                _("Tanda terima baru keluar setelah kembaran juga menyimpan paketnya."),
            )
        case Mode.PAIRED | Mode.REJOINING if away:
            return TwinState(
                "danger",
                _("Kembaran tidak menjawab"),
                _("Pusat menahan tanda terima dan hasil. Dinas dan stasiun terus merekam; tidak ada yang hilang."),
                _("Hidupkan kembaran. Bila lama, putuskan pusat berjalan sendiri."),
                may_go_alone=True,
            )
        case Mode.REJOINING:
            return TwinState(
                "warning",
                _("Kembaran diisi kembali"),
                _("Tanda terima ditahan sampai kembaran lengkap lagi; tidak ada yang hilang."),
                _("Tunggu, atau putuskan pusat berjalan sendiri."),
                may_go_alone=True,
            )
        case Mode.ALONE:
            return TwinState(
                "danger",
                _("Berjalan sendiri"),
                _("Atas keputusan petugas, yang diterima sejak itu hanya ada di mesin ini."),
                _("Hidupkan kembaran secepatnya; ia mengejar sendiri. Jangan jalankan perintah promote di sana."),
            )
        case _:
            return TwinState(
                "warning",
                _("Kembaran diisi"),
                _("Kembaran sedang menerima salinan; sampai selesai, hanya mesin ini yang lengkap."),
            )


def twin_probe(twin: Callable[[], Seen]) -> Probe:
    """For the page of the whole place's health; quiet where there is no twin, which the overview says."""

    def look() -> Finding:
        seen = twin()
        state = twin_state(seen)
        levels = {"danger": Level.ALARM, "warning": Level.WARNING, "success": Level.WELL}
        level = Level.WELL if seen.paired.mode is Mode.SINGLE else levels[state.tone]
        return Finding("twin", _("Kembaran pusat"), level, state.said, state.todo, "/twin")

    return look


def twin_pages(front: Front) -> APIRouter:
    """The page, its figures by themselves for renewal, the decision."""
    centre, twin = front.centre, front.twin
    router = APIRouter(prefix="/twin", include_in_schema=False)

    def facts(request: Request) -> dict[str, Any]:
        seen, generation = twin(), Generations(centre.pool).current()
        behind = None if seen.behind is None else size(seen.behind)
        return {
            "state": twin_state(seen),
            "single": seen.paired.mode is Mode.SINGLE,
            "rows": [
                {"label": label, "value": value}
                for label, value in (
                    (_("Alamat kembaran"), seen.paired.url),
                    (_("Keadaan ini selama"), age(age_of(request, seen.paired.since))),
                    (_("Kembaran menjawab"), _("ya") if seen.answers else _("tidak")),
                    (_("Basis data tertinggal"), behind),
                    (_("Berkas yang dibandingkan"), number(seen.looked_at)),
                    (_("Berkas yang dikirim ke kembaran"), number(seen.brought)),
                    (_("Pusat ke berapa sejak awal"), number(generation.number if generation else 1)),
                )
            ],
        }

    @router.get("")
    def page(request: Request, person: Member) -> Response:
        return render(request, "centre/twin.html", roles=person.roles, length=_REASON_LENGTH, **facts(request))

    @router.post("/alone")
    def alone(person: Officer, because: Annotated[str, Form(min_length=1, max_length=_REASON_LENGTH)]) -> Response:
        Pairing(centre.pool).go_alone(person.name, because.strip())
        return RedirectResponse("/twin", 303)

    return router


PART: Final = Part(
    twin_pages,
    tools=(
        Tool(
            "/twin",
            N_("Kembaran"),
            N_("Mesin kedua dengan semua yang diakui pusat: keadaannya, dan keputusan tanpanya."),
            rank=20,
        ),
    ),
    probes=lambda front: (twin_probe(front.twin),),
)
