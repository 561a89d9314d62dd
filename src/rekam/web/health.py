"""How a place is, in plain words: what was looked at, what is wrong, what to do: `Finding`, `examine`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import structlog
from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from rekam.enrolment.errors import RekamError
from rekam.web.i18n import N_, _, error_text
from rekam.web.page import render
from rekam.web.site import MenuItem

__all__ = ["Finding", "Level", "Probe", "Probes", "Tool", "examine", "health_page", "status_of", "system_entry"]

_log = structlog.get_logger("rekam.web")


class Level(IntEnum):
    """How urgent: nothing to do; good to know; somebody should act today; somebody must act now."""

    WELL = 0
    NOTE = 1
    WARNING = 2
    ALARM = 3


_STATUSES = {Level.WELL: "ok", Level.NOTE: "ok", Level.WARNING: "attention", Level.ALARM: "alarm"}


@dataclass(frozen=True)
class Finding:
    """One line: `topic` is a word for machines (``disk``), `name` its title; `said` tells what is and what is safe,
    `todo` what to do (empty when nothing), `href` the page where it is done. No personal data in any of them.
    """

    topic: str
    name: str
    level: Level
    said: str
    todo: str = ""
    href: str = ""

    def to_map(self) -> dict[str, Any]:
        """As `/health` and `rekam health` give it."""
        return {"topic": self.topic, "level": self.level.name.lower(), "said": self.said, "todo": self.todo}


Probe = Callable[[], Finding]
"""Looks at one thing, quickly (milliseconds), in the language of the request."""

Probes = Callable[[], Sequence[Probe]]
"""What there is to look at now: a station that nobody opened yet has less."""


@dataclass(frozen=True)
class Tool:
    """A page for the rarer work of a place, listed below its health; `text` and `about` are msgids; the least `rank`
    comes first.
    """

    href: str
    text: str
    about: str
    rank: int = 50


def system_entry(tools: Sequence[Tool], roles: frozenset[str] = frozenset()) -> MenuItem:
    """The menu's last entry: the place's health, and every tool below it."""
    return MenuItem("/system", N_("Sistem"), roles, rank=99, below=tuple(tool.href for tool in tools))


def examine(probes: Sequence[Probe]) -> list[Finding]:
    """All findings, the most urgent first. A probe that fails is itself a finding; it hides no other."""
    return sorted((_asked(probe) for probe in probes), key=lambda finding: -finding.level)


def _asked(probe: Probe) -> Finding:
    try:
        return probe()
    except RekamError as error:
        told = error_text(error)
    except Exception as error:  # noqa: BLE001 - whatever a driver raises, the page that tells of it must come up
        _log.error("a probe failed", error=type(error).__qualname__)
        told = _("Bagian ini tidak dapat diperiksa sekarang.")
    todo = _("Periksa apakah basis data berjalan, lalu buka halaman ini lagi. Yang tersimpan tetap aman.")
    return Finding("probe", _("Pemeriksaan"), Level.ALARM, told, todo)


def status_of(findings: Sequence[Finding]) -> str:
    """``ok``, ``attention`` or ``alarm``: the worst of all."""
    return _STATUSES[max((finding.level for finding in findings), default=Level.WELL)]


def health_page(probes: Probes, tools: Sequence[Tool], signed_in: Callable[..., Any]) -> APIRouter:
    """`/system`: the findings with what to do first, and the place's rarer tools, for whom `signed_in` lets in."""
    router = APIRouter(include_in_schema=False, dependencies=[Depends(signed_in)])

    @router.get("/system")
    def system(request: Request) -> Response:
        findings = examine(probes())
        urgent = [finding for finding in findings if finding.level >= Level.NOTE]
        well = [finding for finding in findings if finding.level is Level.WELL]
        return render(request, "shared/system.html", worst=status_of(findings), urgent=urgent, well=well, tools=tools)

    return router
