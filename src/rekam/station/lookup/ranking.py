"""How well a resident fits what was asked: `fit`, 0 to 1."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from typing import Final

from rekam.station.lookup.spelling import sound, words

__all__ = ["AT_LEAST", "Asked", "fit"]

AT_LEAST: Final = 0.6
"""Whoever fits less is not listed."""
INITIAL: Final = 0.7
"""What an initial is worth that may stand for a word of the name."""
_TOO_MANY: Final = 0.02
"""Taken off for each word of the name that was not asked for: the shorter name comes first."""
_OTHER_SPELLING: Final = 0.01
_DATE: Final = {"same": 1.0, "near": 0.75, "other": 0.0}
_OF_DATE: Final = 0.4
"""The birth date's share where one was given."""

Asked = Sequence[tuple[str, Mapping[str, float]]]
"""Each word asked for as it was written, with the sounds it may stand for and how well each fits."""


def fit(asked: Asked, name: str, birth_date: date, dates: AbstractSet[date], nearly: AbstractSet[date]) -> float:
    """Names count word by word in any order, a birth date as a whole; where only one of the two was given, it alone."""
    by_date = _DATE["same" if birth_date in dates else "near" if birth_date in nearly else "other"]
    if not asked:
        return by_date
    by_name = _of_name(asked, words(name))
    return (1 - _OF_DATE) * by_name + _OF_DATE * by_date if dates else by_name


def _of_name(asked: Asked, name: list[str]) -> float:
    left, score = [(word, sound(word)) for word in name], 0.0
    for written, sounds in asked:
        best, at = 0.0, None
        for index, (word, heard) in enumerate(left):
            worth = sounds.get(heard, 0.0)
            if worth and word != written:
                worth -= _OTHER_SPELLING
            if not worth and (len(written) == 1 or len(word) == 1) and written[0] == word[0]:
                worth = INITIAL
            if worth > best:
                best, at = worth, index
        if at is not None:
            del left[at]
        score += best
    return max(0.0, score / len(asked) - _TOO_MANY * len(left))
