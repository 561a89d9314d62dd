"""Finding the devices of this machine and believing only what they sign: `Finder`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

from rekam.enrolment.errors import RekamError
from rekam.enrolment.sample import Modality
from rekam.exchange.lanes import Lanes
from rekam.interop.sbi.errors import (
    CODES,
    CertificateNotInForce,
    DeviceHangs,
    DeviceSaysOtherwise,
    DeviceUnreadable,
    RegisteredForOther,
    Said,
    SbiError,
    told,
)
from rekam.interop.sbi.known import Known, Moment
from rekam.interop.sbi.messages import ANY_DEVICE, PURPOSE, Told, devices_told
from rekam.interop.sbi.names import modality_of
from rekam.interop.sbi.wire import DISCOVER, INFO, PORTS, Wire
from rekam.station.devices.port import DeviceHealth
from rekam.trust.clock import Clock
from rekam.trust.device_maker import MADE_UP
from rekam.trust.jwt import Makers, unsigned

__all__ = ["Finder", "Look"]

WITHIN_S: Final = 2.0
"""What a device has for saying who it is; one that needs longer hangs."""
_LONGEST: Final = 80
_HEALTH: Final[Mapping[type[RekamError], DeviceHealth]] = {
    CODES["106"]: DeviceHealth.GONE,
    CODES["110"]: DeviceHealth.NOT_READY,
    CODES["111"]: DeviceHealth.BUSY,
    DeviceHangs: DeviceHealth.NOT_READY,
}
_STATUS: Final = {"ready": None, "busy": "111", "not ready": "110", "not registered": "100"}


@dataclass(frozen=True)
class Look:
    """What one look found: the devices there, and the ports that took a connection and then said nothing."""

    found: tuple[Known, ...] = ()
    hanging: frozenset[int] = field(default_factory=frozenset)


class Finder:
    """`makers` is asked at every look, so that a certificate put into the folder counts at once; `now` is the legal
    time, `env` the environment that devices must be registered in.
    """

    def __init__(
        self,
        wire: Wire,
        makers: Callable[[], Makers],
        clock: Clock,
        *,
        env: str,
        lanes: Lanes,
        now: Callable[[], datetime],
    ) -> None:
        self._wire, self._makers, self._clock = wire, makers, clock
        self._env, self._lanes, self._now = env, lanes, now

    def look(self) -> Look:
        """Asks every port that listens, each by itself: one that hangs or lies delays no other. Never raises."""
        found: dict[int, tuple[Known, ...]] = {}
        hanging: set[int] = set()
        makers = self._makers()

        def ask(port: int) -> None:
            try:
                found[port] = self._behind(port, makers)
            except DeviceHangs:
                hanging.add(port)
            except RekamError:
                return  # whatever listens there is no capture device

        self._lanes(partial(ask, port) for port in self._wire.listening(PORTS))
        return Look(tuple(known for port in sorted(found) for known in found[port]), frozenset(hanging))

    def _behind(self, port: int, makers: Makers) -> tuple[Known, ...]:
        said = devices_told(self._wire.ask(port, DISCOVER, ANY_DEVICE, within_s=WITHIN_S), f"SBI {port}")
        seen = [known for one in said if (known := _seen(port, one)) is not None]
        if not seen:
            raise DeviceUnreadable(device=f"SBI {port}", reason="no device of a kind that is recorded")
        infos = devices_told(self._wire.ask(port, INFO, {}, within_s=WITHIN_S), f"SBI {port}")
        return tuple(self._vouched(known, infos, makers) for known in seen)

    def _vouched(self, known: Known, infos: Sequence[Told], makers: Makers) -> Known:
        """`known` with what it signed: only then it is ready."""
        try:
            info, error = _info_of(known, infos)
            problem = told(error, known.name)
            if problem is not None and not isinstance(info, str):
                raise problem
            signed = makers.verify(info)
            identity = makers.verify(signed.payload.get("digitalId"))
        except RekamError as problem:
            return _unwell(known, problem)
        moment = moment_of(identity.payload.get("dateTime"), self._clock)
        known = replace(_with(known, signed.payload, moment), made_up=MADE_UP in signed.issuer)
        trouble = (
            problem or _otherwise(known, signed.payload, identity.payload, self._env) or _status(known, signed.payload)
        )
        if trouble is not None:
            return _unwell(known, trouble)
        if not signed.in_force(self._now()):
            dates = {"since": f"{signed.not_before:%Y-%m-%d}", "until": f"{signed.not_after:%Y-%m-%d}"}
            return _with(known, signed.payload, moment, CertificateNotInForce(device=known.name, **dates))
        return known


def moment_of(shown: object, clock: Clock) -> Moment | None:
    """A device's ISO 8601 time, None where it tells none."""
    try:
        at = datetime.fromisoformat(str(shown))
    except ValueError:
        return None
    return Moment(at if at.tzinfo else at.replace(tzinfo=UTC), clock.stamp().monotonic_ns)


def _seen(port: int, said: Told) -> Known | None:
    """One entry of a discovery, believed by nobody yet; None for a kind that is not recorded."""
    device = said.device
    if not isinstance(device, dict):
        return None
    try:
        identity = unsigned(device.get("digitalId"))
    except RekamError:
        return None
    modality = modality_of(identity.get("type"))
    if modality is None or modality is Modality.SIGNATURE:
        return None
    name = _text(f"{_text(identity.get('make'))} {_text(identity.get('model'))}") or f"SBI {port}"
    return Known(
        port,
        _text(device.get("deviceId")),
        modality,
        _text(identity.get("deviceSubType")),
        name,
        _text(identity.get("serialNo")),
        _sub_ids(device.get("deviceSubId")),
        DeviceHealth.READY,
    )


def _info_of(known: Known, infos: Sequence[Told]) -> tuple[Any, Any]:
    for one in infos:
        try:
            fields = unsigned(one.device)
        except RekamError:
            continue
        if known.serial in {_text(fields.get("deviceCode")), _text(fields.get("deviceId"))} or (
            known.device_id and _text(fields.get("deviceId")) == known.device_id
        ):
            return one.device, one.error
    raise DeviceUnreadable(device=known.name, reason="it does not say who it is")


def _otherwise(known: Known, info: Mapping[str, Any], identity: Mapping[str, Any], env: str) -> SbiError | None:
    serial = _text(identity.get("serialNo"))
    if known.serial != serial or _text(info.get("deviceCode")) != serial:
        return DeviceSaysOtherwise(device=known.name, what=Said.DEVICE)
    if modality_of(identity.get("type")) is not known.modality:
        return DeviceSaysOtherwise(device=known.name, what=Said.KIND)
    if _text(info.get("purpose")).lower() != PURPOSE.lower():
        return DeviceSaysOtherwise(device=known.name, what=Said.PURPOSE)
    if _text(info.get("env")).lower() != env.lower():
        registered = _text(info.get("env")) or "-"
        return RegisteredForOther(device=known.name, registered=registered, wanted=env)
    return None


def _status(known: Known, info: Mapping[str, Any]) -> SbiError | None:
    """A status that SBI does not know counts as ready: the capture itself will tell."""
    code = _STATUS.get(_text(info.get("deviceStatus")).lower())
    return CODES[code](device=known.name) if code else None


def _unwell(known: Known, trouble: RekamError) -> Known:
    health = next((health for kind, health in _HEALTH.items() if isinstance(trouble, kind)), DeviceHealth.REFUSED)
    return _with(known, {}, known.moment, trouble, health)


def _with(
    known: Known,
    info: Mapping[str, Any],
    moment: Moment | None,
    trouble: RekamError | None = None,
    health: DeviceHealth | None = None,
) -> Known:
    return Known(
        known.port,
        _text(info.get("deviceId")) or known.device_id,
        known.modality,
        known.sub_type,
        known.name,
        known.serial,
        _sub_ids(info.get("deviceSubId")) or known.sub_ids,
        health or known.health,
        trouble,
        moment,
        known.made_up,
    )


def _sub_ids(value: object) -> tuple[str, ...]:
    held = value if isinstance(value, list) else [value] if value else []
    return tuple(_text(one) for one in held[:8])


def _text(value: object) -> str:
    return "".join(letter for letter in str(value if value is not None else "") if letter.isprintable()).strip()[
        :_LONGEST
    ]
