"""Who is signed in at this station's screen: `Sessions`, in memory alone, gone with the process."""

import hashlib
import threading
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request

from rekam.station.unlock import Unlocked
from rekam.trust.clock import Clock
from rekam.trust.random import Random, SystemRandom
from rekam.web.page import site_of
from rekam.web.staff.errors import NotSignedIn

__all__ = ["IDLE_SECONDS", "Screen", "Sessions"]

IDLE_SECONDS: Final = 15 * 60
"""A screen that nobody touches locks itself; sending goes on."""


@dataclass
class Screen:
    """An operator at a screen. The signing key lives here and nowhere else, for as long as the session does."""

    unlocked: Unlocked
    used_ns: int

    @property
    def name(self) -> str:
        return self.unlocked.operator.name

    @property
    def roles(self) -> frozenset[str]:
        return frozenset({self.unlocked.operator.role})


class Sessions:
    """Tokens are kept by their digest; a session ends by signing out or after `IDLE_SECONDS` without a request."""

    def __init__(self, clock: Clock, random: Random | None = None) -> None:
        self._clock = clock
        self._random = random or SystemRandom()
        self._screens: dict[bytes, Screen] = {}
        self._lock = threading.Lock()

    def open(self, unlocked: Unlocked) -> str:
        """A new session's token, for the cookie."""
        token = self._random.bytes(32).hex()
        with self._lock:
            self._screens[_digest(token)] = Screen(unlocked, self._clock.stamp().monotonic_ns)
        return token

    def close(self, token: str) -> None:
        with self._lock:
            self._screens.pop(_digest(token), None)

    def find(self, token: str, *, used: bool = True) -> Screen | None:
        """Whose session this is; `used` counts as a touch of the screen."""
        now = self._clock.stamp().monotonic_ns
        with self._lock:
            screen = self._screens.get(_digest(token))
            if screen is None:
                return None
            if now - screen.used_ns > IDLE_SECONDS * 1_000_000_000:
                del self._screens[_digest(token)]
                return None
            if used:
                screen.used_ns = now
            return screen

    def identify(self, request: Request) -> Screen | None:
        """For `web.Site.identify`."""
        token = request.cookies.get(site_of(request).cookie)
        return self.find(token) if token else None

    def glance(self, request: Request) -> Screen | None:
        """Whose session this is, for what asks by itself: it keeps no screen unlocked."""
        token = request.cookies.get(site_of(request).cookie)
        return self.find(token, used=False) if token else None

    def require(self, request: Request) -> Unlocked:
        """A dependency: the operator at this screen; raises `NotSignedIn`."""
        screen = self.identify(request)
        if screen is None:
            raise NotSignedIn
        return screen.unlocked


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
