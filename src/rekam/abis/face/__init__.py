"""The passport picture: is it fit for the card, and how should it be cropped."""

from rekam.abis.face.check import check_photo
from rekam.abis.face.crop import Crop, fitted_crop, propose_crop, widest_crop
from rekam.abis.face.cut import cut_file
from rekam.abis.face.detect import Face, find_faces
from rekam.abis.face.framing import Framed, frame_photo
from rekam.abis.face.quality import PhotoQuality, PhotoReason
from rekam.abis.face.read import Background, read_photo

__all__ = [
    "Background",
    "Crop",
    "Face",
    "Framed",
    "PhotoQuality",
    "PhotoReason",
    "check_photo",
    "cut_file",
    "find_faces",
    "fitted_crop",
    "frame_photo",
    "propose_crop",
    "read_photo",
    "widest_crop",
]
