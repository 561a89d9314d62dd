"""The eye in the image: the pupil candidate that also has an iris around it."""

from dataclasses import dataclass

from rekam.abis.iris import segmentation_parameters as p
from rekam.abis.iris.circle import Circle
from rekam.abis.iris.limbus import limbus_circle
from rekam.abis.iris.pupil import coarse_image, pupil_candidates
from rekam.abis.iris.working_image import WorkingImage


@dataclass(frozen=True, slots=True)
class Eye:
    """Pupil and limbus as circles on the working image, and how sharply each stands out (mean clipped contrast)."""

    pupil: Circle
    limbus: Circle
    pupil_contrast: float
    limbus_contrast: float

    @property
    def score(self) -> float:
        """What candidates are ranked by."""
        return self.pupil_contrast + p.LIMBUS_WEIGHT * self.limbus_contrast


def eyes_in(image: WorkingImage) -> tuple[Eye, ...]:
    """Every pair of circles that may be a pupil in an iris, the likeliest first."""
    coarse = coarse_image(image.grey)
    eyes = []
    for candidate in pupil_candidates(coarse):
        limbus = limbus_circle(candidate.circle, coarse)
        if limbus is not None:
            circle, contrast = limbus
            eyes.append(Eye(candidate.circle.scaled(p.COARSE), circle.scaled(p.COARSE), candidate.score, contrast))
    return tuple(sorted(eyes, key=lambda eye: -eye.score))
