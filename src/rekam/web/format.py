"""Numbers, dates, times and ages as Indonesians write them: 1.234,5; 20 Maret 2017; 14.05 WIB; 3 hari.

English pages keep the Indonesian signs in numbers (locale en_ID), so that 1.234 never means two things
at one counter. Times are stored as UTC and shown in the place's zone.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from babel.dates import format_date
from babel.numbers import format_decimal, format_percent
from jinja2 import pass_context
from jinja2.runtime import Context

from rekam.web.i18n import Language, _, language

__all__ = ["age", "filters", "long_date", "moment", "nik", "number", "percent", "size", "time_of_day"]

_NOTHING = "–"
_LOCALES = {Language.INDONESIAN: "id", Language.ENGLISH: "en_ID"}
_STEPS = ((86_400, "hari"), (3_600, "jam"), (60, "menit"))


def _locale() -> str:
    return _LOCALES[language()]


def number(value: float | None, decimals: int | None = None) -> str:
    """`1234.5` -> "1.234,5"; at most three decimals, or exactly `decimals`."""
    if value is None:
        return _NOTHING
    pattern = "#,##0.###" if decimals is None else "#,##0" + ("." + "0" * decimals if decimals else "")
    return format_decimal(value, format=pattern, locale=_locale())


def percent(fraction: float | None, decimals: int = 1) -> str:
    """`0.047` -> "4,7%"."""
    if fraction is None:
        return _NOTHING
    return format_percent(fraction, format="#,##0" + ("." + "0" * decimals if decimals else "") + "%", locale=_locale())


def size(octets: int | None) -> str:
    """`1234567` -> "1,2 MB", decimal multiples as on the label of a disk."""
    if octets is None:
        return _NOTHING
    for unit, factor in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if octets >= factor:
            return f"{number(octets / factor, 1)} {unit}"
    return f"{number(octets)} B"


def long_date(value: date | str | None) -> str:
    """A date, or its ISO text -> "20 Maret 2017"."""
    if not value:
        return _NOTHING
    if isinstance(value, str):
        value = date.fromisoformat(value[:10])
    return format_date(value, "d MMMM y", locale=_locale())


def _local(value: datetime | str, zone: timezone) -> datetime:
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(zone)


def time_of_day(value: datetime | str | None, zone: timezone) -> str:
    """A UTC moment, or its ISO text -> "14.05 WIB"."""
    if not value:
        return _NOTHING
    return f"{_local(value, zone):%H.%M} {zone.tzname(None)}"


def moment(value: datetime | str | None, zone: timezone) -> str:
    """A UTC moment, or its ISO text -> "20 Maret 2017, 14.05 WIB"."""
    if not value:
        return _NOTHING
    return f"{long_date(_local(value, zone).date())}, {time_of_day(value, zone)}"


def age(span: timedelta | float | None) -> str:
    """A duration (or seconds) in its largest unit: "3 hari", "5 jam", "12 menit", "baru saja"."""
    if span is None:
        return _NOTHING
    seconds = int(span.total_seconds() if isinstance(span, timedelta) else span)
    for unit_seconds, unit in _STEPS:
        if seconds >= unit_seconds:
            return _counted(seconds // unit_seconds, unit)
    return _("baru saja")


def _counted(count: int, unit: str) -> str:
    # Indonesian has no plural; English asks for one.
    forms = {
        "hari": (_("1 hari"), _("%(n)s hari", n=number(count))),
        "jam": (_("1 jam"), _("%(n)s jam", n=number(count))),
        "menit": (_("1 menit"), _("%(n)s menit", n=number(count))),
    }
    return forms[unit][0 if count == 1 else 1]


def nik(value: str | None) -> str:
    """16 digits -> "317401 570390 0001"; anything else stays as it is."""
    if not value:
        return _NOTHING
    return f"{value[:6]} {value[6:12]} {value[12:]}" if len(value) == 16 else value


def filters(zone: timezone) -> dict[str, Callable[..., Any]]:
    """The Jinja filters of a place in `zone`: number, percent, size, date, time, moment, age, nik."""
    shown: dict[str, Callable[..., str]] = {
        "number": number,
        "percent": percent,
        "size": size,
        "date": long_date,
        "time": lambda value: time_of_day(value, zone),
        "moment": lambda value: moment(value, zone),
        "age": age,
        "nik": nik,
    }
    return {name: _asked_anew(show) for name, show in shown.items()}


def _asked_anew(show: Callable[..., str]) -> Callable[..., str]:
    """Else Jinja works out a constant once, when it compiles the template, in whatever language that happens to be."""

    @pass_context
    def show_now(_context: Context, value: Any, *options: Any) -> str:
        return show(value, *options)

    return show_now
