"""The whole extraction: the finger code's own judgement of the picture around the network's minutiae."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from rekam.abis.errors import ExtractionFailed
from rekam.abis.finger import parameters as finger
from rekam.abis.finger.leader import parameters as p
from rekam.abis.finger.leader.minutiae import Seen, seen_in
from rekam.abis.finger.minutiae import BIFURCATION, ENDING
from rekam.abis.finger.quality import quality_of
from rekam.abis.finger.ridge_map import ridge_map_of
from rekam.abis.finger.template import DIRECTION_UNIT, FingerTemplate
from rekam.abis.image import GreyImage


@dataclass(frozen=True)
class LeaderExtractor:
    """The trained extractor behind the port `FingerExtractor`. What it was trained on is not documented."""

    name: ClassVar[str] = p.EXTRACTOR
    version: ClassVar[int] = p.EXTRACTOR_VERSION

    def extract(self, image: GreyImage) -> FingerTemplate:
        """The minutiae of one plain fingerprint, dark ridges on a light ground; the same image gives the same template.

        Whether it is a fingerprint, and how good, is judged as for the classical extractor: the network itself sees
        minutiae in noise. Raises WrongKindOfImage, ExtractionFailed, LeaderNotReady.
        """
        ridges = ridge_map_of(image)
        seen = seen_in(ridges.pixels, ridges.mask)
        if len(seen) < finger.LEAST_MINUTIAE:
            raise ExtractionFailed(slot="a finger", reason=f"only {len(seen)} minutiae")
        certain = seen.likelihood >= p.CERTAIN
        quality, reasons = quality_of(ridges, seen.x[certain], seen.y[certain])
        height, width = ridges.mask.shape
        return _template(seen, width, height, quality, reasons)


def _template(seen: Seen, width: int, height: int, quality: int, reasons: tuple[str, ...]) -> FingerTemplate:
    return FingerTemplate(
        x=seen.x.astype(np.int16),
        y=seen.y.astype(np.int16),
        direction=(np.rint(seen.angle / DIRECTION_UNIT).astype(np.int64) % 256).astype(np.uint8),
        kind=np.where(seen.ending, ENDING, BIFURCATION).astype(np.uint8),
        quality_of=np.rint(100 * np.clip(seen.likelihood, 0, 1)).astype(np.uint8),
        width=width,
        height=height,
        quality=quality,
        reasons=reasons,
        extractor=p.EXTRACTOR,
        version=p.EXTRACTOR_VERSION,
    )
