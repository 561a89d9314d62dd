"""Birth dates as people type them, and the slips they make: `dates_in`, `near`."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

__all__ = ["dates_in", "near"]

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "jan januari january",
            "feb peb pebruari februari february",
            "mar mrt maret march",
            "apr april",
            "mei may",
            "jun juni june",
            "jul juli july",
            "agu agt ags agst agustus aug august",
            "sep sept september",
            "okt oct oktober october",
            "nov nop november nopember",
            "des dec desember december",
        ),
        1,
    )
    for name in names.split()
}
_WRITTEN: Final = re.compile(
    r"(?<![0-9])(?:(?P<y>\d{4})[-/. ](?P<m>\d{1,2})[-/. ](?P<d>\d{1,2})"
    r"|(?P<d2>\d{1,2})[-/. ]+(?:(?P<m2>\d{1,2})|(?P<name>[a-z]{3,9})\.?)[-/., ]+(?P<y2>\d{4}|\d{2})"
    r"|(?P<d3>\d{1,2})(?P<name3>[a-z]{3,9})(?P<y3>\d{4}|\d{2})"
    r"|(?P<d4>\d{2})(?P<m4>\d{2})(?P<y4>\d{4}|\d{2}))(?![0-9])",
    re.IGNORECASE,
)
_EARLIEST: Final = 1880


def dates_in(text: str) -> tuple[str, list[date]]:
    """What is left of `text` without its birth date, and the dates that it can mean.

    A year of two digits means one in either century: which one is never guessed (DOMAIN section 2).
    """
    for found in _WRITTEN.finditer(text):
        dates = _meant(found)
        if dates:
            return f"{text[: found.start()]} {text[found.end() :]}", dates
    return text, []


def _meant(found: "re.Match[str]") -> list[date]:
    parts = found.groupdict()
    day = next(int(parts[key]) for key in ("d", "d2", "d3", "d4") if parts[key])
    month = next((int(parts[key]) for key in ("m", "m2", "m4") if parts[key]), 0)
    name = parts["name"] or parts["name3"]
    year = next(parts[key] for key in ("y", "y2", "y3", "y4") if parts[key])
    month = month or _MONTHS.get((name or "").lower(), 0)
    years = [int(year)] if len(year) == 4 else [1900 + int(year), 2000 + int(year)]
    return [made for each in years if each >= _EARLIEST for made in _date(each, month, day)]


def near(day: date) -> set[date]:
    """Other dates that a slip makes of `day`: day and month changed places, one of the digits wrong, two changed
    places, the day before or after.
    """
    digits = f"{day:%d%m%Y}"
    slips = {digits[2:4] + digits[:2] + digits[4:]}
    slips |= {
        digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :]
        for at in range(len(digits) - 1)
        if at not in {1, 3}
    }
    slips |= {digits[:at] + str(put) + digits[at + 1 :] for at in (0, 1, 2, 3, 6, 7) for put in range(10)}
    made = {found for slip in slips for found in _date(int(slip[4:]), int(slip[2:4]), int(slip[:2]))}
    return (made | {day - timedelta(days=1), day + timedelta(days=1)}) - {day}


def _date(year: int, month: int, day: int) -> Iterator[date]:
    try:
        yield date(year, month, day)
    except ValueError:
        return
