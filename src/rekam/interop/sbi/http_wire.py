"""Devices over HTTP on the loopback address: `HttpWire`."""

import socket
from collections.abc import Generator, Mapping, Sequence
from typing import Any, Final

import httpx

from rekam.interop.sbi.errors import DeviceGone, DeviceHangs, DeviceUnreadable
from rekam.interop.sbi.wire import HOST, STREAM, Verb
from rekam.trust.clock import Clock

__all__ = ["HttpWire"]

_MOST_BYTES: Final = 64 * 1024 * 1024
"""Ten fingers at 1000 dpi, base64 within base64, and room to spare."""
_CONNECT_S: Final = 1.0
_PROBE_S: Final = 0.2


class HttpWire:
    """One connection an exchange: device programs close theirs, and a stuck one must not be met again. Proxies of the
    environment are never used, and redirects never followed.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        # one client, because making one reads all certificates of the world: 20 ms; no connection is kept
        self._client = httpx.Client(trust_env=False, limits=httpx.Limits(max_keepalive_connections=0))

    def listening(self, ports: Sequence[int]) -> list[int]:
        return [port for port in ports if _open(port)]

    def ask(self, port: int, verb: Verb, body: Mapping[str, Any], *, within_s: float) -> bytes:
        method, path = verb
        ends = self._clock.stamp().monotonic_ns + round(within_s * 1e9)
        held = bytearray()
        for piece in self._pieces(port, method, path, body, within_s):
            held += piece
            if len(held) > _MOST_BYTES:
                raise DeviceUnreadable(device=_name(port), reason="its answer has no end")
            if self._clock.stamp().monotonic_ns > ends:  # each piece came in time, and all together do not
                raise DeviceHangs(device=_name(port), seconds=round(within_s))
        return bytes(held)

    def stream(self, port: int, body: Mapping[str, Any], *, within_s: float) -> Generator[bytes, None, None]:
        method, path = STREAM
        return self._pieces(port, method, path, body, within_s)

    def _pieces(
        self, port: int, method: str, path: str, body: Mapping[str, Any], within_s: float
    ) -> Generator[bytes, None, None]:
        timeout = httpx.Timeout(within_s, connect=_CONNECT_S)
        try:
            with self._client.stream(method, f"http://{HOST}:{port}{path}", json=dict(body), timeout=timeout) as answer:
                yield from answer.iter_raw()
        except httpx.ReadTimeout:
            raise DeviceHangs(device=_name(port), seconds=round(within_s)) from None
        except httpx.DecodingError as error:
            raise DeviceUnreadable(device=_name(port), reason=str(error)) from None
        except httpx.HTTPError:
            raise DeviceGone(device=_name(port)) from None


def _open(port: int) -> bool:
    try:
        with socket.create_connection((HOST, port), timeout=_PROBE_S):
            return True
    except OSError:
        return False


def _name(port: int) -> str:
    return f"SBI {port}"
