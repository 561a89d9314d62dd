"""Stage 5: templates anew from the images; what the station extracted is never believed."""

from typing import ClassVar

import cbor2

from rekam.abis.engine import Engine
from rekam.abis.errors import AbisError
from rekam.abis.image import load_image
from rekam.abis.template_set import TemplateSet
from rekam.centre.case import Case
from rekam.centre.verdict import Pass, Verdict
from rekam.enrolment.sample import Modality
from rekam.enrolment.status import Status
from rekam.web.i18n import error_text

__all__ = ["Extraction"]


class Extraction:
    """Every finger and iris image gives a template or a reason; the quality stage judges what is left."""

    name: ClassVar[str] = "extraction"
    alone: ClassVar[bool] = False
    failing: ClassVar[Status | None] = None

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def run(self, case: Case) -> Verdict:
        templates = {}
        report: dict[str, dict[str, object]] = {}
        for sample in case.enrolment().samples:
            if sample.slot.modality not in {Modality.FINGER, Modality.IRIS}:
                continue
            slot = str(sample.slot)
            try:
                template = self._engine.extract(slot, load_image(sample.image))
            except AbisError as error:
                report[slot] = {"quality": 0, "failed": error_text(error)}
                continue
            templates[slot] = template
            report[slot] = {"quality": template.quality, "reasons": list(template.reasons)}
        kept = (
            case.keep("templates", TemplateSet(templates).to_bytes()),
            case.keep("quality", cbor2.dumps(report)),
        )
        return Pass(kept, f"{len(templates)} dari {len(report)} citra terbaca")
