"""A date as people write it, in either language: `day_in_words`."""

from datetime import date
from typing import Final

__all__ = ["day_in_words"]

_MONTHS: Final = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip
_ENGLISH: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def day_in_words(day: date, lang: str = "id") -> str:
    """``20 Maret 2017``, or for ``en`` ``20 March 2017``."""
    return f"{day.day} {(_ENGLISH if lang == 'en' else _MONTHS)[day.month - 1]} {day.year}"
