"""Stage 5: templates anew from the images; what the station extracted is never believed."""

from typing import ClassVar

import cbor2

from rekam.abis.engine import Engine
from rekam.centre.case import Case
from rekam.centre.templates import extracted, searchable_images
from rekam.centre.verdict import Pass, Verdict
from rekam.enrolment.status import Status

__all__ = ["Extraction"]


class Extraction:
    """Every finger and iris image gives a template or a reason; the quality stage judges what is left."""

    name: ClassVar[str] = "extraction"
    alone: ClassVar[bool] = False
    failing: ClassVar[Status | None] = None

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def run(self, case: Case) -> Verdict:
        templates, report = extracted(self._engine, searchable_images(case))
        kept = (case.keep("templates", templates.to_bytes()), case.keep("quality", cbor2.dumps(report)))
        return Pass(kept, f"{len(templates)} dari {len(report)} citra terbaca")
