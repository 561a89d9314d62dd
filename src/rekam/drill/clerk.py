"""An official at the office, as a client of its pages: prints cards, brings in corrections while the centre is down."""

import time
from collections.abc import Mapping
from typing import Any, Final

import httpx

from rekam.drill.country import PlaceProcess
from rekam.enrolment.errors import RekamError
from rekam.exchange.machine_trust import machine_trust

__all__ = ["Clerk", "CorrectionNotTaken"]

_PATIENCE_S: Final = 300.0
_SIGN_IN, _PREVIEWS = "/sign-in", "/residents/previews/"


class CorrectionNotTaken(RekamError):
    """The office did not take a correction for {seconds} seconds. What was recorded is safe; its log tells more."""


class Clerk:
    """Signs in with a password; patient when the office is killed."""

    def __init__(self, place: PlaceProcess, name: str, password: str) -> None:
        self._place = place
        self._given = {"name": name, "password": password}
        headers = {"Origin": place.url, "Accept": "application/json"}
        self._client = httpx.Client(base_url=place.url, timeout=60, headers=headers, verify=machine_trust())

    def close(self) -> None:
        self._client.close()

    def state(self) -> dict[str, Any]:
        found: dict[str, Any] = self._ask("GET", "/api/state").json()
        return found

    def print_card(self, packet_id: str) -> bytes | None:
        """The card as PDF; None where there is no print order yet, the person is too young, or no blank is left."""
        answer = self._ask("POST", f"/api/cards/{packet_id}")
        return answer.content if answer.is_success else None

    def correct(self, nik: str, lines: Mapping[str, str]) -> None:
        """Brings in how a resident's family card reads now, by the form's own steps: look for the NIK, fill in `lines`
        by their columns, look at what changes, take it over. An office that was killed in between has forgotten what it
        showed, so all is done anew; taken twice it is one correction and one that changes nothing.
        """
        deadline = time.monotonic() + _PATIENCE_S
        while time.monotonic() < deadline:
            form = self._ask("POST", "/residents", {"nik": nik}).headers.get("location", "/residents")
            preview = self._ask("POST", form, lines).headers.get("location", "")
            if preview.startswith(_PREVIEWS):
                self._ask("POST", preview)
                if self._taken(preview, deadline):
                    return
            time.sleep(0.3)
        raise CorrectionNotTaken(seconds=_PATIENCE_S)

    def _taken(self, preview: str, deadline: float) -> bool:
        """Whether the office brought it in. A page that still shows how far it is has brought in nothing yet."""
        while "hx-refresh" not in self._ask("GET", f"{preview}/state").headers and time.monotonic() < deadline:
            time.sleep(0.1)
        return self._ask("GET", preview).is_success

    def _ask(self, method: str, path: str, form: Mapping[str, str] | None = None) -> httpx.Response:
        deadline = time.monotonic() + _PATIENCE_S
        while True:
            try:
                answer = self._client.request(method, path, data=form)
                if answer.status_code == 401 or answer.headers.get("location", "").startswith(_SIGN_IN):
                    self._client.post(_SIGN_IN, data=self._given)
                    continue
                if answer.status_code < 500 or answer.status_code == 507:
                    return answer
            except httpx.TransportError:
                pass
            if time.monotonic() > deadline:
                return httpx.Response(503, json={})
            time.sleep(0.3)
