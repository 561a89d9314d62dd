"""Who works at the centre, and which pages they open."""

from collections.abc import Callable
from typing import Annotated, Final

from fastapi import Depends
from starlette.requests import Request

from rekam.web.i18n import N_
from rekam.web.site import Person
from rekam.web.staff.guard import require

__all__ = ["EXPERT", "STAFF", "Expert", "Member", "Officer"]

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
