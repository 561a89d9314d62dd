"""Who is signed in at this station's screen: `Sessions`, in memory alone, gone with the process."""

import hashlib
import threading
from dataclasses import dataclass, replace
from typing import Final

from starlette.requests import Request

from rekam.enrolment.errors import RekamError
from rekam.station.unlock import NotASupervisor, Operator, Unlocked
from rekam.trust.clock import Clock
from rekam.trust.random import Random, SystemRandom
from rekam.web.page import site_of
from rekam.web.staff.errors import NotSignedIn

__all__ = ["IDLE_SECONDS", "NotLocked", "Screen", "Sessions"]

IDLE_SECONDS: Final = 15 * 60
"""A screen that nobody touches locks itself; sending goes on."""


@dataclass(frozen=True)
class Screen:
    """An operator at a screen. The signing key lives here and nowhere else, for as long as the screen is open."""

    unlocked: Unlocked
    used_ns: int

    @property
    def name(self) -> str:
        return self.unlocked.operator.name

    @property
    def roles(self) -> frozenset[str]:
        return frozenset({self.unlocked.operator.role})


class NotLocked(RekamError):
    """This screen is not locked by anybody, so no PIN opens it. Nothing was changed. Sign in with your name and PIN."""


class Sessions:
    """Tokens are kept by their digest. A screen locks after `IDLE_SECONDS` without use, or when asked to: its signing
    key goes from memory, the session stays and the same operator's PIN opens it again. Signing out ends it.
    """

    def __init__(self, clock: Clock, random: Random | None = None) -> None:
        self._clock = clock
        self._random = random or SystemRandom()
        self._screens: dict[bytes, Screen] = {}
        self._locked: dict[bytes, Operator] = {}
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
            self._locked.pop(_digest(token), None)

    def lock(self, token: str) -> None:
        """The screen closes; its operator's PIN opens it again. Does nothing where nobody is signed in."""
        with self._lock:
            self._lock_screen(_digest(token))

    def left(self, token: str) -> int:
        """Seconds until the screen locks itself, 0 where it is locked or nobody is signed in. No use of it."""
        with self._lock:
            screen = self._screens.get(_digest(token))
            return 0 if screen is None else max(0, IDLE_SECONDS - self._idle_s(screen))

    def locked_by(self, token: str) -> Operator:
        """Whose PIN opens the screen. Raises `NotLocked`."""
        with self._lock:
            screen = self._screens.get(_digest(token))
            if screen is not None and self._idle_s(screen) > IDLE_SECONDS:
                self._lock_screen(_digest(token))
            found = self._locked.get(_digest(token))
        if found is None:
            raise NotLocked
        return found

    def owner(self, token: str) -> str:
        """Whose session this is, locked or not; "" where nobody is known under it."""
        with self._lock:
            screen, locked = self._screens.get(_digest(token)), self._locked.get(_digest(token))
        return screen.unlocked.operator.subject if screen else locked.subject if locked else ""

    def reopen(self, token: str, unlocked: Unlocked) -> None:
        """The locked screen opens for the operator who locked it. Raises `NotLocked`."""
        with self._lock:
            found = self._locked.get(_digest(token))
            if found is None or found.subject != unlocked.operator.subject:
                raise NotLocked
            del self._locked[_digest(token)]
            self._screens[_digest(token)] = Screen(unlocked, self._clock.stamp().monotonic_ns)

    def find(self, token: str, *, used: bool = True) -> Screen | None:
        """Whose session this is; `used` counts as a touch of the screen."""
        now = self._clock.stamp().monotonic_ns
        with self._lock:
            screen = self._screens.get(_digest(token))
            if screen is None:
                return None
            if self._idle_s(screen) > IDLE_SECONDS:
                self._lock_screen(_digest(token))
                return None
            if used:
                self._screens[_digest(token)] = screen = replace(screen, used_ns=now)
            return screen

    def _idle_s(self, screen: Screen) -> int:
        """Whole seconds, rounded up."""
        return -((screen.used_ns - self._clock.stamp().monotonic_ns) // 1_000_000_000)

    def _lock_screen(self, digest: bytes) -> None:
        screen = self._screens.pop(digest, None)
        if screen is not None:
            self._locked[digest] = screen.unlocked.operator

    def end_all(self, subject: str) -> None:
        """Every screen of somebody who may not be here any more."""
        with self._lock:
            self._screens = {key: one for key, one in self._screens.items() if one.unlocked.operator.subject != subject}
            self._locked = {key: one for key, one in self._locked.items() if one.subject != subject}

    def identify(self, request: Request) -> Screen | None:
        """For `web.Site.identify`. What a page asks for by itself, every few seconds, keeps no screen unlocked."""
        if request.method == "GET" and "hx-request" in request.headers:
            return self.glance(request)
        token = request.cookies.get(site_of(request).cookie)
        return self.find(token) if token else None

    def glance(self, request: Request) -> Screen | None:
        """Whose session this is, for what asks by itself: it keeps no screen unlocked."""
        token = request.cookies.get(site_of(request).cookie)
        return self.find(token, used=False) if token else None

    def covered(self, request: Request) -> bool:
        """Whether the screen is locked and still somebody's, for `web.Site.covered`."""
        token = request.cookies.get(site_of(request).cookie, "")
        return self.glance(request) is None and bool(self.owner(token))

    def require(self, request: Request) -> Unlocked:
        """A dependency: the operator at this screen; raises `NotSignedIn`."""
        screen = self.identify(request)
        if screen is None:
            raise NotSignedIn
        return screen.unlocked

    def require_supervisor(self, request: Request) -> Unlocked:
        """A dependency: the supervisor at this screen; raises `NotSignedIn`, `NotASupervisor`."""
        unlocked = self.require(request)
        if not unlocked.operator.supervises:
            raise NotASupervisor(operator=unlocked.operator.name)
        return unlocked


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
