"""The simulator without a process: `DirectWire`, for tests and simulations."""

import json
from collections.abc import Generator, Mapping, Sequence
from typing import Any

from rekam.interop.sbi.errors import DeviceGone, DeviceHangs
from rekam.interop.sbi.simulator.faults import Fault
from rekam.interop.sbi.simulator.service import SimulatedService
from rekam.interop.sbi.wire import CAPTURE, DISCOVER, Verb

__all__ = ["DirectWire"]


class DirectWire:
    """`services` by port; taking one out pulls its plug."""

    def __init__(self, services: Mapping[int, SimulatedService]) -> None:
        self.services = dict(services)

    def listening(self, ports: Sequence[int]) -> list[int]:
        return [port for port in ports if port in self.services]

    def ask(self, port: int, verb: Verb, body: Mapping[str, Any], *, within_s: float) -> bytes:
        service = self._service(port, within_s)
        if verb == CAPTURE:
            if service.delay_s > within_s:
                raise DeviceHangs(device=f"SBI {port}", seconds=round(within_s))
            return service.captured(json.loads(json.dumps(body)))
        return service.discovered() if verb == DISCOVER else service.informed()

    def stream(self, port: int, body: Mapping[str, Any], *, within_s: float) -> Generator[bytes, None, None]:
        service = self._service(port, within_s)
        yield from service.streamed(body)

    def _service(self, port: int, within_s: float) -> SimulatedService:
        service = self.services.get(port)
        if service is None:
            raise DeviceGone(device=f"SBI {port}")
        if service.fault is Fault.HANG:
            raise DeviceHangs(device=f"SBI {port}", seconds=round(within_s))
        return service
