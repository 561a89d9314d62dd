"""Who sits in front of a simulated device, and the record it makes of them: `Bodies`, `record_of`."""

import hashlib
import io
from collections import Counter
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

from rekam.abis.face.read import read_photo
from rekam.abis.formats import face_image_2011, finger_image_2011, iris_2011
from rekam.abis.formats.capture import QualityBlock
from rekam.abis.formats.face_image_2011 import FaceCoding, FaceImageView
from rekam.abis.formats.finger_image_2011 import FingerCoding, FingerImageView
from rekam.abis.formats.iris_record import Coding, Eye, IrisRecord, IrisView
from rekam.abis.image import GreyImage, load_image
from rekam.abis.synthetic.person import Person, Side
from rekam.abis.synthetic.png import Picture
from rekam.enrolment.sample import Modality, Slot

__all__ = ["Bodies", "record_of"]

_ATTEMPTS_APART: Final = 16
_DPI: Final = 500
_GREY_BITS: Final = 8
_EVEN_YEAR: Final = 1990
"""A device knows no birth year, so red and blue cloth take turns: the operator hangs the other one up."""


class Bodies:
    """One made-up person a sitting, the same for all its captures; or, with `folder`, the images of one person, named
    ``<slot>.png`` or ``<slot>_<attempt>.png`` (``finger-7_2.png``), whoever sits there.

    `person` seats somebody of one's choice. With `bad_attempts` about one first attempt in eight has a flaw.
    """

    def __init__(self, folder: Path | None = None, *, bad_attempts: bool = True) -> None:
        self._folder, self._bad_attempts = folder, bad_attempts
        self.person: int | None = None
        self.impression = 1
        self._attempts: Counter[tuple[str, Slot]] = Counter()

    def captured(self, sitting: str, slot: Slot, *, flawed: bool) -> tuple[Picture, int]:
        """The next attempt's picture, and the quality (0-100) that the device claims."""
        self._attempts[sitting, slot] += 1
        attempt = self._attempts[sitting, slot]
        seed = self._seed(sitting)
        bad = flawed or (self._bad_attempts and attempt == 1 and (seed + slot.position) % 8 == 0)
        return self._picture(seed, slot, attempt, bad=bad), (20 if bad else 60 + (seed + attempt) % 35)

    def seen(self, sitting: str, slot: Slot) -> Picture:
        """What a preview shows; no attempt."""
        return self._picture(self._seed(sitting), slot, self._attempts[sitting, slot] + 1, bad=False)

    def _seed(self, sitting: str) -> int:
        return self.person if self.person is not None else int.from_bytes(hashlib.sha256(sitting.encode()).digest()[:4])

    def _picture(self, seed: int, slot: Slot, attempt: int, *, bad: bool) -> Picture:
        held = self._file(slot, attempt)
        if held is not None:
            return read_photo(held) if slot.modality is Modality.PHOTO else load_image(held)
        person, impression = Person(seed), self.impression * _ATTEMPTS_APART + attempt
        if slot.modality is Modality.FINGER:
            return person.finger(slot.position, impression, flaw="partial" if bad else None)
        if slot.modality is Modality.IRIS:
            side: Side = 1 if slot.position == 1 else 2
            return person.iris(side, impression, flaw="blur" if bad else None)
        photo = person.photo(_EVEN_YEAR + (seed + attempt) % 2, 1 + seed % 2)
        return (photo // 4).astype(np.uint8) if bad else photo

    def _file(self, slot: Slot, attempt: int) -> bytes | None:
        if self._folder is None:
            return None
        named = [self._folder / f"{slot}_{attempt}.png", self._folder / f"{slot}.png"]
        return next((file.read_bytes() for file in named if file.is_file()), None)


def record_of(slot: Slot, picture: Picture, quality: int) -> bytes:
    """The picture in its ISO/IEC 19794 record of 2011, in lossless JPEG 2000, as MOSIP asks of registration."""
    pixels = picture.pixels if isinstance(picture, GreyImage) else picture
    height, width = pixels.shape[:2]
    coded, blocks = _jpeg2000(pixels), (QualityBlock(quality),)
    match slot.modality:
        case Modality.FINGER:
            dpi = round((picture.dpi if isinstance(picture, GreyImage) else None) or _DPI)
            finger = FingerImageView(
                coded, FingerCoding.JPEG2000, width, height, slot.position, (dpi, dpi), quality=blocks
            )
            return finger_image_2011.write((finger,))
        case Modality.IRIS:
            eye = IrisView(coded, Coding.MONO_JPEG2000, width, height, Eye(slot.position), _GREY_BITS, quality=blocks)
            return iris_2011.write(IrisRecord((eye,)))
        case _:
            return face_image_2011.write((FaceImageView(coded, FaceCoding.JPEG2000, width, height, quality=blocks),))


def _jpeg2000(pixels: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG2000", irreversible=False)
    return file.getvalue()
