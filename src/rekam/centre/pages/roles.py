"""Who works at the centre, which pages they open, and the menu that follows from it."""

from collections.abc import Callable
from typing import Annotated, Final

from fastapi import Depends
from starlette.requests import Request

from rekam.web.i18n import N_
from rekam.web.site import MenuItem, Person
from rekam.web.staff.guard import require

__all__ = ["EXPERT", "MENU", "STAFF", "Expert", "Member", "Officer"]

EXPERT: Final = N_("ahli")
"""Compares two recordings and decides; sees biometrics of the cases that wait for experts, and no others."""

STAFF: Final = N_("petugas pusat")
"""Keeps the centre's work flowing: validation, quarantine, notices."""

_member: Callable[[Request], Person] = require(EXPERT, STAFF)
_expert: Callable[[Request], Person] = require(EXPERT)
_officer: Callable[[Request], Person] = require(STAFF)

Member = Annotated[Person, Depends(_member)]
Expert = Annotated[Person, Depends(_expert)]
Officer = Annotated[Person, Depends(_officer)]

MENU: Final = (
    MenuItem("/", N_("Ringkasan"), frozenset({EXPERT, STAFF})),
    MenuItem("/cases", N_("Kasus"), frozenset({EXPERT, STAFF})),
    MenuItem("/adjudications", N_("Keputusan ahli"), frozenset({EXPERT})),
    MenuItem("/validations", N_("Konfirmasi"), frozenset({STAFF})),
    MenuItem("/quarantine", N_("Karantina"), frozenset({STAFF})),
    MenuItem("/notices", N_("Pengumuman"), frozenset({EXPERT, STAFF})),
    MenuItem("/system", N_("Sistem"), frozenset({EXPERT, STAFF})),
)
