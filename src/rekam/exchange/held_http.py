"""Asking the centre over HTTP for what it holds of this office's stations: `HttpHeld`."""

from collections.abc import Sequence
from typing import Final

from rekam.exchange.held import Held
from rekam.exchange.signed_http import SignedHttp

__all__ = ["HttpHeld"]

_BYTES: Final = "application/octet-stream"


class HttpHeld:
    """`HeldSource` behind the routes under `/exchange/held`."""

    def __init__(self, line: SignedHttp) -> None:
        self._line = line

    def after(self, arrival: int) -> Sequence[Held]:
        answer = self._line.send("GET", f"/exchange/held?after={arrival}")
        return [Held.from_fields(each) for each in self._line.fields(answer)["packets"]]

    def piece(self, packet_id: str, offset: int) -> bytes:
        answer = self._line.send("GET", f"/exchange/held/{packet_id}?offset={offset}")
        return self._line.content(answer, _BYTES)

    def life(self, least: int) -> int:
        answer = self._line.send("POST", f"/exchange/held/life?least={least}")
        return int(self._line.fields(answer)["life"])
