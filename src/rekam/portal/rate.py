"""How often the portal answers: token buckets per client and for all together, on the monotonic clock: `RateLimit`."""

import ipaddress
import math
import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from rekam.portal.errors import TooManyQuestions
from rekam.trust.clock import Clock

__all__ = ["Allowance", "RateLimit", "client_of"]

_CLIENTS: Final = 50_000
_IPV6_HOUSEHOLD: Final = 64


@dataclass(frozen=True)
class Allowance:
    """`burst` questions at once, then one every `every_s` seconds."""

    burst: int
    every_s: float


PER_CLIENT: Final = Allowance(burst=10, every_s=12.0)
"""A family asks for everybody at once. A NIK shows its owner's birthday to whoever knows the scheme, so the birth date
guards little: what does is that nobody can ask about many people."""
OVERALL: Final = Allowance(burst=200, every_s=0.02)
"""Fifty a second: many addresses together do not go through the nation's 200 million NIKs either."""


class _Bucket:
    """Tokens that fill up with time."""

    def __init__(self, allowance: Allowance, now: float) -> None:
        self._allowance = allowance
        self._tokens = float(allowance.burst)
        self._at = now

    def wait(self, now: float) -> float:
        """Seconds until there is a whole token; 0 when there is one."""
        passed = now - self._at
        self._tokens = min(self._allowance.burst, self._tokens + passed / self._allowance.every_s)
        self._at = now
        return max(0.0, (1 - self._tokens) * self._allowance.every_s)

    def take(self) -> None:
        self._tokens -= 1


class RateLimit:
    """Safe for threads; forgets the clients that asked longest ago beyond 50,000."""

    def __init__(
        self, clock: Clock, *, per_client: Allowance = PER_CLIENT, overall: Allowance = OVERALL, clients: int = _CLIENTS
    ) -> None:
        self._clock = clock
        self._per_client = per_client
        self._most = clients
        self._clients: OrderedDict[str, _Bucket] = OrderedDict()
        self._lock = threading.Lock()
        self._overall = _Bucket(overall, self._now())

    def ask(self, client: str) -> None:
        """Count one question of `client`. Raises `TooManyQuestions` with the seconds to wait, and counts nothing."""
        with self._lock:
            now = self._now()
            own = self._clients.setdefault(client, _Bucket(self._per_client, now))
            self._clients.move_to_end(client)
            if len(self._clients) > self._most:
                self._clients.popitem(last=False)
            if wait := max(own.wait(now), self._overall.wait(now)):
                raise TooManyQuestions(seconds=max(1, math.ceil(wait)))
            own.take()
            self._overall.take()

    def _now(self) -> float:
        return self._clock.stamp().monotonic_ns / 1e9


def client_of(address: str) -> str:
    """Whom an address stands for: itself, or of IPv6 the /64 that one household has."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return address
    return str(ipaddress.ip_network((int(parsed), _IPV6_HOUSEHOLD), strict=False))
