"""SBI's JSON: what a station asks, written strictly, and what devices answer, read leniently."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from rekam.enrolment.sample import Modality, Slot
from rekam.interop.sbi.errors import DeviceUnreadable
from rekam.interop.sbi.names import TYPES, sub_id, sub_type

__all__ = [
    "ANY_DEVICE",
    "PURPOSE",
    "SPEC_VERSION",
    "Biometric",
    "Told",
    "biometrics",
    "capture_request",
    "devices_told",
    "stream_request",
]

SPEC_VERSION: Final = "0.9.5"
PURPOSE: Final = "Registration"
ANY_DEVICE: Final = {"type": "Biometric Device"}
_MOST_ENTRIES: Final = 64


@dataclass(frozen=True)
class Told:
    """One entry of a discovery or info answer: `device` its fields or a token of them, `error` as it stands."""

    device: Any
    error: Any


@dataclass(frozen=True)
class Biometric:
    """One entry of a capture answer: the signed `data`, the `hash` beside it and the `error`."""

    data: Any
    hash: str
    error: Any


def capture_request(
    slots: Sequence[Slot],
    *,
    env: str,
    device_id: str,
    timeout_ms: int,
    at: str,
    transaction: str,
    previous_hash: str,
    score: int,
    missing: Sequence[Slot] = (),
) -> dict[str, Any]:
    """A registration capture of `slots`, all of one modality; `at` ISO 8601 UTC, `missing` those a device must not
    wait for.
    """
    modality = slots[0].modality
    names = [sub_type(slot) for slot in slots if slot not in missing]
    bio = {
        "type": TYPES[modality],
        "count": "1" if modality is Modality.PHOTO else str(len(names)),
        "bioSubType": [] if modality is Modality.PHOTO else names,
        "exception": [sub_type(slot) for slot in missing],
        "requestedScore": str(score),
        "deviceId": device_id,
        "deviceSubId": sub_id(slots),
        "previousHash": previous_hash,
    }
    return {
        "env": env,
        "purpose": PURPOSE,
        "specVersion": SPEC_VERSION,
        "timeout": str(timeout_ms),
        "captureTime": at,
        "transactionId": transaction,
        "bio": [bio],
        "customOpts": {},
    }


def stream_request(device_id: str, slots: Sequence[Slot], timeout_ms: int) -> dict[str, Any]:
    """A preview of what a capture of `slots` would see."""
    return {"deviceId": device_id, "deviceSubId": sub_id(slots), "timeout": str(timeout_ms)}


def devices_told(answer: bytes, device: str) -> list[Told]:
    """The devices behind one port. In a discovery answer the fields stand by themselves, in an info answer within
    `deviceInfo`. Raises `DeviceUnreadable`.
    """
    held = _parsed(answer, device)
    entries = held if isinstance(held, list) else [held]
    if len(entries) > _MOST_ENTRIES or not all(isinstance(entry, dict) for entry in entries):
        raise DeviceUnreadable(device=device, reason="no list of devices")
    return [Told(entry.get("deviceInfo", entry), entry.get("error")) for entry in entries]


def biometrics(answer: bytes, device: str) -> list[Biometric]:
    """What was captured, in the device's order. Raises `DeviceUnreadable`."""
    held = _parsed(answer, device)
    if not isinstance(held, dict):
        raise DeviceUnreadable(device=device, reason="no answer to a capture")
    entries = held.get("biometrics")
    if not isinstance(entries, list) or not entries:
        entries = [{"error": held.get("error")}]
    if len(entries) > _MOST_ENTRIES or not all(isinstance(entry, dict) for entry in entries):
        raise DeviceUnreadable(device=device, reason="no list of biometrics")
    return [Biometric(entry.get("data"), str(entry.get("hash") or ""), entry.get("error")) for entry in entries]


def _parsed(answer: bytes, device: str) -> Any:
    try:
        return json.loads(answer)
    except (ValueError, RecursionError):
        raise DeviceUnreadable(device=device, reason="no JSON") from None
