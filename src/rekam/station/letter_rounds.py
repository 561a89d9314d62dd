"""Numbers of letters, told to the office and asked for: `LetterErrand` by line, `take_answer` whatever way it came."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from rekam.exchange.letters import Grant, LetterDesk, Report
from rekam.exchange.rounds import Pauses, Rounds, told
from rekam.station.letters import Letters
from rekam.station.store import Identity

__all__ = ["LetterErrand", "letter_rounds", "take_answer"]

_PERIOD_S: Final = 120.0
_LONGEST_S: Final = 600.0


class LetterErrand:
    """One report and its answer; safe to repeat at any point."""

    def __init__(self, letters: Letters, desk: LetterDesk, identity: Identity, now: Callable[[], datetime]) -> None:
        self._letters = letters
        self._desk = desk
        self._identity = identity
        self._now = now

    def run_once(self) -> int:
        """How many numbers the office took note of. Raises `RemoteUnreachable` and its kin, `LettersUnreadable`."""
        report = self._letters.report().to_bytes()
        return take_answer(self._letters, self._identity, report, self._desk.tell(report), self._now())


def take_answer(letters: Letters, me: Identity, report: bytes, word: bytes, now: datetime) -> int:
    """Take in the office's answer `word` to `report`, over a line or from a stick, now or weeks ago; returns how many
    numbers it took note of. An old one brings nothing back: blocks are only ever added, and what a number was told as
    is compared with what it is now. Raises `LettersUnreadable`.
    """
    told = Report.from_bytes(report)
    grant = Grant.read(word, me.office_certificate.signing, str(me.station), me.epoch, report)
    letters.heard(told, grant, word, now.isoformat(timespec="seconds"))
    return len(told.used)


def letter_rounds(errand: LetterErrand) -> Rounds:
    """To be started and stopped with the place."""
    return Rounds("letters", told(errand.run_once), Pauses(_PERIOD_S, _LONGEST_S))
