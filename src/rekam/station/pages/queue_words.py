"""What the pages of the queue call days, services, priorities, states, and how they say a waiting time."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

from rekam.station.day.ticket import Priority, Service, State
from rekam.web.format import long_date, number
from rekam.web.i18n import N_, _

__all__ = ["PRIORITY_NAMES", "SERVICE_NAMES", "STATE_NAMES", "WEEKDAYS", "day_name", "wait_words"]

SERVICE_NAMES: Final[Mapping[Service, str]] = MappingProxyType(
    {Service.RECORDING: N_("Perekaman KTP-el"), Service.PAPERS: N_("Surat dan pertanyaan")}
)
PRIORITY_NAMES: Final[Mapping[Priority, str]] = MappingProxyType(
    {
        Priority.NONE: N_("Umum"),
        Priority.ELDERLY: N_("Lansia"),
        Priority.PREGNANT: N_("Ibu hamil"),
        Priority.DISABLED: N_("Difabel"),
    }
)
STATE_NAMES: Final[Mapping[State, tuple[str, str]]] = MappingProxyType(  # tone of the badge, words
    {
        State.WAITING: ("neutral", N_("Menunggu")),
        State.CALLED: ("info", N_("Dipanggil")),
        State.ATTENDED: ("info", N_("Dilayani")),
        State.SITTING: ("info", N_("Sedang direkam")),
        State.ABSENT: ("warning", N_("Tidak hadir")),
        State.SERVED: ("success", N_("Selesai")),
        State.CLOSED: ("neutral", N_("Sesi ditutup")),
    }
)
WEEKDAYS: Final = (N_("Senin"), N_("Selasa"), N_("Rabu"), N_("Kamis"), N_("Jumat"), N_("Sabtu"), N_("Minggu"))
_MINUTE, _HOUR = 60, 3600
_SOON, _LONG = 4 * _MINUTE, 4 * _HOUR


def day_name(day: date) -> str:
    """``Senin, 23 November 2026``."""
    return f"{_(WEEKDAYS[day.weekday()])}, {long_date(day)}"


def wait_words(seconds: float | None) -> str:
    """Rounded as far as anybody can know it: to five minutes, from an hour on to half an hour."""
    if seconds is None:
        return _("belum dapat diperkirakan")
    if seconds < _SOON:
        return _("sebentar lagi")
    if seconds >= _LONG:
        return _("lebih dari 4 jam")
    minutes = 5 * max(1, round(seconds / _MINUTE / 5))
    if minutes < 60:
        return _("sekitar %(n)s menit", n=minutes)
    return _("sekitar %(n)s jam", n=number(round(seconds / _HOUR * 2) / 2))
