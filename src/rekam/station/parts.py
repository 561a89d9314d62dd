"""Everything that the station's web application is made of: `PARTS`. A new part is two lines, each in its place."""

from typing import Final

from rekam.station.api import (
    recordings_api,
    sign_in_api,
    sittings_api,
    state_api,
)
from rekam.station.front import Front
from rekam.station.pages import (
    captures,
    check,
    closing,
    day_end,
    detours,
    devices,
    engine,
    exceptions,
    key_requests,
    notices,
    outbox,
    papers,
    plan,
    preview,
    queue,
    recordings,
    resident_screen,
    residents,
    review,
    scan,
    screen,
    serving,
    sign_in,
    staff,
    start,
    steps,
    taking,
    tickets,
    warning,
)
from rekam.web.part import Parts

__all__ = ["PARTS"]

PARTS: Final[Parts[Front]] = Parts(
    captures.PART,
    check.PART,
    closing.PART,
    day_end.PART,
    detours.PART,
    devices.PART,
    engine.PART,
    exceptions.PART,
    key_requests.PART,
    notices.PART,
    outbox.PART,
    papers.PART,
    plan.PART,
    preview.PART,
    queue.PART,
    recordings.PART,
    recordings_api.PART,
    residents.PART,
    resident_screen.PART,
    review.PART,
    scan.PART,
    screen.PART,
    serving.PART,
    sign_in.PART,
    sign_in_api.PART,
    sittings_api.PART,
    staff.PART,
    start.PART,
    state_api.PART,
    tickets.PART,
    taking.PART,
    warning.PART,
    steps.PART,  # last: its addresses are the most general
)
