"""Dates and times as Indonesian papers write them."""

from datetime import date, datetime, timedelta, timezone

from rekam.enrolment.day_in_words import day_in_words

__all__ = ["half_a_year_after", "long_date", "moment", "short_date"]


def long_date(day: date) -> str:
    """``20 Maret 2017``."""
    return day_in_words(day)


def short_date(day: date) -> str:
    """``20-03-2017``, as on the card."""
    return f"{day:%d-%m-%Y}"


def moment(at: datetime, zone: timezone) -> str:
    """``20 Maret 2017 pukul 09.14 WIB``; `at` is aware."""
    local = at.astimezone(zone)
    return f"{long_date(local.date())} pukul {local:%H.%M} {local.tzname()}"


def half_a_year_after(day: date) -> date:
    """The same day six months on, or that month's last day: how long a suket is valid (circular 471.13/10231)."""
    year, month = day.year + (day.month + 5) // 12, (day.month + 5) % 12 + 1
    following = date(year + month // 12, month % 12 + 1, 1)
    return min(date(year, month, 1) + timedelta(days=day.day - 1), following - timedelta(days=1))
