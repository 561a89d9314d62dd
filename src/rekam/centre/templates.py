"""A case's templates as the engine in use makes them."""

import cbor2
import structlog

from rekam.abis.engine import Engine
from rekam.abis.kinds import agree, all_of
from rekam.abis.template_set import TemplateSet
from rekam.centre.case import Case
from rekam.enrolment.sample import Modality
from rekam.web.i18n import error_text

__all__ = ["current_templates", "extracted", "searchable_images"]

log = structlog.get_logger()


def searchable_images(case: Case) -> dict[str, bytes]:
    """The finger and iris images of the working copy, by slot. Raises `WorkingCopyMissing`."""
    slots = [entry["slot"] for entry in cbor2.loads(case.read("manifest"))["entries"]]
    return {slot: case.read(slot) for slot in slots if slot.partition("-")[0] in {Modality.FINGER, Modality.IRIS}}


def extracted(engine: Engine, images: dict[str, bytes]) -> tuple[TemplateSet, dict[str, dict[str, object]]]:
    """Every image gives a template or a reason; the second is what the quality stage judges, by slot."""
    templates, failures = engine.extract_all(images)
    report: dict[str, dict[str, object]] = {
        slot: {"quality": template.quality, "reasons": list(template.reasons)} for slot, template in templates.items()
    }
    report |= {slot: {"quality": 0, "failed": error_text(failure)} for slot, failure in failures.items()}
    return templates, report


def current_templates(engine: Engine, case: Case) -> TemplateSet:
    """The templates kept with the case, or made anew from its images where another extractor made those."""
    kept = TemplateSet.from_bytes(case.read("templates"))
    if agree(all_of([kept]), engine.kinds):
        return kept
    made, _ = extracted(engine, searchable_images(case))
    if lost := sorted(set(kept) - set(made)):
        log.warning("templates that another extractor does not make", packet_id=case.packet_id, slots=lost)
    return made
