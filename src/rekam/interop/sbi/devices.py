"""All SBI devices of a station behind the one port `rekam.station.devices.port.Device`: `SbiDevices`."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from rekam.enrolment.errors import RekamError
from rekam.exchange.lanes import Lanes, one_lane
from rekam.interop.sbi.checking import Asked, checked
from rekam.interop.sbi.errors import CannotTakeSoMany, DeviceBusy, DeviceGone, DeviceHangs, NoDevice, SbiError
from rekam.interop.sbi.finder import Finder
from rekam.interop.sbi.hash_chain import Chains
from rekam.interop.sbi.known import Known
from rekam.interop.sbi.messages import biometrics, capture_request, stream_request
from rekam.interop.sbi.mjpeg import frames_of
from rekam.interop.sbi.wire import CAPTURE, Wire
from rekam.station.devices.port import DeviceHealth, DeviceState, Frames, NothingCaptured, Shot, Wanted
from rekam.trust.clock import Clock
from rekam.trust.jwt import Makers
from rekam.trust.random import Random

__all__ = ["SbiDevices"]

CAPTURE_S: Final = 10.0
"""What a device has for one capture: the standard asks for an answer within 4 s once the finger lies well."""
GRACE_S: Final = 5.0
"""How long past its own limit a device is waited for: it should answer with its best picture by then."""
FRAME_S: Final = 5.0
PREVIEW_MS: Final = 5 * 60 * 1000


class SbiDevices:
    """Devices come and go; each has a lock of its own, so that one that hangs or lies stops no other, and `look`,
    called every few seconds, finds them again wherever they are plugged in. `env` is SBI's environment
    (``Production`` at a counter).
    """

    def __init__(
        self,
        wire: Wire,
        makers: Callable[[], Makers],
        clock: Clock,
        random: Random,
        *,
        env: str,
        lanes: Lanes = one_lane,
        now: Callable[[], datetime] | None = None,
        capture_s: float = CAPTURE_S,
        grace_s: float = GRACE_S,
    ) -> None:
        self._wire, self._makers, self._clock, self._random = wire, makers, clock, random
        self._finder = Finder(wire, makers, clock, env=env, lanes=lanes, now=now or clock.wall)
        self._env, self._capture_s, self._grace_s = env, capture_s, grace_s
        self._known: dict[str, Known] = {}
        self._faults: dict[str, RekamError] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._chains = Chains()
        self._guard, self._looking = threading.Lock(), threading.Lock()

    def look(self) -> tuple[DeviceState, ...]:
        """Asks all ports anew; devices that were known and are not there any more stay, as gone. Never raises."""
        with self._looking:
            seen = self._finder.look()
            with self._guard:
                found = {known.key: known for known in seen.found}
                for key, before in self._known.items():
                    if key not in found:
                        hangs = before.port in seen.hanging
                        found[key] = _hanging(before) if hangs else _gone(before)
                self._known = found
        return self.state()

    def state(self) -> tuple[DeviceState, ...]:
        with self._guard:
            return tuple(
                known.state(capturing=self._lock(key).locked(), fault=self._faults.get(key))
                for key, known in sorted(self._known.items())
            )

    def capture(self, wanted: Wanted) -> Shot:
        if wanted.missing >= set(wanted.slots):
            raise NothingCaptured(slot=wanted.slots[0], reason="none of it is there")
        known = self._chosen(wanted)
        try:
            shot = self._captured(known, wanted)
        except DeviceGone:
            self.look()  # plugged in elsewhere, or its program was started anew: nothing was captured yet
            shot = self._captured(self._chosen(wanted), wanted)
        gone = [slot for slot in wanted.slots if slot in wanted.missing]
        return replace(
            shot,
            missed={**shot.missed, **{slot: NothingCaptured(slot=slot, reason="it is not there") for slot in gone}},
        )

    def preview(self, wanted: Wanted) -> Frames:
        known = self._chosen(wanted)
        request = stream_request(known.device_id, wanted.slots, PREVIEW_MS)
        try:
            with closing(self._wire.stream(known.port, request, within_s=FRAME_S)) as pieces:
                yield from frames_of(pieces, known.name)
        except (DeviceGone, DeviceHangs) as problem:
            raise _of(problem, known) from None

    def _chosen(self, wanted: Wanted) -> Known:
        """A ready device for these slots, found anew where none is known."""
        if (known := self._ready(wanted)) is not None:
            return known
        self.look()
        if (known := self._ready(wanted)) is not None:
            return known
        with self._guard:
            same = [known for known in self._known.values() if _meant(known, wanted)]
        ready = [known for known in same if known.health is DeviceHealth.READY]
        if ready:
            raise CannotTakeSoMany(device=ready[0].name)
        trouble = next((known.trouble for known in same if known.trouble is not None), None)
        raise trouble or NoDevice(wanted=str(wanted.modality))

    def _ready(self, wanted: Wanted) -> Known | None:
        with self._guard:
            able = [
                known
                for known in self._known.values()
                if _meant(known, wanted) and known.health is DeviceHealth.READY and known.takes(wanted.slots)
            ]
            free = [known for known in able if not self._lock(known.key).locked()]
        return next(iter(free or able), None)

    def _captured(self, known: Known, wanted: Wanted) -> Shot:
        with self._alone(known):
            try:
                shot = self._asked(known, wanted)
            except RekamError as problem:
                told = _of(problem, known)
                self._note(known, told)
                raise told from None
            self._faults.pop(known.key, None)
            return shot

    def _asked(self, known: Known, wanted: Wanted) -> Shot:
        missing = tuple(slot for slot in wanted.slots if slot in wanted.missing)
        previous = self._chains.end(wanted.sitting)
        asked = Asked(
            known,
            tuple(slot for slot in wanted.slots if slot not in wanted.missing),
            self._env,
            _transaction(wanted.sitting, self._random),
            previous,
            self._clock.stamp(),
        )
        request = capture_request(
            wanted.slots,
            env=self._env,
            device_id=known.device_id,
            timeout_ms=round(self._capture_s * 1000),
            at=datetime.fromtimestamp(asked.at.wall_ms / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            transaction=asked.transaction,
            previous_hash=previous.hex().upper(),
            score=wanted.least,
            missing=missing,
        )
        answer = self._wire.ask(known.port, CAPTURE, request, within_s=self._capture_s + self._grace_s)
        shot, end = checked(biometrics(answer, known.name), asked, self._makers(), self._clock.stamp())
        self._chains.advance(wanted.sitting, end)
        return shot

    @contextmanager
    def _alone(self, known: Known) -> Iterator[None]:
        with self._guard:
            lock = self._lock(known.key)
        if not lock.acquire(blocking=False):
            raise DeviceBusy(device=known.name)
        try:
            yield
        finally:
            lock.release()

    def _lock(self, key: str) -> threading.Lock:
        return self._locks.setdefault(key, threading.Lock())

    def _note(self, known: Known, problem: RekamError) -> None:
        """What the page of devices tells until the device captures again."""
        with self._guard:
            self._faults[known.key] = problem
            if isinstance(problem, DeviceGone):
                self._known[known.key] = _gone(known)
            elif isinstance(problem, DeviceHangs):
                self._known[known.key] = _hanging(known)


def _meant(known: Known, wanted: Wanted) -> bool:
    return known.modality is wanted.modality and wanted.device in {None, known.key}


def _gone(known: Known) -> Known:
    return replace(known, health=DeviceHealth.GONE, trouble=DeviceGone(device=known.name))


def _hanging(known: Known) -> Known:
    return replace(
        known, health=DeviceHealth.NOT_READY, trouble=DeviceHangs(device=known.name, seconds=round(CAPTURE_S))
    )


def _of(problem: RekamError, known: Known) -> RekamError:
    """The same sentence with the device's own name in place of its port."""
    return type(problem)(**{**problem.facts, "device": known.name}) if isinstance(problem, SbiError) else problem


def _transaction(sitting: str, random: Random) -> str:
    """Another one for every capture (4 to 50 letters, digits, hyphens); its first part is the same within a sitting and
    says nothing of the resident.
    """
    return f"{''.join(letter for letter in sitting if letter.isalnum())[:32]}-{random.bytes(8).hex()}"
