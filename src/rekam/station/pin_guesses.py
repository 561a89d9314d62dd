"""Wrong PINs, counted durably before the answer is given: `PinGuesses`."""

from pathlib import Path
from typing import Final

from rekam.enrolment.errors import RekamError
from rekam.storage.whole_file import write_whole
from rekam.trust import cbor
from rekam.trust.clock import Clock

__all__ = ["PinGuesses", "TooManyAttempts"]

_FREE: Final = 3
_FIRST_WAIT_S: Final = 5
_LONGEST_WAIT_S: Final = 900


class TooManyAttempts(RekamError):
    """Too many wrong PINs for {operator}. Unsent recordings are safe and sending goes on.
    Wait {seconds} seconds. Who forgot the PIN asks the supervisor to request a new one under Sistem, Petugas.
    """


class PinGuesses:
    """How many wrong PINs in a row each name has, in one small file. From the fourth on the next may be tried after a
    wait that doubles, and that begins anew with each process: pulling the plug shortens nothing.

    Whoever calls does so under the lock of the staff's file.
    """

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path = path
        self._clock = clock
        self._wrong_since: dict[str, int] = {}

    def counts(self) -> dict[str, int]:
        """Wrong PINs in a row by name; who is not in it has none."""
        found: dict[str, int] = cbor.decode(self._path.read_bytes()) if self._path.exists() else {}
        return found

    def of(self, subject: str) -> int:
        """Wrong PINs in a row of this name."""
        return self.counts().get(subject, 0)

    def spend(self, subject: str) -> None:
        """One more, before it is tried: a process that is killed in between has spent it. Raises `TooManyAttempts`."""
        wrong = self.of(subject)
        self._require_patience(subject, wrong)
        self._put(subject, wrong + 1)

    def was_wrong(self, subject: str) -> None:
        """The wait runs from here."""
        self._wrong_since[subject] = self._clock.stamp().monotonic_ns

    def forget(self, subject: str) -> None:
        """It was right, a supervisor unlocked the name, or the PIN is not this name's any more."""
        self._put(subject, 0)

    def _require_patience(self, subject: str, wrong: int) -> None:
        if wrong < _FREE:
            return
        wait = min(_LONGEST_WAIT_S, _FIRST_WAIT_S * 2 ** (wrong - _FREE))
        now = self._clock.stamp().monotonic_ns
        since = self._wrong_since.setdefault(subject, now)
        left = wait - (now - since) // 1_000_000_000
        if left > 0:
            raise TooManyAttempts(operator=subject, seconds=left)

    def _put(self, subject: str, wrong: int) -> None:
        write_whole(self._path, cbor.encode({**self.counts(), subject: wrong}))
