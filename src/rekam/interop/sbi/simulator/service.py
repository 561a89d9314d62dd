"""The simulated device service itself, without any I/O: what is asked goes in, what it would answer comes out."""

import json
import re
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from rekam.enrolment.sample import Modality, Slot
from rekam.interop.sbi.errors import CODES
from rekam.interop.sbi.hash_chain import FIRST, link
from rekam.interop.sbi.messages import PURPOSE, SPEC_VERSION
from rekam.interop.sbi.names import TYPES, modality_of, slot_of, sub_type
from rekam.interop.sbi.simulator.faults import Fault
from rekam.interop.sbi.simulator.people import Bodies, record_of
from rekam.station.devices.at_once import BOTH_EYES, LEFT_FOUR, RIGHT_FOUR, THUMBS
from rekam.station.devices.coming_up import coming_up
from rekam.trust.clock import Clock
from rekam.trust.device_maker import UnsafeDeviceKey, UnsafeDeviceMaker
from rekam.trust.jwt import to_base64url
from rekam.trust.random import Random

__all__ = ["KINDS", "SimulatedService", "make_devices"]

KINDS: Final = (Modality.FINGER, Modality.IRIS, Modality.PHOTO)
_SUB_TYPES: Final = {Modality.IRIS: "Double", Modality.PHOTO: "Full face"}
_SUB_IDS: Final = {Modality.FINGER: ["1", "2", "3"], Modality.IRIS: ["1", "2", "3"], Modality.PHOTO: ["0"]}
_PARTS: Final[Mapping[tuple[Modality, str], Sequence[Slot]]] = {
    (Modality.FINGER, "1"): LEFT_FOUR,
    (Modality.FINGER, "2"): RIGHT_FOUR,
    (Modality.FINGER, "3"): THUMBS,
    (Modality.IRIS, "1"): BOTH_EYES[1:],
    (Modality.IRIS, "2"): BOTH_EYES[:1],
    (Modality.IRIS, "3"): BOTH_EYES,
}
_TRANSACTION: Final = re.compile(r"[A-Za-z0-9-]{4,50}")
_REFUSING: Final[Mapping[Fault | None, str]] = {Fault.UNPLUGGED: "106", Fault.BUSY: "111", Fault.NOT_READY: "110"}
_YEAR: Final = timedelta(days=365)
_LONG_AGO: Final = timedelta(days=40)
_NOT_READY: Final[Mapping[Fault | None, tuple[str, str]]] = {
    Fault.BUSY: ("Busy", "111"),
    Fault.NOT_READY: ("Not Ready", "110"),
}


@dataclass
class SimulatedService:
    """Finger, iris and face devices behind one port. `fault` is what it does wrong, for `times` captures (None: until
    it is asked to stop); `error_code` is one of the standard's errors; `delay_s` is how long a capture
    takes, `finger_kind` ``Slap`` or ``Single``.
    """

    maker: UnsafeDeviceMaker
    devices: Mapping[Modality, UnsafeDeviceKey]
    clock: Clock
    bodies: Bodies
    env: str = "Developer"
    fault: Fault | None = None
    error_code: str = ""
    times: int | None = None
    delay_s: float = 0.0
    finger_kind: str = "Slap"

    def __post_init__(self) -> None:
        self._last: dict[Modality, str] = {}

    @property
    def kinds(self) -> tuple[Modality, ...]:
        return tuple(self.devices)

    def discovered(self) -> bytes:
        """MOSIPDISC: nothing signed."""
        if self.fault is Fault.UNPLUGGED:
            return b"[]"
        return _json([self._about(kind, to_base64url(_json(self._identity(kind)))) for kind in self.kinds])

    def informed(self) -> bytes:
        """MOSIPDINFO: signed by each device."""
        if self.fault is Fault.UNPLUGGED:
            return b"[]"
        entries = []
        for kind in self.kinds:
            key = self._key(kind)
            about = self._about(kind, key.sign(self._identity(kind)))
            error = about.pop("error")
            entries.append(
                {"deviceInfo": key.sign(about | {"firmware": SPEC_VERSION, "env": self.env}), "error": error}
            )
        return _json(entries)

    def captured(self, request: Mapping[str, Any]) -> bytes:
        """RCAPTURE, or what the fault makes of it."""
        fault, code = self._next_fault()
        if fault is Fault.GARBAGE:
            return b"\x00<html>not json</html>"
        code = code or _REFUSING.get(fault, "") or self._refused(request)
        if code:
            return _json({"biometrics": [{"specVersion": SPEC_VERSION, "data": "", "hash": "", "error": _error(code)}]})
        bio = request["bio"][0]
        kind = modality_of(bio["type"]) or self.kinds[0]
        transaction = str(request["transactionId"])
        self._last[kind] = transaction.partition("-")[0]
        end = bytes.fromhex(str(bio.get("previousHash") or "")) or FIRST
        biometrics = []
        for slot in self._slots(kind, bio):
            picture, quality = self.bodies.captured(self._last[kind], slot, flawed=fault is Fault.LOW_QUALITY)
            record = record_of(slot, picture, quality)
            record = record[: len(record) // 2] if fault is Fault.GARBAGE_RECORD else record
            end = link(end, record)
            payload = self._payload(kind, slot, record, quality, request) | self._lie(fault, slot)
            shown = link(end, b"") if fault is Fault.WRONG_CHAIN else end
            biometrics.append(
                {
                    "specVersion": SPEC_VERSION,
                    "data": self._signed(kind, payload, fault),
                    "hash": shown.hex().upper(),
                    "error": _error("0"),
                }
            )
        return _json({"biometrics": biometrics})

    def streamed(self, request: Mapping[str, Any]) -> Generator[bytes, None, None]:
        """STREAM: one multipart part after the other, endless. The caller paces."""
        if self.fault is Fault.GARBAGE_STREAM:
            while True:
                yield b"\x00\x01garbage" * 100
        kind = next((kind for kind in self.kinds if self._id(kind) == request.get("deviceId")), self.kinds[0])
        shown = _PARTS.get((kind, str(request.get("deviceSubId"))), [Slot(Modality.PHOTO)])
        pictures = [self.bodies.seen(self._last.get(kind, ""), slot) for slot in shown]
        for frame in coming_up(pictures):
            head = f"Content-Type: image/jpeg\r\nContent-Length: {len(frame.jpeg)}\r\nX-Quality: {frame.quality}"
            yield b"--frame\r\n" + head.encode() + b"\r\n\r\n" + frame.jpeg + b"\r\n"

    def _next_fault(self) -> tuple[Fault | None, str]:
        fault, code = self.fault, self.error_code
        if self.times is not None:
            self.times -= 1
            if self.times <= 0:
                self.fault, self.error_code, self.times = None, "", None
        return fault, code

    def _refused(self, request: Mapping[str, Any]) -> str:
        """The standard's own code for a request that a device must not take, empty for a sound one."""
        if not _TRANSACTION.fullmatch(str(request.get("transactionId", ""))):
            return "112"
        bios = request.get("bio")
        if not isinstance(bios, list) or len(bios) != 1 or modality_of(bios[0].get("type")) not in self.kinds:
            return "109"
        kind = modality_of(bios[0]["type"]) or self.kinds[0]
        slots = self._slots(kind, bios[0])
        if not slots or str(bios[0].get("count")) != str(len(slots)):
            return "109"
        return "" if request.get("purpose") == PURPOSE else "100"

    def _slots(self, kind: Modality, bio: Mapping[str, Any]) -> list[Slot]:
        if kind is Modality.PHOTO:
            return [Slot(Modality.PHOTO)]
        part = _PARTS.get((kind, str(bio.get("deviceSubId"))), ())
        asked = [slot for name in bio.get("bioSubType") or [] if (slot := slot_of(kind, name)) in part and slot]
        missing = {slot_of(kind, name) for name in bio.get("exception") or []}
        return [slot for slot in (asked or part) if slot not in missing]

    def _payload(
        self, kind: Modality, slot: Slot, record: bytes, quality: int, request: Mapping[str, Any]
    ) -> dict[str, Any]:
        return {
            "digitalId": self._key(kind).sign(self._identity(kind)),
            "bioType": TYPES[kind],
            "deviceCode": self.devices[kind].serial,
            "deviceServiceVersion": SPEC_VERSION,
            "bioSubType": sub_type(slot),
            "purpose": PURPOSE,
            "env": self.env,
            "bioValue": to_base64url(record),
            "transactionId": request["transactionId"],
            "timestamp": self._now(),
            "requestedScore": str(request["bio"][0].get("requestedScore", "")),
            "qualityScore": str(quality),
        }

    def _lie(self, fault: Fault | None, slot: Slot) -> dict[str, Any]:
        match fault:
            case Fault.WRONG_TRANSACTION:
                return {"transactionId": "0000-of-another-capture"}
            case Fault.OLD_TIMESTAMP:
                return {"timestamp": _iso(self.clock.wall() - _LONG_AGO)}
            case Fault.WRONG_SERIAL:
                return {"deviceCode": "SIM-OF-ANOTHER"}
            case Fault.WRONG_ENVIRONMENT:
                return {"env": "Staging"}
            case Fault.WRONG_FINGER if slot.modality is not Modality.PHOTO:
                return {"bioSubType": sub_type(Slot(slot.modality, 1 if slot.position != 1 else 2))}
            case _:
                return {}

    def _signed(self, kind: Modality, payload: Mapping[str, Any], fault: Fault | None) -> str:
        if fault is Fault.STRANGER:
            now = self.clock.wall()
            stranger = UnsafeDeviceMaker.create(now, "somebody else").device("STRANGER", now - _YEAR, now + _YEAR)
            return stranger.sign(payload)
        token = self._key(kind).sign(payload)
        if fault is Fault.WRONG_SIGNATURE:
            head, _, signature = token.split(".")
            return f"{head}.{to_base64url(_json({**payload, 'qualityScore': '99'}))}.{signature}"
        return token

    def _about(self, kind: Modality, digital_id: str) -> dict[str, Any]:
        status, code = _NOT_READY.get(self.fault, ("Ready", "0"))
        return {
            "deviceId": self._id(kind),
            "deviceStatus": status,
            "certification": "L0",
            "serviceVersion": SPEC_VERSION,
            "deviceSubId": _SUB_IDS[kind],
            "callbackId": "http://127.0.0.1/",
            "digitalId": digital_id,
            "deviceCode": self.devices[kind].serial,
            "specVersion": [SPEC_VERSION],
            "purpose": PURPOSE,
            "error": _error(code),
        }

    def _identity(self, kind: Modality) -> dict[str, Any]:
        return {
            "serialNo": self.devices[kind].serial,
            "make": "Rekam",
            "model": f"simulated {TYPES[kind].lower()} scanner" if kind is not Modality.PHOTO else "simulated camera",
            "type": TYPES[kind],
            "deviceSubType": _SUB_TYPES.get(kind, self.finger_kind),
            "deviceProvider": "Rekam",
            "deviceProviderId": "rekam",
            "dateTime": self._now(),
        }

    def _key(self, kind: Modality) -> UnsafeDeviceKey:
        if self.fault is Fault.EXPIRED:
            now = self.clock.wall()
            return self.maker.device(self.devices[kind].serial, now - 2 * _YEAR, now - _YEAR)
        return self.devices[kind]

    def _id(self, kind: Modality) -> str:
        return f"{self.kinds.index(kind) + 1}"

    def _now(self) -> str:
        return _iso(self.clock.wall())


def make_devices(
    maker: UnsafeDeviceMaker, clock: Clock, random: Random, kinds: Sequence[Modality] = KINDS
) -> dict[Modality, UnsafeDeviceKey]:
    """One device of each kind with a serial number and a key of its own, good for a year."""
    now = clock.wall()
    serials = {kind: f"SIM{random.bytes(5).hex().upper()}" for kind in kinds}
    return {kind: maker.device(serial, now - _YEAR, now + _YEAR) for kind, serial in serials.items()}


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _error(code: str) -> dict[str, str]:
    info = "Success" if code == "0" else CODES[code].__name__ if code in CODES else "simulated"
    return {"errorCode": code, "errorInfo": info}


def _json(held: Any) -> bytes:
    return json.dumps(held).encode()
