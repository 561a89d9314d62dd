"""Dates and times as Indonesian papers write them."""

from datetime import date, datetime, timedelta, timezone

__all__ = ["WIB", "WIT", "WITA", "half_a_year_after", "long_date", "moment", "short_date", "zone_of"]

_MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip

WIB = timezone(timedelta(hours=7), "WIB")
WITA = timezone(timedelta(hours=8), "WITA")
WIT = timezone(timedelta(hours=9), "WIT")

# Keppres 41/1987; Kalimantan Utara (65) was part of Kalimantan Timur then
_WITA_PROVINCES = frozenset({"51", "52", "53", "63", "64", "65", "71", "72", "73", "74", "75", "76"})
_WIT_PROVINCES = frozenset({"81", "82", "91", "92", "93", "94", "95", "96", "97"})


def long_date(day: date) -> str:
    """``20 Maret 2017``."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def short_date(day: date) -> str:
    """``20-03-2017``, as on the card."""
    return f"{day:%d-%m-%Y}"


def zone_of(region: str) -> timezone:
    """The time zone of a region by its code, of any depth and with or without dots."""
    province = region[:2]
    if province in _WIT_PROVINCES:
        return WIT
    return WITA if province in _WITA_PROVINCES else WIB


def moment(at: datetime, zone: timezone) -> str:
    """``20 Maret 2017 pukul 09.14 WIB``; `at` is aware."""
    local = at.astimezone(zone)
    return f"{long_date(local.date())} pukul {local:%H.%M} {local.tzname()}"


def half_a_year_after(day: date) -> date:
    """The same day six months on, or that month's last day: how long a suket is valid (circular 471.13/10231)."""
    year, month = day.year + (day.month + 5) // 12, (day.month + 5) % 12 + 1
    following = date(year + month // 12, month % 12 + 1, 1)
    return min(date(year, month, 1) + timedelta(days=day.day - 1), following - timedelta(days=1))
