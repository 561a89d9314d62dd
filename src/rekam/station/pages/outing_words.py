"""What the pages of the mobile unit call states, standings and verdicts, and one outing in words."""

from typing import Any, Final

from rekam.enrolment.zones import zone_of_region
from rekam.station.opened import Opened
from rekam.station.outing.expected import Standing
from rekam.station.outing.outings import Outing, OutingState
from rekam.station.outing.throughput import Throughput, Verdict
from rekam.station.pages.queue_words import day_name
from rekam.web.format import long_date, number, time_of_day
from rekam.web.i18n import N_, _

__all__ = ["STANDINGS", "outing_view", "verdict_words"]

_STATES: Final = {
    OutingState.PLANNED: ("neutral", N_("Direncanakan")),
    OutingState.OUT: ("info", N_("Sedang jemput bola")),
    OutingState.BACK: ("warning", N_("Sudah kembali, belum ditutup")),
    OutingState.CLOSED: ("success", N_("Ditutup")),
}
STANDINGS: Final = {
    Standing.EXPECTED: ("neutral", N_("Masih ditunggu")),
    Standing.RECORDED: ("success", N_("Direkam di sini")),
    Standing.EARLIER: ("success", N_("Sudah direkam sebelumnya")),
    Standing.ELSEWHERE: ("info", N_("Sudah direkam di tempat lain")),
    Standing.PERHAPS: ("warning", N_("Kemungkinan sudah direkam")),
}


def outing_view(here: Opened, outing: Outing) -> dict[str, Any]:
    """Place, days and state of one outing."""
    plan, regions = outing.plan, here.master.reference().regions
    tone, words = _STATES[outing.state]
    return {
        "number": outing.number,
        "href": f"/outings/{outing.number}",
        "place": plan.place,
        "village": regions.name(plan.village) if regions.exists(plan.village) else plan.village,
        "days": _days(outing),
        "hours": f"{plan.opens:%H.%M}–{plan.closes:%H.%M}",
        "vehicle": plan.vehicle,
        "contact": plan.contact,
        "team": plan.team,
        "state": outing.state.value,
        "tone": tone,
        "words": _(words),
    }


def verdict_words(work: Throughput, here: Opened) -> tuple[str, str]:
    """The tone and one or two sentences on the pace."""
    if work.verdict is Verdict.DONE:
        return "success", _("Tidak ada lagi yang ditunggu dari daftar.")
    if work.verdict is Verdict.OVER:
        return "warning", _("Jam kerja jemput bola ini sudah habis; %(n)s orang dari daftar belum direkam.",
                            n=number(work.left))  # fmt: skip
    if work.verdict is Verdict.UNKNOWN or work.pace is None or work.needed is None:
        return "info", _("Laju diketahui setelah empat rekaman. Agar daftar selesai perlu %(n)s rekaman per jam.",
                         n=_rate(work.needed))  # fmt: skip
    pace = {"pace": _rate(work.pace), "needed": _rate(work.needed)}
    if work.ends is not None:
        zone = zone_of_region(str(here.identity.station))
        at = f"{day_name(work.ends.date())}, {time_of_day(work.ends, zone)}"
        return "success", _("Laju %(pace)s per jam, perlu %(needed)s. Daftar selesai kira-kira %(at)s.", **pace, at=at)
    said = _(
        "Laju %(pace)s per jam, perlu %(needed)s. Bila terus begini %(n)s orang belum terekam sampai hari terakhir.",
        **pace,
        n=number(work.unmet),
    )
    return "warning", said


def _rate(value: float | None) -> str:
    return number(value, 0 if value is None or value >= 10 else 1)


def _days(outing: Outing) -> str:
    first, last = outing.plan.first_day, outing.plan.last_day
    if first == last:
        return day_name(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{long_date(last)}"
    return f"{long_date(first)} – {long_date(last)}"
