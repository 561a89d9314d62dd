"""A sitting's manifest: plain maps for CBOR that name each image by size and SHA-256, without its bytes.

Keys, all of them always present but the last: ``version`` (1; 2 where a hand is among the entries or exceptions; 3
where there is a ``correction``, with or without hands),
``sitting_id``, ``consent``, ``operator``, ``supervisor`` (or null), ``recorded_at``, ``biodata`` (`Biodata.to_map`),
``check``, ``entries`` in capture order, ``exceptions`` in capture order; ``correction`` (bytes) in version 3.
"""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from rekam.enrolment.biodata import Biodata
from rekam.enrolment.check import CheckAdvice, CheckAnswer
from rekam.enrolment.errors import RekamError
from rekam.enrolment.sample import ExceptionReason, Sample, SampleException
from rekam.enrolment.slot import Modality, Slot

__all__ = [
    "ImageDiffers",
    "InvalidManifest",
    "ManifestMalformed",
    "ManifestVersionUnknown",
    "correction_of",
    "read",
    "require_known",
    "write",
]

PLAIN, WITH_HANDS, WITH_CORRECTION = 1, 2, 3
"""A reader that knows no photos of hands, or no corrections, says so by the version, and its place is updated; it would
take the slot for nonsense, and ask about biodata that are answered for. What holds neither is written as it always was.
"""
_TEXTS = ("sitting_id", "operator", "recorded_at")
_ENTRY = {"media_type": str, "quality": int, "attempts": int, "device": str, "forced": bool}
_HELD = {"attempts": int, "confirmed_by": str, "note": str}


class InvalidManifest(RekamError):
    """The recording's manifest cannot be used. Nothing was changed; keep the packet and report its number."""


class ManifestMalformed(InvalidManifest):
    """The recording's manifest cannot be read: {why}. Nothing was changed; keep the packet and report its number."""


class ManifestVersionUnknown(InvalidManifest):
    """The recording's manifest has version {version}, written by a newer Rekam. Nothing was changed;
    update this place, then try again.
    """


class ImageDiffers(InvalidManifest):
    """The image of {slot} is not the one that the manifest names. Nothing was changed;
    keep the packet and report its number.
    """


def write(
    facts: Mapping[str, Any],
    biodata: Biodata,
    check: CheckAdvice,
    samples: Iterable[Sample],
    exceptions: Iterable[SampleException],
    correction: bytes | None = None,
) -> dict[str, Any]:
    """The manifest of these parts; `facts` are its plain keys."""
    samples, exceptions = list(samples), list(exceptions)
    slots = [sample.slot for sample in samples] + [held.slot for held in exceptions]
    hands = any(slot.modality is Modality.HAND for slot in slots)
    version = WITH_CORRECTION if correction is not None else WITH_HANDS if hands else PLAIN
    return {
        "version": version,
        **facts,
        "biodata": biodata.to_map(),
        "check": {
            "answer": str(check.answer),
            "source": check.source,
            "as_of": check.as_of,
            "reason_to_go_on": check.reason_to_go_on,
        },
        "entries": [_entry(sample) for sample in sorted(samples, key=lambda sample: sample.slot)],
        "exceptions": [_exception(held) for held in sorted(exceptions, key=lambda held: held.slot)],
        **({} if correction is None else {"correction": correction}),
    }


def _entry(sample: Sample) -> dict[str, Any]:
    return {
        "slot": str(sample.slot),
        "media_type": sample.media_type,
        "size": len(sample.image),
        "sha256": sample.digest,
        "quality": sample.quality,
        "attempts": sample.attempts,
        "device": sample.device,
        "forced": sample.forced,
    }


def _exception(held: SampleException) -> dict[str, Any]:
    return {
        "slot": str(held.slot),
        "reason": str(held.reason),
        "attempts": held.attempts,
        "best_quality": held.best_quality,
        "confirmed_by": held.confirmed_by,
        "note": held.note,
    }


def require_known(values: Mapping[str, Any]) -> None:
    """Before anything else of a manifest is looked at. Raises `ManifestVersionUnknown`."""
    if values.get("version") not in {PLAIN, WITH_HANDS, WITH_CORRECTION}:
        raise ManifestVersionUnknown(version=values.get("version"))


def read(values: Mapping[str, Any], images: Mapping[Slot, bytes]) -> dict[str, Any]:
    """The fields of an `Enrolment`; raises `InvalidManifest`, or the error of the part that cannot be."""
    require_known(values)
    try:
        fields = {
            **{name: _typed(values, name, str) for name in _TEXTS},
            "consent": _typed(values, "consent", bool),
            "supervisor": None if values["supervisor"] is None else _typed(values, "supervisor", str),
            "biodata": Biodata.from_map(values["biodata"]),
            "check": _check(values["check"]),
            "samples": tuple(_sample(entry, images) for entry in values["entries"]),
            "exceptions": tuple(_held(entry) for entry in values["exceptions"]),
            "correction": correction_of(values),
        }
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ManifestMalformed(why=f"{type(error).__name__} in a field") from error
    if strangers := set(images) - {sample.slot for sample in fields["samples"]}:
        raise ImageDiffers(slot=min(strangers))
    return fields


def correction_of(values: Mapping[str, Any]) -> bytes | None:
    """What an office signed of these biodata, as the recording brings it; None in a version that has none. Raises
    `ManifestMalformed`.
    """
    if values["version"] != WITH_CORRECTION:
        return None
    found: bytes = _typed(values, "correction", bytes)
    return found


def _typed(values: Mapping[str, Any], name: str, kind: type) -> Any:
    if type(values[name]) is not kind:
        raise ManifestMalformed(why=f"{name} is not {kind.__name__}")
    return values[name]


def _check(advice: Mapping[str, Any]) -> CheckAdvice:
    texts = {name: _typed(advice, name, str) for name in ("source", "as_of", "reason_to_go_on")}
    return CheckAdvice(answer=CheckAnswer(advice["answer"]), **texts)


def _sample(entry: Mapping[str, Any], images: Mapping[Slot, bytes]) -> Sample:
    slot = Slot.parse(entry["slot"])
    image = images.get(slot, b"")
    if len(image) != entry["size"] or hashlib.sha256(image).digest() != entry["sha256"]:
        raise ImageDiffers(slot=slot)
    return Sample(slot=slot, image=image, **{name: _typed(entry, name, kind) for name, kind in _ENTRY.items()})


def _held(entry: Mapping[str, Any]) -> SampleException:
    best = entry["best_quality"]
    return SampleException(
        slot=Slot.parse(entry["slot"]),
        reason=ExceptionReason(entry["reason"]),
        best_quality=best if best is None else _typed(entry, "best_quality", int),
        **{name: _typed(entry, name, kind) for name, kind in _HELD.items()},
    )
