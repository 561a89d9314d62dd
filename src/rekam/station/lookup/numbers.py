"""Numbers as they are pasted and typed: `Number`, and the numbers one slip away: `slips`."""

import re
from dataclasses import dataclass
from typing import Final, Self

__all__ = ["NIK_DIGITS", "Number", "slips"]

NIK_DIGITS: Final = 16
_LABEL: Final = re.compile(r"^\s*(?:n\s*\.?\s*i\s*\.?\s*k|no\.?\s*(?:kk|ktp)|nomor|kk)\b[\s.:=#-]*", re.IGNORECASE)
_BETWEEN: Final = re.compile(r"[\W_]+")
_LIKE_DIGITS: Final = str.maketrans("OoQDIl|!SsBZzG", "00001111558226")
_FEWEST: Final = 4
"""So many digits are taken for the beginning of a number; fewer are nobody's."""
_MOST_LETTERS: Final = 3


@dataclass(frozen=True)
class Number:
    """The digits of what was typed; `read` says that letters were read as digits (O as 0, I as 1), which is told."""

    digits: str
    read: bool = False

    @classmethod
    def of(cls, text: str) -> Self | None:
        """The number in `text`, whatever stands between its digits; None where it is no number."""
        bare = _BETWEEN.sub("", _LABEL.sub("", text))
        digits = bare.translate(_LIKE_DIGITS)
        if not (digits.isascii() and digits.isdigit()) or len(digits) < _FEWEST:
            return None
        letters = sum(not (c.isascii() and c.isdigit()) for c in bare)
        if letters > _MOST_LETTERS or (letters and len(digits) < NIK_DIGITS - 1):
            return None
        return cls(digits, letters > 0)

    @property
    def whole(self) -> bool:
        """Whether it has the length of a NIK or a No. KK."""
        return len(self.digits) == NIK_DIGITS


def slips(digits: str) -> list[str]:
    """All numbers of sixteen digits one slip away: a digit wrong, two neighbours changed, one missing or too many."""
    if abs(len(digits) - NIK_DIGITS) > 1:
        return []
    found = {digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :] for at in range(len(digits) - 1)}
    for at in range(len(digits) + 1):
        found.add(digits[:at] + digits[at + 1 :])
        for put in "0123456789":
            found |= {digits[:at] + put + digits[at:], digits[:at] + put + digits[at + 1 :]}
    return sorted(each for each in found - {digits} if len(each) == NIK_DIGITS)
