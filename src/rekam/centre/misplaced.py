"""Samples that lie in other slots than they are labelled with, in words: `misplaced`."""

from collections.abc import Iterable, Mapping
from typing import Final

from rekam.abis.arrangement import Misplacement
from rekam.web.i18n import N_

__all__ = ["MISPLACED", "misplaced"]

MISPLACED: Final[Mapping[Misplacement, str]] = {
    Misplacement.EYES_SWAPPED: N_("mata tertukar"),
    Misplacement.HANDS_SWAPPED: N_("tangan tertukar"),
    Misplacement.FINGERS_REORDERED: N_("urutan jari berbeda"),
}


def misplaced(kinds: Iterable[Misplacement]) -> tuple[str, ...]:
    """Each as a message id, for an expert's page or the case's history."""
    return tuple(MISPLACED[kind] for kind in kinds)
