"""Bringing accounts up: when something changed, and now and then: `AccountSender`."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final

from rekam.exchange.account_desk import AccountDesk
from rekam.exchange.account_http import AccountRemote
from rekam.exchange.rounds import Pauses, Rounds, told
from rekam.trust.clock import Clock

__all__ = ["AccountSender", "account_rounds"]

_AGAIN_NS: Final = 900 * 1_000_000_000
"""What has not changed is brought again after a quarter of an hour, so that the place above knows it is alive."""

_LONGEST_PAUSE_S: Final = 600.0


class AccountSender:
    """Brings this place's account, and those that came from below, to the place above."""

    def __init__(self, desk: AccountDesk, remote: AccountRemote, clock: Clock) -> None:
        self._desk = desk
        self._remote = remote
        self._clock = clock
        self._brought: dict[str, tuple[bytes, int]] = {}

    def run_once(self) -> int:
        """One round; how many accounts were brought. Raises what the remote raises; the rest follows next time."""
        brought = 0
        own = self._desk.own().brief()
        same = hashlib.sha256(repr(replace(own, at_ms=0)).encode()).digest()
        brought += self._bring(self._desk.place, same, lambda: self._desk.signed(own))
        for received in self._desk.received():
            data = received.data
            brought += self._bring(received.account.place, hashlib.sha256(data).digest(), partial(bytes, data))
        return brought

    def _bring(self, place: str, digest: bytes, data: Callable[[], bytes]) -> bool:
        now = self._clock.stamp().monotonic_ns
        known, at = self._brought.get(place, (b"", 0))
        if known == digest and now - at < _AGAIN_NS:
            return False
        self._remote.bring(data())
        self._brought[place] = digest, now
        return True


def account_rounds(sender: AccountSender, *, period_s: float = 60.0) -> Rounds:
    """Rounds to be started and stopped with the place."""
    return Rounds("account", told(sender.run_once), Pauses(period_s, _LONGEST_PAUSE_S))
