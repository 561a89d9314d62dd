"""What is kept of an iris: its code, its mask, its quality and where it was found."""

import struct
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from rekam.abis.errors import TemplateUnreadable
from rekam.abis.iris import code_parameters as p
from rekam.abis.iris.circle import Circle

EXTRACTOR = "rekam-iris"
VERSION = 1
_MAGIC = b"RKIR"
_HEAD = struct.Struct("<4sBBH6f")
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


_REASONS = tuple(IrisReason)


@dataclass(frozen=True, slots=True, eq=False)
class IrisTemplate:
    """`code` and `mask` uint8 [256] (bit order: see ``code``), `quality` 0-100 with its reasons.

    `pupil` and `limbus` are circles of the same area as the contours, in pixels of the source image.

    Bytes, little-endian, 544 in all: magic "RKIR", version u8, quality u8, reasons u16 (bit i is the i-th
    `IrisReason`), pupil x y radius f32, limbus x y radius f32, code 256 bytes, mask 256 bytes.
    """

    code: NDArray[np.uint8]
    mask: NDArray[np.uint8]
    quality: int
    reasons: tuple[IrisReason, ...]
    pupil: Circle
    limbus: Circle

    def to_bytes(self) -> bytes:
        """The template as it is stored; see the class for the layout."""
        reasons = sum(1 << bit for bit, reason in enumerate(_REASONS) if reason in self.reasons)
        circles = (self.pupil.x, self.pupil.y, self.pupil.radius, self.limbus.x, self.limbus.y, self.limbus.radius)
        return _HEAD.pack(_MAGIC, VERSION, self.quality, reasons, *circles) + self.code.tobytes() + self.mask.tobytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> "IrisTemplate":
        """Reads `to_bytes`. Raises `TemplateUnreadable` for a wrong magic, version, length or field."""
        if data[:4] != _MAGIC:
            raise TemplateUnreadable(reason="not an iris template")
        if len(data) < 5 or data[4] != VERSION:
            raise TemplateUnreadable(reason=f"iris template version {data[4] if len(data) > 4 else 'missing'}")
        if len(data) != SIZE:
            raise TemplateUnreadable(reason=f"{len(data)} bytes instead of {SIZE}")
        _, _, quality, reasons, *numbers = _HEAD.unpack_from(data)
        if quality > 100 or reasons >> len(_REASONS) or not np.isfinite(numbers).all():
            raise TemplateUnreadable(reason="a field is out of range")
        bits = np.frombuffer(data, np.uint8, offset=_HEAD.size)
        return cls(
            code=bits[:_CODE_BYTES],
            mask=bits[_CODE_BYTES:],
            quality=quality,
            reasons=tuple(reason for bit, reason in enumerate(_REASONS) if reasons >> bit & 1),
            pupil=Circle(*numbers[:3]),
            limbus=Circle(*numbers[3:]),
        )
