"""The picture inside a device's ISO record, as a file that everybody can show: `picture_in`.

Pixels stay as the device gave them. A face's JPEG or PNG is kept byte for byte; JPEG 2000, WSQ and bare pixels are
unpacked into PNG, because neither browsers nor documents show them; a finger's resolution goes along (ADR 0043).
"""

from typing import Final, TypeVar

import numpy as np

from rekam.abis.errors import AbisError
from rekam.abis.face.read import read_photo
from rekam.abis.formats import face_image_2011, finger_image_2011, iris_2005, iris_2011
from rekam.abis.formats.face_image_2011 import FaceCoding
from rekam.abis.formats.finger_image_2011 import FingerCoding, FingerImageView
from rekam.abis.formats.iris_picture import picture_of
from rekam.abis.image import GreyImage, load_image, require_pixels
from rekam.abis.synthetic.png import encode_png
from rekam.enrolment.sample import Modality, Slot
from rekam.interop.sbi.errors import DeviceUnreadable

__all__ = ["picture_in"]

PNG: Final = "image/png"
_BITS: Final = 8

View = TypeVar("View")


def picture_in(slot: Slot, record: bytes, device: str) -> tuple[bytes, str]:
    """A file and its media type. Raises `DeviceUnreadable` for a record that is malformed, holds not exactly one image,
    or says that it shows something else than `slot`.
    """
    try:
        match slot.modality:
            case Modality.FINGER:
                return _finger(slot, record, device)
            case Modality.IRIS:
                return _iris(slot, record, device)
            case _:
                return _face(record, device)
    except AbisError as error:
        raise DeviceUnreadable(device=device, reason=str(error).partition(". ")[0]) from error


def _finger(slot: Slot, record: bytes, device: str) -> tuple[bytes, str]:
    view = _only(finger_image_2011.read(record), device)
    if view.position not in {0, slot.position}:
        raise DeviceUnreadable(device=device, reason=f"a record of finger {view.position} for finger {slot.position}")
    if view.coding is FingerCoding.PNG and load_image(view.image).dpi is not None:
        return view.image, PNG
    image = _grey(view, device)
    return encode_png(image, dpi=view.dpi or image.dpi), PNG


def _grey(view: FingerImageView, device: str) -> GreyImage:
    if view.coding is FingerCoding.BIT_PACKED:
        raise DeviceUnreadable(device=device, reason="packed bits, which nobody writes")
    if view.coding is not FingerCoding.RAW:
        return load_image(view.image, declared_dpi=view.dpi)
    require_pixels(view.width, view.height)
    if view.depth != _BITS or len(view.image) != view.width * view.height:
        raise DeviceUnreadable(device=device, reason=f"{len(view.image)} bytes for {view.width} x {view.height} pixels")
    return GreyImage(np.frombuffer(view.image, np.uint8).reshape(view.height, view.width), view.dpi)


def _iris(slot: Slot, record: bytes, device: str) -> tuple[bytes, str]:
    newer = record.startswith(iris_2011.MAGIC)
    view = _only((iris_2011 if newer else iris_2005).read(record).views, device)
    if view.eye not in {0, slot.position}:
        raise DeviceUnreadable(device=device, reason=f"a record of eye {int(view.eye)} for eye {slot.position}")
    return encode_png(picture_of(view)), PNG


def _face(record: bytes, device: str) -> tuple[bytes, str]:
    view = _only(face_image_2011.read(record), device)
    pixels = read_photo(view.image)
    kept = {FaceCoding.JPEG: "image/jpeg", FaceCoding.PNG: PNG}.get(view.coding)
    return (view.image, kept) if kept else (encode_png(pixels), PNG)


def _only(views: tuple[View, ...], device: str) -> View:
    if len(views) != 1:
        raise DeviceUnreadable(device=device, reason=f"{len(views)} images in one record")
    return views[0]
