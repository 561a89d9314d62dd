"""What the station's API says of its things, as JSON-able dicts."""

from typing import Any

from rekam.station.capture import BARS, Judged
from rekam.station.recordings import Recording
from rekam.station.sitting import Sitting
from rekam.station.whereabouts import whereabouts
from rekam.trust.clock import Clock

__all__ = ["age_seconds", "recording_view", "sitting_view", "slot_view"]


def sitting_view(sitting: Sitting) -> dict[str, Any]:
    """A sitting without its images."""
    slots: dict[str, Any] = {
        str(slot): {
            "state": "captured" if capture.good else "weak",
            "quality": capture.quality,
            "reasons": list(capture.reasons),
            "attempts": capture.attempts,
        }
        for slot, capture in sitting.captures.items()
    }
    for slot, held in sitting.exceptions.items():
        slots[str(slot)] = {"state": "exception", "reason": held.reason, "attempts": held.attempts}
    return {
        "sitting_id": sitting.sitting_id,
        "nik": sitting.nik,
        "name": sitting.biodata.name,
        "step": sitting.next_step,
        "steps": dict(sitting.steps()),
        "slots": slots,
        "check": {"answer": sitting.check.answer, "source": sitting.check.source, "as_of": sitting.check.as_of},
        "needs_reason": sitting.needs_reason,
        "supervisor": sitting.supervisor,
        "warnings": [{"kind": "second_recording", "number": number} for number in sitting.warnings],
    }


def slot_view(slot: str, sitting: Sitting, judged: Judged) -> dict[str, Any]:
    """One attempt: what this image was worth, and what is kept."""
    view = sitting_view(sitting)
    kept = view["slots"][slot]
    modality = next(held.slot.modality for held in sitting.captures.values() if str(held.slot) == slot)
    return {
        "quality": judged.quality,
        "reasons": list(judged.reasons),
        "needed": BARS[modality],
        "accepted": kept["state"] == "captured",
        "attempts": kept["attempts"],
        "warnings": view["warnings"],
        "needs_reason": view["needs_reason"],
    }


def recording_view(recording: Recording) -> dict[str, Any]:
    """A recording and where it is, in plain words."""
    where = whereabouts(recording)
    return {
        "packet_id": recording.packet_id,
        "number": recording.number,
        "nik": recording.nik,
        "name": recording.name,
        "salt": recording.salt.hex(),
        "saved_at": recording.saved_at,
        "status": recording.status,
        "words": where.words,
        "as_of": where.as_of,
        "reason": recording.reason,
        "custody": recording.custody_at is not None,
        "accepted": recording.accepted_at is not None,
    }


def age_seconds(clock: Clock, since_ms: int | None) -> int | None:
    """How long something has waited by this machine's own clock: for showing only."""
    return None if since_ms is None else max(0, (clock.stamp().wall_ms - since_ms) // 1000)
