"""What came down from the centre and is in force here, in plain words: the offline check and master data."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any, Final

from rekam.exchange.filter_shelf import FilterShelf
from rekam.exchange.master import InForce, MasterData
from rekam.web.format import long_date, number
from rekam.web.health import Finding, Level, Probe
from rekam.web.i18n import _, error_text

__all__ = ["filter_map", "filter_probe", "master_map", "master_probe"]

_OLD: Final = timedelta(days=14)
"""A delta comes every day; a fortnight without one is a line that should be looked at."""


def filter_probe(shelf: FilterShelf, today: Callable[[], date]) -> Probe:
    """Edition, delta and age of the offline check."""

    def look() -> Finding:
        title, state = _("Saringan nasional"), shelf.state()
        if state is None:
            said = _("Belum ada. Perekaman berjalan; pemeriksaan hanya memakai catatan di sini.")
            return Finding("filter", title, Level.NOTE, said)
        old = today() - state.as_of
        said = _(
            "Edisi %(edition)s susulan %(delta)s, keadaan pusat pada %(day)s.",
            edition=state.edition,
            delta=state.delta,
            day=long_date(state.as_of),
        )
        if state.here < state.total:
            said += " " + _("%(here)s dari %(total)s daerah sudah tiba.", here=number(state.here), total=state.total)
        if old > _OLD:
            todo = _("Sambungkan ke jaringan, atau minta kurir membawa kabar pusat.")
            return Finding("filter", title, Level.WARNING, said, todo)
        return Finding("filter", title, Level.WELL, said)

    return look


def master_probe(master: MasterData) -> Probe:
    """Which version of each is in force, and which could not be used."""

    def look() -> Finding:
        title, held = _("Data induk"), master.in_force()
        said = "; ".join(f"{_name(each)} {_version(each)}" for each in held) + "."
        problem = next((each.problem for each in held if each.problem), None)
        if problem is not None:
            todo = _("Laporkan ke pusat; yang lama tetap dipakai sampai versi baru tiba.")
            return Finding("master", title, Level.WARNING, f"{said} {error_text(problem)}", todo)
        return Finding("master", title, Level.WELL, said)

    return look


def filter_map(shelf: FilterShelf) -> dict[str, Any] | None:
    """For a place's JSON."""
    state = shelf.state()
    if state is None:
        return None
    return {
        "edition": state.edition,
        "delta": state.delta,
        "as_of": state.as_of.isoformat(),
        "newest": state.newest,
        "shards": [state.here, state.total],
    }


def master_map(master: MasterData) -> Sequence[dict[str, Any]]:
    """For a place's JSON."""
    return [
        {
            "name": each.name,
            "version": each.version,
            "newest": each.newest,
            "problem": each.problem.code if each.problem else None,
        }
        for each in master.in_force()
    ]


def _name(held: InForce[Any]) -> str:
    named = {"codelists": _("Daftar kode"), "regions": _("tabel wilayah")}
    return named.get(held.name, _("kebijakan dinas"))


def _version(held: InForce[Any]) -> str:
    here = _("versi %(n)s", n=held.version) if held.version else _("bawaan program")
    return here if held.newest <= held.version else _("%(here)s, versi %(n)s sedang diambil", here=here, n=held.newest)
