"""The biometric engine as the rest of Rekam sees it: images in, template sets out, two sets compared."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from rekam.abis.errors import AbisError, ExtractionFailed, LeaderNotReady, WrongKindOfImage
from rekam.abis.finger.extractors import FingerExtractor, classical
from rekam.abis.image import GreyImage, load_image
from rekam.abis.iris.template import EXTRACTOR_VERSION as IRIS_EXTRACTOR_VERSION
from rekam.abis.iris.template import EXTRACTORS as IRIS_EXTRACTORS
from rekam.abis.kinds import Kind, Kinds
from rekam.abis.slots import Modality, modality_of
from rekam.abis.template_set import Template, TemplateSet
from rekam.abis.verdict import Verdict

if TYPE_CHECKING:
    from rekam.abis.comparison import Comparison

__all__ = ["Engine", "Template", "TemplateSet", "Verdict"]


class Engine:
    """Stateless; one may serve every thread. Fingers are extracted by `finger_extractor`, None the classical one.

    `kinds` names the extractors of the templates it makes. The compiled steps are imported when one is first asked for:
    a centre's web process has an engine and seldom a question (ADR 0046).
    """

    def __init__(self, finger_extractor: FingerExtractor | None = None) -> None:
        fingers = finger_extractor or classical()
        self.kinds: Kinds = {
            Modality.FINGER: Kind(fingers.name, fingers.version),
            Modality.IRIS: Kind(IRIS_EXTRACTORS[1], IRIS_EXTRACTOR_VERSION),
        }
        self._extractors: Mapping[Modality, Callable[[GreyImage], Template]] = {
            Modality.FINGER: fingers.extract,
            Modality.IRIS: _iris,
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

    def extract_all(self, files: Mapping[str, bytes]) -> tuple[TemplateSet, dict[str, AbisError]]:
        """The templates of a recording's image files, by slot, and why the others gave none.

        Raises `LeaderNotReady`: that is this machine's lack, not the image's.
        """
        templates: dict[str, Template] = {}
        failures: dict[str, AbisError] = {}
        for slot, file in files.items():
            try:
                templates[slot] = self.extract(slot, load_image(file))
            except LeaderNotReady:
                raise
            except AbisError as failure:
                failures[slot] = failure
        return TemplateSet(templates), failures

    def compare(self, a: TemplateSet, b: TemplateSet) -> "Comparison":
        """Two records compared slot by slot and crosswise, with the verdict of a 1:1 comparison; see `compare_sets`."""
        from rekam.abis.comparison import compare_sets

        return compare_sets(a, b)


def _iris(image: GreyImage) -> Template:
    from rekam.abis.iris.extract import extract

    return extract(image)
