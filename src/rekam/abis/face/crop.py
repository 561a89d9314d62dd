"""Where the passport photo lies in a picture: 3 x 4 proportions, head and shoulders."""

from dataclasses import dataclass

from rekam.abis.face import parameters as p
from rekam.abis.face.detect import Face
from rekam.abis.face.read import Photo

_PROPORTION = p.CROP_WIDTH_MM / p.CROP_HEIGHT_MM


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


def widest_crop(*, photo_height: int, photo_width: int) -> Crop:
    """The largest crop of the photo's middle: where no face was found."""
    height = min(photo_height, photo_width / _PROPORTION)
    return fitted_crop(
        (photo_width - height * _PROPORTION) / 2,
        (photo_height - height) / 2,
        height,
        photo_height=photo_height,
        photo_width=photo_width,
    )


def propose_crop(face: Face, *, photo_height: int, photo_width: int) -> Crop:
    """The crop that shows `face` as `parameters.CROP_HEAD` and `CROP_ABOVE` say, moved into the photo.

    Where the photo is too small for it, the crop is the largest of the same proportions that fits.
    """
    height = min((face.chin - face.crown) / p.CROP_HEAD, photo_height, photo_width / _PROPORTION)
    left = face.middle - height * _PROPORTION / 2
    above = face.crown - p.CROP_ABOVE * height
    return fitted_crop(left, above, height, photo_height=photo_height, photo_width=photo_width)


def fitted_crop(x: float, y: float, height: float, *, photo_height: int, photo_width: int) -> Crop:
    """The crop of this height with its upper left corner here, moved and made smaller until the photo holds it."""
    tall = min(max(height, p.CROP_LEAST * photo_height), photo_height, photo_width / _PROPORTION)
    whole_width, whole_height = max(1, int(tall * _PROPORTION)), max(1, int(tall))
    return Crop(
        min(max(round(x), 0), photo_width - whole_width),
        min(max(round(y), 0), photo_height - whole_height),
        whole_width,
        whole_height,
    )
