"""How near two sounds are: `edits`, and keys by which near ones find each other: `keys`."""

from typing import Final

__all__ = ["edits", "keys", "tolerated"]

_FIRM: Final = 4
"""Shorter sounds must be right: one slip in three letters is another name."""


def keys(sound: str) -> set[str]:
    """The sound, and from four letters on all that is left when one letter is missing.

    Two sounds one slip apart (a letter wrong, missing, too many, or two changed places) share a key: the symmetric
    delete method (Garbe 2012). Many that are two slips apart do as well.
    """
    if len(sound) < _FIRM:
        return {sound}
    return {sound, *(sound[:at] + sound[at + 1 :] for at in range(len(sound)))}


def tolerated(sound: str) -> int:
    """So many slips may be in a sound of this length."""
    return 0 if len(sound) < _FIRM else 1 if len(sound) < 7 else 2


def edits(one: str, other: str) -> int:
    """Slips between two sounds: letters wrong, missing, too many, or neighbours that changed places (optimal string
    alignment).
    """
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, against in enumerate(other, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != against))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, last = last, row
    return last[-1]
