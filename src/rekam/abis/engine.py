"""The biometric engine as the rest of Rekam sees it: images in, template sets out, two sets compared."""

from collections.abc import Callable, Mapping

from rekam.abis.errors import (
    ExtractionFailed,
    TemplateOfWrongKind,
    TemplatesOfDifferentExtractors,
    WrongKindOfImage,
)
from rekam.abis.finger.compare import compare as compare_fingers
from rekam.abis.finger.cylinders import prepare
from rekam.abis.finger.extractors import FingerExtractor, classical
from rekam.abis.finger.template import FingerTemplate
from rekam.abis.fusion import Comparison, Verdict, fuse, missing_slots, verdict_of
from rekam.abis.image import GreyImage
from rekam.abis.iris.compare import compare as compare_irises
from rekam.abis.iris.extract import extract as extract_iris
from rekam.abis.iris.template import EXTRACTOR_VERSION as IRIS_EXTRACTOR_VERSION
from rekam.abis.iris.template import EXTRACTORS as IRIS_EXTRACTORS
from rekam.abis.iris.template import IrisTemplate
from rekam.abis.kinds import Kind, Kinds
from rekam.abis.slots import Modality, modality_of
from rekam.abis.template_set import Template, TemplateSet

__all__ = ["Comparison", "Engine", "Template", "TemplateSet", "Verdict"]


class Engine:
    """Stateless; one may serve every thread. Fingers are extracted by `finger_extractor`, None the classical one.

    `kinds` names the extractors of the templates it makes.
    """

    def __init__(self, finger_extractor: FingerExtractor | None = None) -> None:
        fingers = finger_extractor or classical()
        self.kinds: Kinds = {
            Modality.FINGER: Kind(fingers.name, fingers.version),
            Modality.IRIS: Kind(IRIS_EXTRACTORS[1], IRIS_EXTRACTOR_VERSION),
        }
        self._extractors: Mapping[Modality, Callable[[GreyImage], Template]] = {
            Modality.FINGER: fingers.extract,
            Modality.IRIS: extract_iris,
        }

    def extract(self, slot: str, image: GreyImage) -> Template:
        """The template of the finger or iris that `slot` names.

        Raises `UnknownSlot`; `WrongKindOfImage` and `ExtractionFailed` where the image does not serve.
        """
        extract = self._extractors[modality_of(slot)]
        try:
            return extract(image)
        except (WrongKindOfImage, ExtractionFailed) as failure:
            # an extractor knows its modality only; the operator is told the slot
            raise type(failure)(**{**failure.facts, "slot": slot}) from failure

    def compare(self, a: TemplateSet, b: TemplateSet) -> Comparison:
        """Two records compared slot by slot, with the verdict of a 1:1 comparison.

        Only slots that both have count; where they share none, `scores` is empty, `llr` 0.0 and the verdict UNIQUE.
        """
        scores = {slot: slot_score(slot, a[slot], b[slot]) for slot in a if slot in b}
        llr = fuse(scores)
        return Comparison(llr, scores, missing_slots(a, b), verdict_of(llr))


def slot_score(slot: str, a: Template, b: Template) -> float:
    """The score of one slot: finger similarity 0-1, or iris distance 0-1.

    Raises `TemplateOfWrongKind`, `TemplatesOfDifferentExtractors`.
    """
    match modality_of(slot), a, b:
        case Modality.FINGER, FingerTemplate(), FingerTemplate():
            _require_one_extractor(slot, a, b)
            return compare_fingers(prepare(a), prepare(b))
        case Modality.IRIS, IrisTemplate(), IrisTemplate():
            return compare_irises(a, b).distance
        case _:
            raise TemplateOfWrongKind(slot=slot, kind=f"{type(a).__name__} and {type(b).__name__}")


def _require_one_extractor(slot: str, a: FingerTemplate, b: FingerTemplate) -> None:
    """Scores of different extractors' templates would be read on the wrong scale."""
    if (a.extractor, a.version) != (b.extractor, b.version):
        kinds = f"{a.extractor} {a.version}, {b.extractor} {b.version}"
        raise TemplatesOfDifferentExtractors(slot=slot, kinds=kinds)
