"""From an eye's image to its template: the whole pipeline."""

from rekam.abis.image import GreyImage
from rekam.abis.iris.boundaries import limbus_contour, pupil_contour
from rekam.abis.iris.code import iris_code
from rekam.abis.iris.evidence import evidence_of, require_iris
from rekam.abis.iris.eye import eye_in
from rekam.abis.iris.quality import iris_quality
from rekam.abis.iris.strip import unwrapped
from rekam.abis.iris.template import IrisTemplate
from rekam.abis.iris.visible import visible_iris
from rekam.abis.iris.working_image import working_image


def extract(image: GreyImage, slot: str = "iris") -> IrisTemplate:
    """The template of the one eye in a near-infrared image; `slot` names it in errors. Deterministic.

    Raises `ImageTooSmall`, `WrongKindOfImage` where no eye is seen, `ExtractionFailed` where too little of its iris is.
    """
    working = working_image(image)
    eye = eye_in(working, slot)
    pupil = pupil_contour(working, eye)
    limbus = limbus_contour(working, eye)
    strip = unwrapped(working.grey, pupil, limbus)
    visible = visible_iris(strip, unwrapped(working.unseen, pupil, limbus, outside=1.0) > 0)
    evidence = evidence_of(working.grey, eye, pupil, limbus, visible)
    require_iris(evidence, slot)
    code, mask = iris_code(strip, visible.pixels)
    quality, reasons = iris_quality(working, limbus, evidence)
    shrink = 1 / working.scale
    return IrisTemplate(code, mask, quality, reasons, pupil.circle.scaled(shrink), limbus.circle.scaled(shrink))
