"""What can be wrong with a device, each in a sentence that says what to do; SBI's own codes by `told`."""

from collections.abc import Mapping
from enum import Enum
from typing import Any, Final

from rekam.enrolment.errors import RekamError

__all__ = [
    "CODES",
    "CannotTakeSoMany",
    "CertificateNotInForce",
    "DeviceBusy",
    "DeviceExpired",
    "DeviceGone",
    "DeviceHangs",
    "DeviceNotFound",
    "DeviceNotReady",
    "DeviceNotRegistered",
    "DeviceSaysOtherwise",
    "DeviceTampered",
    "DeviceUnreadable",
    "EncryptionKeyMissing",
    "ExtractionFailed",
    "MakerUnreachable",
    "MakersOwnError",
    "NoDevice",
    "NothingSeen",
    "RegisteredForOther",
    "Said",
    "SbiError",
    "TransactionRefused",
    "WrongMoment",
    "WrongWayUp",
    "told",
]


class Said(Enum):
    """What a device can say otherwise than was asked."""

    DEVICE = ("nomor seri alat", "device serial number")
    ENVIRONMENT = ("lingkungan kerja", "environment")
    PURPOSE = ("tujuan perekaman", "purpose")
    TRANSACTION = ("nomor pengambilan", "capture number")
    KIND = ("jenis atau posisi biometrik", "kind or position of biometric")
    CHAIN = ("rantai sidik berkas (hash)", "hash chain")

    def words(self, lang: str) -> str:
        return self.value[lang == "en"]


class SbiError(RekamError):
    """The capture device {device} failed. The sitting is kept. Try again, or use another device."""


class DeviceNotRegistered(SbiError):
    """{device} is not registered with its maker, so nothing that it captures counts. The sitting is kept.
    Use another device, and have this one registered by the technician.
    """


class NothingSeen(SbiError):
    """{device} saw no finger, eye or face. The sitting is kept.
    Place it as the picture shows, hold still, and capture again.
    """


class ExtractionFailed(SbiError):
    """{device} saw something but could not make a picture of it. The sitting is kept.
    Clean its glass or lens, and capture again.
    """


class DeviceTampered(SbiError):
    """{device} reports that it was opened or changed, and it must not be used any more. The sitting is kept.
    Put it aside, use another device, and report its serial number to the office today.
    """


class MakerUnreachable(SbiError):
    """{device} cannot reach its maker's server. The sitting is kept.
    Capture again; if it refuses, connect this computer to the network for a moment.
    """


class WrongWayUp(SbiError):
    """{device} saw it the wrong way round. The sitting is kept. Turn hand, head or device upright and capture again."""


class DeviceNotFound(SbiError):
    """The program of {device} runs, and the device itself is not plugged in. The sitting is kept.
    Plug its cable in, wait for its light, and capture again.
    """


class DeviceExpired(SbiError):
    """The key of {device} has expired, so it refuses to capture. The sitting is kept.
    Connect this computer to the network so that the device renews its key; until then use another device.
    """


class EncryptionKeyMissing(SbiError):
    """{device} lacks a key that its maker must load into it. The sitting is kept.
    Use another device, and have this one set up by the technician.
    """


class CannotTakeSoMany(SbiError):
    """{device} cannot take so many fingers or eyes at once. The sitting is kept. Capture them one by one."""


class DeviceNotReady(SbiError):
    """{device} is starting or warming up. The sitting is kept. Wait a few seconds, then capture again."""


class DeviceBusy(SbiError):
    """{device} is busy with another capture. The sitting is kept.
    Wait until its light goes out; close other programs that use it, and capture again.
    """


class TransactionRefused(SbiError):
    """{device} refused the number of this capture. The sitting is kept.
    Capture again: each try has a number of its own.
    """


class MakersOwnError(SbiError):
    """{device} reports an error of its maker's own ({code}: {info}). The sitting is kept.
    Capture again; if it comes back, plug the device in anew and tell the technician this code.
    """


class DeviceGone(SbiError):
    """{device} does not answer any more: unplugged, or its program ended. The sitting and all samples are kept.
    Plug it in again; this station finds it by itself within seconds.
    """


class DeviceHangs(SbiError):
    """{device} did not answer within {seconds} seconds, so the station stopped waiting. The sitting is kept.
    Pull its plug, put it in again, and capture once more; nothing has to be restarted.
    """


class DeviceUnreadable(SbiError):
    """{device} answered with something that no device should say ({reason}). Nothing of it was taken over.
    Capture again; if it comes back, plug the device in anew or use another one, and report its serial number.
    """


class DeviceSaysOtherwise(SbiError):
    """{device} answered with another {what} than was asked for, so nothing of it was taken over: it may be an old
    answer, or another program's. Capture again; if it comes back, use another device and report this one.
    """


class WrongMoment(SbiError):
    """{device} dates its picture {told}, which is not now, so nothing of it was taken over: it may be an old picture.
    Capture again. If it comes back, set the clock of this computer and plug the device in anew.
    """


class CertificateNotInForce(SbiError):
    """The certificate of {device} is dated from {since} to {until}, and today lies outside of that. Its pictures are
    signed, so they are taken over all the same. Check the date of this computer, and connect it to the network for a
    moment so that the device renews its key.
    """


class RegisteredForOther(SbiError):
    """{device} is registered for {registered}, and this station takes devices for {wanted} only, so nothing of it would
    count. The sitting is kept. Use another device, or have this one registered by the technician.
    """


class NoDevice(SbiError):
    """No device for this is plugged in and ready ({wanted}). The sitting is kept.
    Plug one in and capture again; the page Devices shows what this station sees. A photo and a signature can also be
    taken with this computer's own camera and pad.
    """


CODES: Final[Mapping[str, type[SbiError]]] = {
    "100": DeviceNotRegistered,
    "101": NothingSeen,
    "102": ExtractionFailed,
    "103": DeviceTampered,
    "104": MakerUnreachable,
    "105": WrongWayUp,
    "106": DeviceNotFound,
    "107": DeviceExpired,
    "108": EncryptionKeyMissing,
    "109": CannotTakeSoMany,
    "110": DeviceNotReady,
    "111": DeviceBusy,
    "112": TransactionRefused,
}
"""MOSIP SBI 0.9.5, the list of error codes; 5xx and all others are their makers' own."""
_WELL: Final = {"", "0", "None", "null"}
_LONGEST: Final = 120


def told(error: object, device: str) -> SbiError | None:
    """The error that an `error` field tells of, None for success. Read leniently: numbers or text, absent or empty."""
    if not isinstance(error, dict):
        return None
    held: dict[str, Any] = error
    code = str(held.get("errorCode", "")).strip()
    if code in _WELL:
        return None
    if code in CODES:
        return CODES[code](device=device)
    info = "".join(letter for letter in str(held.get("errorInfo", "")) if letter.isprintable())
    return MakersOwnError(device=device, code=code[:_LONGEST], info=info[:_LONGEST])
