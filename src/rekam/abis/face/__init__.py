"""The passport picture: is it fit for the card, and how should it be cropped."""

from rekam.abis.face.check import check_photo
from rekam.abis.face.crop import Crop, propose_crop
from rekam.abis.face.detect import Face, find_faces
from rekam.abis.face.quality import PhotoQuality, PhotoReason
from rekam.abis.face.read import Background, read_photo

__all__ = [
    "Background",
    "Crop",
    "Face",
    "PhotoQuality",
    "PhotoReason",
    "check_photo",
    "find_faces",
    "propose_crop",
    "read_photo",
]
