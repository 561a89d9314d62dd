"""The rows in which a half-done sitting is kept, both ways."""

from typing import Any

from rekam.enrolment.biodata import Biodata
from rekam.enrolment.check import CheckAdvice, CheckAnswer
from rekam.enrolment.sample import ExceptionReason, SampleException, Slot
from rekam.station.pass_photo import Cutting
from rekam.station.sitting import Capture, Sitting
from rekam.trust import cbor

__all__ = ["capture_of", "capture_row", "sitting_of", "state_of"]


def state_of(sitting: Sitting) -> bytes:
    """All but the captures, in CBOR, for `draft.state`."""
    state = {
        "biodata": sitting.biodata.to_map(),
        "confirmed": sitting.confirmed,
        "check": [sitting.check.answer, sitting.check.source, sitting.check.as_of, sitting.check.reason_to_go_on],
        "exceptions": [
            [str(held.slot), held.reason, held.attempts, held.best_quality, held.confirmed_by, held.note]
            for held in sitting.exceptions.values()
        ],
        "attempts": {str(slot): count for slot, count in sitting.attempts.items()},
        "warnings": list(sitting.warnings),
        "supervisor": sitting.supervisor,
        "agreed": sitting.agreed,
    }
    return cbor.encode(state)


def capture_row(sitting_id: str, capture: Capture) -> tuple[Any, ...]:
    """Of `draft_capture`."""
    return (
        sitting_id,
        str(capture.slot),
        capture.media_type,
        capture.quality,
        "\n".join(capture.reasons),
        capture.attempts,
        capture.device,
        int(capture.forced) + 2 * int(capture.good),
        capture.image,
        capture.template,
        *_cutting_row(capture.cutting),
    )


def _cutting_row(cutting: Cutting | None) -> tuple[str | None, bytes | None]:
    if cutting is None:
        return None, None
    place = (cutting.x, cutting.y, cutting.width, cutting.height, cutting.across, cutting.down)
    return " ".join(map(str, place)), cutting.whole


def _cutting_of(place: str, whole: bytes) -> Cutting:
    x, y, width, height, across, down = map(int, place.split())
    return Cutting(x, y, width, height, across, down, whole)


def capture_of(row: tuple[Any, ...]) -> Capture:
    """What `capture_row` made a row of."""
    _, slot, media_type, quality, reasons, attempts, device, flags, image, template, place, whole = row
    return Capture(
        Slot.parse(slot),
        media_type,
        image,
        quality,
        tuple(reasons.split("\n")) if reasons else (),
        attempts,
        device,
        forced=bool(flags & 1),
        good=bool(flags & 2),
        template=template,
        cutting=_cutting_of(place, whole) if place else None,
    )


def sitting_of(row: tuple[Any, ...], captures: list[tuple[Any, ...]]) -> Sitting:
    """The sitting of a row of `draft` and those of its captures."""
    sitting_id, _, opened_by, opened_at, state = row
    fields = cbor.decode(state)
    answer, source, as_of, reason = fields["check"]
    held = [
        SampleException(Slot.parse(slot), ExceptionReason(why), attempts, best, by, note)
        for slot, why, attempts, best, by, note in fields["exceptions"]
    ]
    taken = [capture_of(capture) for capture in captures]
    return Sitting(
        sitting_id=sitting_id,
        biodata=Biodata.from_map(fields["biodata"]),
        opened_by=opened_by,
        opened_at=opened_at,
        check=CheckAdvice(CheckAnswer(answer), source, as_of, reason),
        confirmed=fields["confirmed"],
        captures={capture.slot: capture for capture in taken},
        exceptions={exception.slot: exception for exception in held},
        attempts={Slot.parse(slot): count for slot, count in fields["attempts"].items()},
        warnings=tuple(fields["warnings"]),
        supervisor=fields["supervisor"],
        agreed=fields.get("agreed", ""),
    )
