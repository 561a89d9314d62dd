"""Which PINs may be chosen: `require_good_pin`."""

from itertools import pairwise
from typing import Final

from rekam.enrolment.errors import RekamError

__all__ = ["PinTooSimple", "require_good_pin"]

_LENGTH: Final = range(6, 13)


class PinTooSimple(RekamError):
    """That PIN cannot be used. Nothing was changed. Choose 6 to 12 digits, not all the same and not in a row, and other
    ones than before; type them twice alike.
    """


def require_good_pin(pin: str, again: str, *, before: str | None = None) -> None:
    """Raises `PinTooSimple`; `before`: the PIN that it is to replace."""
    if pin != again or pin == before or _too_simple(pin):
        raise PinTooSimple


def _too_simple(pin: str) -> bool:
    if not (pin.isascii() and pin.isdigit() and len(pin) in _LENGTH):
        return True
    steps = {int(after) - int(before) for before, after in pairwise(pin)}
    return steps in ({0}, {1}, {-1})
