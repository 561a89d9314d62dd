"""An operator at a station, as a client of its API: patient when the station is killed, honest about what it said."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx

from rekam.drill.cast import Actor
from rekam.drill.country import PlaceProcess
from rekam.drill.witness import Testimony, Witness
from rekam.enrolment.errors import RekamError
from rekam.enrolment.sample import ALL_SLOTS, ExceptionReason, Modality, Slot
from rekam.exchange.machine_trust import machine_trust

__all__ = ["CounterRefused", "Desk", "Recorded", "StationSilent"]

_PATIENCE_S = 300.0
_ATTEMPTS = 4
_NEVER_GOOD = {Modality.SIGNATURE: ExceptionReason.UNABLE, Modality.FINGER: ExceptionReason.WORN}
"""Why a sample is left out that no attempt made good; nothing that a photo would have to show."""


class StationSilent(RekamError):
    """Station {station} did not answer for {seconds} seconds. What it said to be saved is in the witness's file."""


class CounterRefused(RekamError):
    """Station {station} refused {what}: {code}: {detail}
    The drill stopped there. What was saved before is safe; the station's log tells more.
    """


@dataclass(frozen=True)
class Recorded:
    """How a sitting ended: saved with this packet, or stopped because the counter saw a second recording.

    `warned` says that the counter warned, whether or not it was heeded; `rightly`, that the warning named an earlier
    recording of whoever really sat there.
    """

    actor: Actor
    packet_id: str | None
    warned: bool
    rightly: bool = False


class Desk:
    """One operator and one supervisor at one station."""

    def __init__(
        self,
        place: PlaceProcess,
        station: str,
        operator: tuple[str, str],
        supervisor: tuple[str, str],
        witness: Witness,
        *,
        step: Callable[[], None] = lambda: None,
    ) -> None:
        self.station = station
        self._place = place
        self._operator = operator
        self._supervisor = supervisor
        self._witness = witness
        self._step = step
        headers = {"Origin": place.url, "Accept": "*/*"}
        self._client = httpx.Client(base_url=place.url, timeout=60, headers=headers, verify=machine_trust())

    def close(self) -> None:
        self._client.close()

    def sign_in(self) -> None:
        subject, pin = self._operator
        self._ask("/api/sign-in", {"operator": subject, "pin": pin}, signed_in=False)

    def check(self, nik: str) -> str:
        """Already recorded? The station's answer."""
        return str(self._ask("/api/check", {"nik": nik}).json()["answer"])

    def record(self, actor: Actor, *, phase: str, heed: bool) -> Recorded:
        """A whole sitting. With `heed` the operator stops when the counter warns of a second recording; otherwise
        goes on with a reason, as an operator may who knows the family.
        """
        at, sitting = self._open(actor)
        self._ask(f"{at}/biodata", {"seen": (sitting["newer"] or {}).get("mark", "")})
        for slot in ALL_SLOTS:
            self._capture(at, slot)
            self._step()
        state = self._ask(at, None).json()
        warned = bool(state["warnings"])
        if warned and heed:
            self._ask(f"{at}/abandon", {"reason": "Terlihat sudah direkam di stasiun ini"}, gone_is_done=True)
            return Recorded(actor, None, warned=True, rightly=self._sat_before(actor, state["warnings"]))
        if state["needs_reason"]:
            self._ask(f"{at}/go-on", {"reason": "KK asli dicocokkan, penduduk dikenal petugas"})
        given: dict[str, Any] = {"consent": True}
        if state["supervisor"]:
            given |= {"supervisor": self._supervisor[0], "pin": self._supervisor[1]}
        saved = self._ask(f"{at}/save", given).json()
        testimony = Testimony(saved["packet_id"], saved["number"], actor.biodata.nik, self.station, actor.person, phase)
        self._witness.note(testimony)
        return Recorded(actor, saved["packet_id"], warned=warned)

    def refer(self, actor: Actor) -> None:
        """The name that is read out is not the one on the resident's family card: the sitting waits, with a referral
        for the counter that corrects family cards.
        """
        at, sitting = self._open(actor)
        if sitting["name"] != actor.biodata.name:
            self._ask(f"{at}/referral", {"said": {"name": actor.biodata.name}, "shown": ["kk"]})

    def hear(self, actor: Actor) -> None:
        """Until the office's correction of this resident is here. Raises `StationSilent`."""
        deadline = time.monotonic() + _PATIENCE_S
        while (self._open(actor)[1]["newer"] or {}).get("name") != actor.biodata.name:
            if time.monotonic() > deadline:
                raise StationSilent(station=self.station, seconds=_PATIENCE_S)
            self._ask("/api/corrections", {}, may_fail=True)  # an office that was killed answers at the next
            time.sleep(0.1)

    def _open(self, actor: Actor) -> tuple[str, dict[str, Any]]:
        """The address of this resident's sitting, the half-done one if there is one, and how it stands."""
        sitting: dict[str, Any] = self._ask("/api/sittings", {"nik": actor.biodata.nik}).json()
        return f"/api/sittings/{sitting['sitting_id']}", sitting

    def proof(self, packet_id: str) -> bytes:
        return self._ask(f"/api/recordings/{packet_id}/proof", {"reason": "latihan"}).content

    def suket(self, packet_id: str) -> bytes:
        return self._ask(f"/api/recordings/{packet_id}/suket", {"reason": "latihan"}).content

    def recordings(self) -> list[dict[str, Any]]:
        """Everything this station recorded, with what it knows of each."""
        found: list[dict[str, Any]] = []
        while page := self._ask(f"/api/recordings?before={found[-1]['packet_id'] if found else ''}", None).json():
            found += page
        return found

    def state(self) -> dict[str, Any]:
        found: dict[str, Any] = self._ask("/api/state", None, signed_in=False).json()
        return found

    def _sat_before(self, actor: Actor, warnings: list[dict[str, str]]) -> bool:
        numbers = {warning["number"] for warning in warnings}
        return any(said.number in numbers and said.person == actor.person for said in self._witness.testimonies())

    def _capture(self, at: str, slot: Slot) -> None:
        reason = ExceptionReason.NOT_HELD
        for attempt in range(1, _ATTEMPTS + 1):
            answer = self._ask(f"{at}/capture", {"slot": str(slot), "forced": attempt == _ATTEMPTS}, may_fail=True)
            if answer.is_success:
                if answer.json()["accepted"]:
                    return
                continue
            if answer.json().get("title") == "NothingCaptured":
                break
            reason = _NEVER_GOOD.get(slot.modality, ExceptionReason.INJURED)
        supervisor, pin = self._supervisor
        given = {"slot": str(slot), "reason": reason, "supervisor": supervisor, "pin": pin}
        self._ask(f"{at}/exception", given)

    def _ask(
        self,
        path: str,
        body: dict[str, Any] | None,
        *,
        signed_in: bool = True,
        may_fail: bool = False,
        gone_is_done: bool = False,
    ) -> httpx.Response:
        """One call, repeated while the station is away; every call of the API may be repeated."""
        deadline = time.monotonic() + _PATIENCE_S
        while time.monotonic() < deadline:
            try:
                answer = self._client.get(path) if body is None else self._client.post(path, json=body)
            except httpx.TransportError:
                time.sleep(0.2)
                continue
            if answer.status_code in {401, 423} and signed_in:
                self.sign_in()
                continue
            if answer.is_success or may_fail or (gone_is_done and answer.status_code == 404):
                return answer
            told = answer.json()
            raise CounterRefused(station=self.station, what=path, code=told.get("title"), detail=told.get("detail"))
        raise StationSilent(station=self.station, seconds=_PATIENCE_S)
