"""Who may be recorded and who gets a card (DOMAIN section 3; law 24/2013 articles 63-64)."""

from datetime import date

__all__ = ["age", "background_colour", "may_be_recorded", "wajib_ktp"]

_CARD_AGE = 17
_RECORDING_AGE = 16


def age(birth_date: date, on: date) -> int:
    """Completed years of life; who was born on 29 February ages on 1 March of common years."""
    return on.year - birth_date.year - ((on.month, on.day) < (birth_date.month, birth_date.day))


def wajib_ktp(birth_date: date, ever_married: bool, on: date, itap_until: date | None = None) -> bool:  # noqa: FBT001  # reads as the rule does
    """Whether a card is due: 17 or older, or married or ever married; a foreigner only while the permit lasts."""
    if itap_until is not None and itap_until < on:
        return False
    return ever_married or age(birth_date, on) >= _CARD_AGE


def may_be_recorded(birth_date: date, ever_married: bool, on: date, itap_until: date | None = None) -> bool:  # noqa: FBT001  # as above
    """Whether a sitting may begin: whoever is wajib KTP, and 16-year-olds, whose card waits."""
    if itap_until is not None and itap_until < on:
        return False
    return wajib_ktp(birth_date, ever_married, on) or age(birth_date, on) >= _RECORDING_AGE


def background_colour(birth_date: date) -> str:
    """The photo's background: ``red`` for odd birth years, ``blue`` for even ones."""
    return "red" if birth_date.year % 2 else "blue"
