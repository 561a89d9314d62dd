"""How a station reaches the devices of its own machine: the port `Wire`."""

from collections.abc import Generator, Mapping, Sequence
from typing import Any, Final, Protocol

__all__ = ["CAPTURE", "DISCOVER", "HOST", "INFO", "PORTS", "STREAM", "Verb", "Wire"]

Verb = tuple[str, str]
"""HTTP method and path; SBI has methods of its own."""
DISCOVER: Final[Verb] = ("MOSIPDISC", "/device")
INFO: Final[Verb] = ("MOSIPDINFO", "/info")
CAPTURE: Final[Verb] = ("RCAPTURE", "/capture")
STREAM: Final[Verb] = ("STREAM", "/stream")
HOST: Final = "127.0.0.1"
PORTS: Final = range(4501, 4601)


class Wire(Protocol):
    """Speaks to whatever listens on a port of 127.0.0.1. No answer is believed here. Adapters: `HttpWire`, and the
    simulator itself (`rekam.interop.sbi.simulator`), both behind the contract of devices.
    """

    def listening(self, ports: Sequence[int]) -> list[int]:
        """Those of `ports` on which something listens."""
        ...

    def ask(self, port: int, verb: Verb, body: Mapping[str, Any], *, within_s: float) -> bytes:
        """The whole answer, whatever its status, within so many seconds from now.

        Raises `DeviceGone` (nobody answers, or the answer broke off), `DeviceHangs`, `DeviceUnreadable` (larger than
        any answer should be).
        """
        ...

    def stream(self, port: int, body: Mapping[str, Any], *, within_s: float) -> Generator[bytes, None, None]:
        """The preview's bytes as they come, in pieces, the next one within so many seconds. Raises as `ask`."""
        ...
