"""An official at the office, as a client of its pages: prints cards while the centre is down."""

import time
from typing import Any, Final

import httpx

from rekam.drill.country import PlaceProcess

__all__ = ["Clerk"]

_PATIENCE_S: Final = 120.0


class Clerk:
    """Signs in with a password; patient when the office is killed."""

    def __init__(self, place: PlaceProcess, name: str, password: str) -> None:
        self._place = place
        self._given = {"name": name, "password": password}
        self._client = httpx.Client(
            base_url=place.url, timeout=60, headers={"Origin": place.url, "Accept": "application/json"}
        )

    def close(self) -> None:
        self._client.close()

    def state(self) -> dict[str, Any]:
        found: dict[str, Any] = self._ask("GET", "/api/state").json()
        return found

    def print_card(self, packet_id: str) -> bytes | None:
        """The card as PDF; None where there is no print order yet, the person is too young, or no blank is left."""
        answer = self._ask("POST", f"/api/cards/{packet_id}")
        return answer.content if answer.is_success else None

    def _ask(self, method: str, path: str) -> httpx.Response:
        deadline = time.monotonic() + _PATIENCE_S
        while True:
            try:
                answer = self._client.request(method, path)
                if answer.status_code in {401, 303}:
                    self._client.post("/sign-in", data=self._given)
                    continue
                if answer.status_code < 500 or answer.status_code == 507:
                    return answer
            except httpx.TransportError:
                pass
            if time.monotonic() > deadline:
                return httpx.Response(503, json={})
            time.sleep(0.3)
