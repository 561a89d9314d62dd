"""A picture taken for an identity card as a whole: where the passport photo lies in it, and how good that is."""

from dataclasses import dataclass, replace

from rekam.abis.face.check import check_photo
from rekam.abis.face.crop import Crop, propose_crop, widest_crop
from rekam.abis.face.detect import find_faces
from rekam.abis.face.quality import PhotoQuality, PhotoReason
from rekam.abis.face.read import Background, Photo

_SEVERAL = 0.3
"""Mark of a picture with more than one face, as in `check_photo`."""


@dataclass(frozen=True, slots=True)
class Framed:
    """`crop` in pixels of the whole picture; `quality` judges what lies in it, its `face` in pixels of the crop."""

    crop: Crop
    quality: PhotoQuality


def frame_photo(photo: Photo, expected_background: Background | None = None) -> Framed:
    """The crop around the largest face, else the widest one, and its judgement. What the crop puts right (a face
    aside, a chair too far back) is no fault; a second face anywhere in the picture is: whose photo would it be?
    """
    height, width = photo.shape[:2]
    faces = find_faces(photo)
    crop = (
        propose_crop(faces[0], photo_height=height, photo_width=width)
        if faces
        else widest_crop(photo_height=height, photo_width=width)
    )
    quality = check_photo(crop.cut(photo), expected_background)
    if len(faces) > 1 and PhotoReason.SEVERAL_FACES not in quality.reasons:
        reasons = (PhotoReason.SEVERAL_FACES, *quality.reasons)
        quality = replace(quality, score=round(_SEVERAL * quality.score), reasons=reasons)
    return Framed(crop, quality)
