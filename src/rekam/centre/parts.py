"""Everything that the centre's staff see and do: `PARTS`. A new part is two lines, each in its place."""

from typing import Final

from rekam.centre.front import Front
from rekam.centre.pages import (
    adjudications,
    cases,
    key_ends,
    notices,
    overview,
    quarantine,
    twin,
    validations,
    withheld,
    witnesses,
)
from rekam.web.part import Parts

__all__ = ["PARTS"]

PARTS: Final[Parts[Front]] = Parts(
    adjudications.PART,
    cases.PART,
    key_ends.PART,
    notices.PART,
    overview.PART,
    quarantine.PART,
    twin.PART,
    validations.PART,
    withheld.PART,
    witnesses.PART,
)
