"""What a station tells of its numbers of letters on a stick: `CarriedLetters`."""

import hashlib
from datetime import datetime
from typing import Final

from rekam.exchange.courier.letters import LETTERS, SealedReport
from rekam.exchange.letters import LettersUnreadable
from rekam.packet.parcel import seal_parcel
from rekam.station.letter_rounds import take_answer
from rekam.station.letters import Letters
from rekam.station.store import StationStore
from rekam.trust import cbor
from rekam.trust.random import Random

__all__ = ["CarriedLetters"]

_SETTING: Final = "letters on sticks"
_KEPT: Final = 3
"""Reports that wait for their answers: couriers overtake one another, and an answer to none of these is asked anew."""
_NUMBERS: Final = 5000
"""Told in one trip: all that a station can have used between two of them."""


class CarriedLetters:
    """Sealed to the office, and kept in the encrypted store until the answer comes home."""

    def __init__(self, store: StationStore, letters: Letters, random: Random) -> None:
        self._store = store
        self._letters = letters
        self._random = random

    def sealed(self) -> SealedReport | None:
        """The report as it stands; the same parcel as long as it says the same, so that no stick holds it twice. None
        where the office has no key to seal to.
        """
        me, told = self._store.identity(), self._letters.report(_NUMBERS)
        office, report = me.office_certificate.sealing, told.to_bytes()
        if office is None:
            return None
        kept = self._kept()
        parcel = next((parcel for parcel, of in kept if of == report), None)
        if parcel is None:
            parcel = seal_parcel(report, kind=LETTERS, recipient=office, signer=me.signing, random=self._random)
            newest = [[parcel, report], *([one, of] for one, of in kept)]
            self._store.put_setting(_SETTING, cbor.encode(newest[:_KEPT]))
        return SealedReport(parcel, len(told.used))

    def answered(self, digest: bytes, word: bytes, now: datetime) -> int:
        """Take in the answer to the parcel of that SHA-256; returns how many numbers the office took note of. Raises
        `LettersUnreadable`, also for an answer to what is not kept any more.
        """
        for parcel, report in self._kept():
            if hashlib.sha256(parcel).digest() == digest:
                return take_answer(self._letters, self._store.identity(), report, word, now)
        raise LettersUnreadable(reason="it answers what this station does not remember")

    def _kept(self) -> list[tuple[bytes, bytes]]:
        kept = self._store.setting(_SETTING)
        return [(bytes(parcel), bytes(report)) for parcel, report in cbor.decode(kept)] if kept else []
