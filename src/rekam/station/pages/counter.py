"""What every page of a sitting shows around its middle: the steps at the left, the resident at the right."""

from typing import Any

from rekam.enrolment.sample import Modality, Slot
from rekam.station.pages.words import STEP_NAMES
from rekam.station.sitting import Sitting
from rekam.station.steps import STEPS, Step, StepState
from rekam.web.i18n import _, language

__all__ = ["around", "step_of", "tasks"]

_PHOTO = Slot(Modality.PHOTO)
_STEPS = {
    Modality.PHOTO: Step.PHOTO,
    Modality.SIGNATURE: Step.SIGNATURE,
    Modality.FINGER: Step.FINGERS,
    Modality.HAND: Step.FINGERS,
    Modality.IRIS: Step.IRISES,
}
_STATES = {StepState.DONE: "done", StepState.ATTENTION: "problem"}


def step_of(slot: Slot) -> Step:
    """The step at which `slot` is captured."""
    return _STEPS[slot.modality]


def around(sitting: Sitting, page: Step | None) -> dict[str, Any]:
    """The context of `sitting_page.html`; `page` is the step whose page this is."""
    photo = sitting.captures.get(_PHOTO)
    return {
        "sitting": sitting,
        "tasks": tasks(sitting, page),
        "photo": image_address(sitting, _PHOTO) if photo else None,
        "nik_warnings": [warning.words(language()) for warning in sitting.biodata.warnings()],
    }


def image_address(sitting: Sitting, slot: Slot) -> str:
    """Changes with every better attempt, so that no page shows an old one."""
    capture = sitting.captures[slot]
    cut = capture.cutting
    frame = f"&frame={cut.x}-{cut.y}-{cut.height}" if cut else ""
    return f"/sittings/{sitting.sitting_id}/images/{slot}?attempt={capture.attempts}{frame}"


def tasks(sitting: Sitting, page: Step | None) -> list[dict[str, Any]]:
    """The task list: where each step stands, with a word on it, and the way there."""
    states = sitting.steps()
    found: list[dict[str, Any]] = [{"name": _("Cari NIK"), "state": "done", "href": "/"}]
    for step in STEPS:
        excepted = sum(slot in sitting.exceptions for slot in _counted(sitting, step))
        state = "exception" if excepted and states[step] is StepState.DONE else _STATES.get(states[step], "waiting")
        task = {"name": _(STEP_NAMES[step]), "state": "current" if step is page else state, "note": None}
        if step is not page:
            task["href"] = f"/sittings/{sitting.sitting_id}/{step}"
        task["note"] = _note(sitting, step, excepted, done=states[step] is StepState.DONE)
        found.append(task)
    return found


def _counted(sitting: Sitting, step: Step) -> tuple[Slot, ...]:
    """Fingers and eyes, not the photo that shows why some are missing."""
    return tuple(slot for slot in sitting.slots_of(step) if slot.modality is not Modality.HAND)


def _note(sitting: Sitting, step: Step, excepted: int, *, done: bool) -> str | None:
    slots = _counted(sitting, step)
    if step is Step.FINGERS and all(sitting.filled(slot) for slot in slots) and not done:
        return _("Foto tangan belum ada")
    if excepted:
        return _("%(n)s dikecualikan", n=excepted)
    if len(slots) > 1 and not done:
        filled = sum(sitting.filled(slot) for slot in slots)
        return _("%(done)s dari %(all)s", done=filled, all=len(slots)) if filled else None
    if step is Step.REVIEW and sitting.needs_reason:
        return _("Peringatan menunggu alasan")
    return None
