"""The finger template: minutiae, quality, and its bytes.

Layout, version 2, big-endian:

| bytes | content |
|---|---|
| 4 | magic `RKFT` |
| 1 | version, 2 |
| 1 | extractor, 1 = rekam-classical, 2 = leader, 3 = iso-19794-2 (minutiae of others, see `rekam.abis.formats`) |
| 1 | extractor's version |
| 1 | quality 0-100 |
| 2 | reasons, one bit each in the order of `REASONS`, the lowest bit first |
| 2 | width, pixels at 500 dpi |
| 2 | height, pixels at 500 dpi |
| 2 | number of minutiae n |
| 6 n | the minutiae |

A minutia: kind (2 bits) and x (14 bits); y (16 bits); direction (8 bits, units of 360/256 degrees counter-clockwise);
quality (8 bits, 0-100).

Version 1 differed in its reasons alone, one byte of the first six; it is still read and never written.
"""

import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rekam.abis.errors import TemplateUnreadable

MAGIC = b"RKFT"
VERSION = 2
FIRST = struct.Struct(">4sB")
HEAD = struct.Struct(">4sBBBBHHHH")
HEADS = {1: struct.Struct(">4sBBBBBHHH"), VERSION: HEAD}
REASONS_KNOWN = {1: 6, VERSION: 12}
MINUTIA = np.dtype([("kind_x", ">u2"), ("y", ">u2"), ("direction", "u1"), ("quality", "u1")])
EXTRACTORS = {1: "rekam-classical", 2: "leader", 3: "iso-19794-2"}
EXTRACTOR_VERSION = 2
REASONS = (
    "few-minutiae",
    "small-area",
    "too-dry",
    "too-wet",
    "low-contrast",
    "unclear-ridges",
    "light-pressure",
    "off-centre",
    "partial",
    "smudged",
    "several-fingers",
    "inverted",
)
LARGEST_X = 0x3FFF
DIRECTION_UNIT = 2 * np.pi / 256


@dataclass(frozen=True, eq=False)
class FingerTemplate:
    """What is kept of a finger for comparison; all arrays have one entry a minutia.

    x, y: int16, pixels at 500 dpi, y downwards. direction: uint8, units of 360/256 degrees counter-clockwise from +x.
    kind: uint8, 1 ending, 2 bifurcation. quality_of: uint8, 0-100 a minutia. quality: 0-100 of the whole print.
    reasons: what lowered it, out of `REASONS`. width, height: of the picture at 500 dpi.
    """

    x: NDArray[np.int16]
    y: NDArray[np.int16]
    direction: NDArray[np.uint8]
    kind: NDArray[np.uint8]
    quality_of: NDArray[np.uint8]
    width: int
    height: int
    quality: int
    reasons: tuple[str, ...] = ()
    extractor: str = EXTRACTORS[1]
    version: int = EXTRACTOR_VERSION

    def __len__(self) -> int:
        return len(self.x)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FingerTemplate) and self.to_bytes() == other.to_bytes()

    def __hash__(self) -> int:
        return hash(self.to_bytes())

    @property
    def angle(self) -> NDArray[np.float64]:
        """Directions in radians, float64 [n], from 0 to below 2 pi, counter-clockwise from +x."""
        return self.direction.astype(np.float64) * DIRECTION_UNIT

    def to_bytes(self) -> bytes:
        """The template in the layout above."""
        extractor = next(code for code, name in EXTRACTORS.items() if name == self.extractor)
        reasons = sum(1 << REASONS.index(reason) for reason in self.reasons)
        head = HEAD.pack(
            MAGIC, VERSION, extractor, self.version, self.quality, reasons, self.width, self.height, len(self)
        )
        body = np.empty(len(self), MINUTIA)
        body["kind_x"] = self.kind.astype(np.uint16) << 14 | self.x.astype(np.uint16)
        body["y"], body["direction"], body["quality"] = self.y, self.direction, self.quality_of
        return head + body.tobytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> "FingerTemplate":
        """Read what `to_bytes` wrote; anything else raises TemplateUnreadable with the reason."""
        head = _head_of(data)
        _, version, extractor, extractor_version, quality, reasons, width, height, count = head.unpack_from(data)
        if len(data) != head.size + count * MINUTIA.itemsize:
            raise TemplateUnreadable(reason=f"its length does not fit {count} minutiae")
        if extractor not in EXTRACTORS or reasons >> REASONS_KNOWN[version] or quality > 100:
            raise TemplateUnreadable(reason="a field of its head has no meaning")
        body = np.frombuffer(data, MINUTIA, offset=head.size)
        if ((body["kind_x"] & LARGEST_X) >= width).any() or (body["y"] >= min(height, LARGEST_X + 1)).any():
            raise TemplateUnreadable(reason="a minutia lies outside the picture")
        if (body["quality"] > 100).any():
            raise TemplateUnreadable(reason="a minutia's quality is above 100")
        return cls(
            x=(body["kind_x"] & LARGEST_X).astype(np.int16),
            y=body["y"].astype(np.int16),
            direction=body["direction"].copy(),
            kind=(body["kind_x"] >> 14).astype(np.uint8),
            quality_of=body["quality"].copy(),
            width=width,
            height=height,
            quality=quality,
            reasons=tuple(reason for bit, reason in enumerate(REASONS) if reasons >> bit & 1),
            extractor=EXTRACTORS[extractor],
            version=extractor_version,
        )


def _head_of(data: bytes) -> struct.Struct:
    """How the head of these bytes is laid out; raises TemplateUnreadable for what has none."""
    if len(data) < HEAD.size - 1:
        raise TemplateUnreadable(reason="shorter than a template's head")
    magic, version = FIRST.unpack_from(data)
    if magic != MAGIC:
        raise TemplateUnreadable(reason="not a finger template")
    if version not in HEADS:
        raise TemplateUnreadable(reason=f"template version {version}, this one reads up to {VERSION}")
    if len(data) < HEADS[version].size:
        raise TemplateUnreadable(reason="shorter than a template's head")
    return HEADS[version]
