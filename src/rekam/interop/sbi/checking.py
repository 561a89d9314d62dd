"""Believing a capture: everything that came back against everything that was asked: `checked`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from rekam.enrolment.errors import RekamError
from rekam.enrolment.sample import Modality, Slot
from rekam.interop.sbi.errors import (
    DeviceSaysOtherwise,
    DeviceUnreadable,
    NothingSeen,
    Said,
    SbiError,
    WrongMoment,
    told,
)
from rekam.interop.sbi.hash_chain import link
from rekam.interop.sbi.known import Known
from rekam.interop.sbi.messages import PURPOSE, Biometric
from rekam.interop.sbi.names import modality_of, slot_of
from rekam.station.devices.port import Captured, Shot
from rekam.trust.clock import Stamp
from rekam.trust.jwt import Makers, from_base64url, unsigned

__all__ = ["Asked", "checked"]

TOLERANCE: Final = timedelta(minutes=5)
"""How far a device's time may be off; even years, if it was off by as much when the device was found."""


@dataclass(frozen=True)
class Asked:
    """What one capture asked of `known`: the slots it should show, and what its answer must repeat. `previous` is the
    chain's end before it, `at` the moment of asking.
    """

    known: Known
    slots: tuple[Slot, ...]
    env: str
    transaction: str
    previous: bytes
    at: Stamp


def checked(entries: Sequence[Biometric], asked: Asked, makers: Makers, now: Stamp) -> tuple[Shot, bytes]:
    """The pictures, and the chain's new end. A device that could not take one of several slots tells why for that slot.

    One entry that is altered, of another capture, or out of the chain discredits all: nothing is taken over then.
    Raises an `SbiError` or an error of `rekam.trust.jwt`.
    """
    captured: dict[Slot, Captured] = {}
    missed: dict[Slot, RekamError] = {}
    unplaced: SbiError | None = None
    end = asked.previous
    for entry in entries:
        problem = told(entry.error, asked.known.name)
        if problem is None and not entry.data:
            problem = NothingSeen(device=asked.known.name)
        if problem is not None:
            slot = _slot_told(entry, asked)
            missed |= {slot: problem} if slot else {}
            unplaced = unplaced or problem
            continue
        payload = makers.verify(entry.data).payload
        slot = _same(payload, asked, makers)
        _in_time(payload, asked, now)
        record = from_base64url(payload.get("bioValue"))
        end = link(end, record)
        if entry.hash.strip().lower() != end.hex():
            raise DeviceSaysOtherwise(device=asked.known.name, what=Said.CHAIN)
        if slot in captured:
            raise DeviceSaysOtherwise(device=asked.known.name, what=Said.KIND)
        from rekam.interop.sbi.records import picture_in  # with the engine (ADR 0046)

        image, media_type = picture_in(slot, record, asked.known.name)
        name = f"{asked.known.name} {asked.known.serial}".strip()
        captured[slot] = Captured(slot, image, media_type, name, _quality(payload.get("qualityScore")))
    otherwise = unplaced or NothingSeen(device=asked.known.name)
    if not captured:
        raise otherwise
    absent = {slot: missed.get(slot, otherwise) for slot in asked.slots if slot not in captured}
    return Shot(tuple(captured[slot] for slot in asked.slots if slot in captured), absent), end


def _same(payload: Mapping[str, Any], asked: Asked, makers: Makers) -> Slot:
    """The slot that this entry shows, after all else was found to be what was asked for."""
    known = asked.known
    identity = makers.verify(payload.get("digitalId")).payload
    if {str(identity.get("serialNo")), str(payload.get("deviceCode"))} != {known.serial}:
        raise DeviceSaysOtherwise(device=known.name, what=Said.DEVICE)
    if payload.get("transactionId") != asked.transaction:
        raise DeviceSaysOtherwise(device=known.name, what=Said.TRANSACTION)
    if str(payload.get("env")).lower() != asked.env.lower():
        raise DeviceSaysOtherwise(device=known.name, what=Said.ENVIRONMENT)
    if str(payload.get("purpose")).lower() != PURPOSE.lower():
        raise DeviceSaysOtherwise(device=known.name, what=Said.PURPOSE)
    if modality_of(payload.get("bioType")) is not known.modality:
        raise DeviceSaysOtherwise(device=known.name, what=Said.KIND)
    slot = slot_of(known.modality, payload.get("bioSubType"))
    if slot is None and len(asked.slots) == 1:
        slot = asked.slots[0]  # UNKNOWN: there was only one to take
    if slot not in asked.slots:
        raise DeviceSaysOtherwise(device=known.name, what=Said.KIND)
    return slot


def _in_time(payload: Mapping[str, Any], asked: Asked, now: Stamp) -> None:
    """Between question and answer, by this machine's clock or by the device's own, whichever it goes by."""
    shown = str(payload.get("timestamp"))
    try:
        at = datetime.fromisoformat(shown)
    except ValueError:
        raise DeviceUnreadable(device=asked.known.name, reason="no time of capture") from None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    spans = [(_wall(asked.at), _wall(now))]
    moment = asked.known.moment
    if moment is not None:
        since = [timedelta(microseconds=(one.monotonic_ns - moment.monotonic_ns) / 1000) for one in (asked.at, now)]
        spans.append((moment.shown + since[0], moment.shown + since[1]))
    if not any(begins - TOLERANCE <= at <= ends + TOLERANCE for begins, ends in spans):
        raise WrongMoment(device=asked.known.name, told=f"{at:%Y-%m-%d %H:%M} UTC")


def _wall(stamp: Stamp) -> datetime:
    return datetime.fromtimestamp(stamp.wall_ms / 1000, UTC)


def _slot_told(entry: Biometric, asked: Asked) -> Slot | None:
    """Which slot a failed entry speaks of, where it says so."""
    if len(asked.slots) == 1:
        return asked.slots[0]
    try:
        slot = slot_of(asked.known.modality, unsigned(entry.data).get("bioSubType"))
    except RekamError:
        return None
    return slot if slot in asked.slots and asked.known.modality is not Modality.PHOTO else None


def _quality(score: object) -> int | None:
    try:
        return max(0, min(100, round(float(str(score)))))
    except (ValueError, OverflowError):
        return None
