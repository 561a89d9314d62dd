"""From an eye's image to its template: the whole pipeline."""

from rekam.abis.image import GreyImage
from rekam.abis.iris.code import iris_code
from rekam.abis.iris.evidence import require_iris
from rekam.abis.iris.flaws import flaws_of
from rekam.abis.iris.quality import iris_quality
from rekam.abis.iris.segmentation import segment
from rekam.abis.iris.template import IrisTemplate


def extract(image: GreyImage, slot: str = "iris") -> IrisTemplate:
    """The template of the one eye in a near-infrared image; `slot` names it in errors. Deterministic.

    Raises `ImageTooSmall`, `WrongKindOfImage` where no eye is seen, `ExtractionFailed` where too little of its iris is.
    """
    found = segment(image, slot)
    require_iris(found.evidence, slot)
    code, mask = iris_code(found.strip, found.visible.pixels)
    pupil, limbus = found.boundaries.pupil, found.boundaries.limbus
    quality, reasons = iris_quality(found.working, limbus, found.evidence, flaws_of(found))
    shrink = 1 / found.working.scale
    return IrisTemplate(code, mask, quality, reasons, pupil.circle.scaled(shrink), limbus.circle.scaled(shrink))
