"""What is kept of an iris: its code, its mask, its quality and where it was found.

Layout, version 2, little-endian, 548 bytes in all:

| bytes | content |
|---|---|
| 4 | magic `RKIR` |
| 1 | version, 2 |
| 1 | extractor, 1 = rekam-iris |
| 1 | extractor's version |
| 1 | quality 0-100 |
| 2 | reasons, one bit each in the order of `IrisReason` |
| 2 | nothing yet, 0 |
| 12 | pupil: x, y, radius, float32, pixels of the source image |
| 12 | limbus: the same |
| 256 | code; for the order of its bits see ``code`` |
| 256 | mask, in the same order; 1 where the bit counts |

Version 1 (544 bytes) named no extractor: its byte 5 is the quality, 6 and 7 are the reasons, then come the circles. It
is still read, as made by rekam-iris 1, so that a gallery of that time is recognised and made anew; never written.
"""

import struct
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from rekam.abis.errors import TemplateUnreadable
from rekam.abis.iris import code_parameters as p
from rekam.abis.iris.circle import Circle

VERSION = 2
EXTRACTORS = {1: "rekam-iris"}
EXTRACTOR_VERSION = 2
"""Raised whenever the same image gives another code: segmentation, strip or filters changed."""
_MAGIC = b"RKIR"
_HEAD = struct.Struct("<4sBBBBHH6f")
_FIRST_BYTES = 544
_CODE_BYTES = p.CODE_BITS // 8
SIZE = _HEAD.size + 2 * _CODE_BYTES


class IrisReason(StrEnum):
    """Why an iris image is less than good. The order is part of the byte format."""

    COVERED = "covered"
    BLURRED = "blurred"
    FAINT = "faint"
    OFF_CENTRE = "off-centre"
    DILATED = "dilated"
    CONSTRICTED = "constricted"
    SMALL = "small"
    MOTION = "motion"
    GAZE = "gaze"
    CONTACT_LENS = "contact-lens"
    GLASSES_REFLECTIONS = "glasses-reflections"
    NO_TEXTURE = "no-texture"
    TURNED = "turned"
    SEVERAL_EYES = "several-eyes"


_REASONS = tuple(IrisReason)


@dataclass(frozen=True, slots=True, eq=False)
class IrisTemplate:
    """`code` and `mask` uint8 [256] (bit order: see ``code``), `quality` 0-100 with its reasons.

    `pupil` and `limbus` are circles of the same area as the contours, in pixels of the source image. Templates of
    different (`extractor`, `version`) must not be compared.
    """

    code: NDArray[np.uint8]
    mask: NDArray[np.uint8]
    quality: int
    reasons: tuple[IrisReason, ...]
    pupil: Circle
    limbus: Circle
    extractor: str = EXTRACTORS[1]
    version: int = EXTRACTOR_VERSION

    def to_bytes(self) -> bytes:
        """The template in the layout above."""
        extractor = next(code for code, name in EXTRACTORS.items() if name == self.extractor)
        reasons = sum(1 << bit for bit, reason in enumerate(_REASONS) if reason in self.reasons)
        circles = (self.pupil.x, self.pupil.y, self.pupil.radius, self.limbus.x, self.limbus.y, self.limbus.radius)
        head = _HEAD.pack(_MAGIC, VERSION, extractor, self.version, self.quality, reasons, 0, *circles)
        return head + self.code.tobytes() + self.mask.tobytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> "IrisTemplate":
        """Reads `to_bytes`. Raises `TemplateUnreadable` for a wrong magic, version, length or field."""
        if data[:4] != _MAGIC:
            raise TemplateUnreadable(reason="not an iris template")
        if data[4:5] == b"\x01" and len(data) == _FIRST_BYTES:
            data = _MAGIC + bytes([VERSION, 1, 1]) + data[5:8] + bytes(2) + data[8:]
        if len(data) < 5 or data[4] != VERSION:
            raise TemplateUnreadable(reason=f"iris template version {data[4] if len(data) > 4 else 'missing'}")
        if len(data) != SIZE:
            raise TemplateUnreadable(reason=f"{len(data)} bytes instead of {SIZE}")
        _, _, extractor, version, quality, reasons, spare, *numbers = _HEAD.unpack_from(data)
        known = extractor in EXTRACTORS and not reasons >> len(_REASONS) and not spare
        if not known or quality > 100 or not np.isfinite(numbers).all():
            raise TemplateUnreadable(reason="a field is out of range")
        bits = np.frombuffer(data, np.uint8, offset=_HEAD.size)
        return cls(
            code=bits[:_CODE_BYTES],
            mask=bits[_CODE_BYTES:],
            quality=quality,
            reasons=tuple(reason for bit, reason in enumerate(_REASONS) if reasons >> bit & 1),
            pupil=Circle(*numbers[:3]),
            limbus=Circle(*numbers[3:]),
            extractor=EXTRACTORS[extractor],
            version=version,
        )
