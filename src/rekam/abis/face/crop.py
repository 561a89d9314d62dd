"""A proposed crop: 35 x 45 mm proportions, head and shoulders."""

from dataclasses import dataclass

from rekam.abis.face import parameters as p
from rekam.abis.face.detect import Face
from rekam.abis.face.read import Photo


@dataclass(frozen=True, slots=True)
class Crop:
    """A rectangle in whole pixels of the photo."""

    x: int
    y: int
    width: int
    height: int

    def cut(self, photo: Photo) -> Photo:
        """That part of the photo, as a copy."""
        return photo[self.y : self.y + self.height, self.x : self.x + self.width].copy()


def propose_crop(face: Face, *, photo_height: int, photo_width: int) -> Crop:
    """The crop that shows `face` as `parameters.CROP_HEAD` and `CROP_ABOVE` say, moved into the photo.

    Where the photo is too small for it, the crop is the largest of the same proportions that fits.
    """
    proportion = p.CROP_WIDTH_MM / p.CROP_HEIGHT_MM
    height = min((face.chin - face.crown) / p.CROP_HEAD, photo_height, photo_width / proportion)
    width = height * proportion
    x = min(max(face.middle - width / 2, 0), photo_width - width)
    y = min(max(face.crown - p.CROP_ABOVE * height, 0), photo_height - height)
    whole_width, whole_height = max(1, int(width)), max(1, int(height))
    return Crop(
        min(round(x), photo_width - whole_width), min(round(y), photo_height - whole_height), whole_width, whole_height
    )
