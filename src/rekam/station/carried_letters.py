"""What a station tells of its numbers of letters on a stick: `CarriedLetters`."""

from datetime import datetime
from typing import Final

from rekam.exchange.courier.letters import LETTERS, SealedReport
from rekam.exchange.letters import LettersUnreadable
from rekam.station.letter_rounds import take_answer
from rekam.station.letters import Letters
from rekam.station.sealed_once import SealedOnce
from rekam.station.store import StationStore
from rekam.trust.random import Random

__all__ = ["CarriedLetters"]

_KEPT: Final = 3
"""Reports that wait for their answers: couriers overtake one another, and an answer to none of these is asked anew."""
_NUMBERS: Final = 5000
"""Told in one trip: all that a station can have used between two of them."""


class CarriedLetters:
    """Sealed to the office, and kept in the encrypted store until the answer comes home."""

    def __init__(self, store: StationStore, letters: Letters, random: Random) -> None:
        self._store = store
        self._letters = letters
        self._sealed = SealedOnce(store, LETTERS, random, most=_KEPT)

    def sealed(self) -> SealedReport | None:
        """The report as it stands; None where the office has no key to seal to."""
        told = self._letters.report(_NUMBERS)
        parcel = self._sealed.parcel(told.to_bytes())
        return None if parcel is None else SealedReport(parcel, len(told.used))

    def answered(self, digest: bytes, word: bytes, now: datetime) -> int:
        """Take in the answer to the parcel of that SHA-256; returns how many numbers the office took note of. Raises
        `LettersUnreadable`, also for an answer to what is not kept any more.
        """
        report = self._sealed.held_in(digest)
        if report is None:
            raise LettersUnreadable(reason="it answers what this station does not remember")
        return take_answer(self._letters, self._store.identity(), report, word, now)
