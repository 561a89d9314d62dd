"""Everything that the office's staff see and do: `PARTS`. A new part is two lines, each in its place."""

from typing import Final

from rekam.office.office import Office
from rekam.office.pages import (
    api,
    blanks,
    cards,
    days,
    key_stops,
    letters,
    log,
    operator_keys,
    overview,
    packets,
    recovery,
    residents,
    set_aside,
)
from rekam.web.part import Parts

__all__ = ["PARTS"]

PARTS: Final[Parts[Office]] = Parts(
    api.PART,
    blanks.PART,
    cards.PART,
    days.PART,
    key_stops.PART,
    letters.PART,
    log.PART,
    operator_keys.PART,
    overview.PART,
    packets.PART,
    recovery.PART,
    residents.PART,
    set_aside.PART,
)
