"""One captured sample judged on the spot: how good it is, why, and the template that came of it."""

from dataclasses import dataclass

from rekam.abis.engine import Engine, Template
from rekam.abis.errors import ExtractionFailed
from rekam.abis.image import load_image

NO_FEATURES = "no-features"


@dataclass(frozen=True, slots=True)
class Assessment:
    """`quality` 0-100, `reasons` what lowered it (words of the modality's template), and the template.

    `template` is None with quality 0 and reason "no-features" where the image is sound but holds nothing to compare,
    as with a worn finger: such a sample may still be kept.
    """

    quality: int
    reasons: tuple[str, ...]
    template: Template | None


def assess(slot: str, image_bytes: bytes, *, declared_dpi: float | None = None) -> Assessment:
    """Judges the file of one finger or iris.

    Raises `UnknownSlot`, `WrongKindOfImage`, and `EmptyImage`, `UnreadableImage`, `ImageTooLarge` for the file itself.
    """
    image = load_image(image_bytes, declared_dpi=declared_dpi)
    try:
        template = Engine().extract(slot, image)
    except ExtractionFailed:
        return Assessment(0, (NO_FEATURES,), None)
    return Assessment(template.quality, tuple(str(reason) for reason in template.reasons), template)
