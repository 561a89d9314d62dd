"""What a finger minutiae record of ISO/IEC 19794-2 holds, in either edition."""

from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rekam.abis.errors import RecordNotWritable
from rekam.abis.formats.capture import UNTOLD_TIME, CaptureTime, QualityBlock

MINUTIA = np.dtype([("kind", "u1"), ("x", "u2"), ("y", "u2"), ("direction", "u1"), ("quality", "u1")])
"""One minutia: kind (`MinutiaKind`), x and y in pixels from the upper left, direction in units of 1.40625 degrees
counter-clockwise from +x, quality 0-100 or `NOT_REPORTED` or `NOT_COMPUTED`."""

NOT_REPORTED = 254
NOT_COMPUTED = 255
LARGEST_COORDINATE = 0x3FFF
LARGEST_COUNT = 255
FINGERS = range(11)
"""0 unknown, 1-5 right thumb to little finger, 6-10 left thumb to little finger (19794-2:2005 table 2)."""
RESOLUTIONS = range(98, 0x10000)
"""Pixels a centimetre; less than 98 (250 dpi) the standard does not allow."""


class MinutiaKind(IntEnum):
    """19794-2:2005 clause 6.4.1; 2011 clause 8.5.3.2. Value 3 is reserved."""

    OTHER = 0
    ENDING = 1
    BIFURCATION = 2


class Impression(IntEnum):
    """How the finger was taken (2005 table 3; 2011 table 8). The 2005 edition knows 0-3 and 8 only."""

    LIVE_PLAIN = 0
    LIVE_ROLLED = 1
    NONLIVE_PLAIN = 2
    NONLIVE_ROLLED = 3
    LATENT_IMPRESSION = 4
    LATENT_TRACING = 5
    LATENT_PHOTO = 6
    LATENT_LIFT = 7
    LIVE_SWIPE = 8
    LIVE_VERTICAL_ROLL = 9
    LIVE_CONTACTLESS = 24
    OTHER = 28
    UNKNOWN = 29


class Certificate(NamedTuple):
    """A certification block: who certified the device, u16, under which scheme, u8 (2011 clause 8.4.8)."""

    authority: int
    scheme: int


@dataclass(frozen=True, eq=False)
class FingerView:
    """One finger seen once. `minutiae` is an array of `MINUTIA`; sizes in pixels, resolutions in pixels a centimetre.

    `extended` is the extended data block (ridge counts, cores and deltas, zonal quality, vendors' own) as its raw
    bytes: a reader that does not need it hands it on unharmed. Fields from `captured` on exist in the 2011 edition
    only.
    """

    minutiae: NDArray[np.void]
    position: int
    width: int
    height: int
    resolution: tuple[int, int] = (197, 197)
    number: int = 0
    impression: Impression = Impression.LIVE_PLAIN
    quality: tuple[QualityBlock, ...] = ()
    extended: bytes = b""
    captured: CaptureTime = UNTOLD_TIME
    device_technology: int = 0
    device_vendor: int = 0
    device_type: int = 0
    certificates: tuple[Certificate, ...] = ()
    ending_kind: int = 0

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, FingerView):
            return False
        mine, theirs = dict(vars(self)), dict(vars(other))
        return np.array_equal(mine.pop("minutiae"), theirs.pop("minutiae")) and mine == theirs

    __hash__ = None  # type: ignore[assignment]


@dataclass(frozen=True)
class FingerRecord:
    """A finger minutiae record: one or more views. `equipment` is the 2005 edition's capture equipment field:
    four bits of compliance, twelve of device type.
    """

    views: tuple[FingerView, ...] = field(default=())
    equipment: int = 0


def require_writable(view: FingerView) -> None:
    """Raises `RecordNotWritable` for what neither edition can hold."""
    positions = (("x", view.width), ("y", view.height))
    if len(view.minutiae) > LARGEST_COUNT:
        raise RecordNotWritable(reason=f"{len(view.minutiae)} minutiae, a view holds {LARGEST_COUNT}")
    if any((view.minutiae[axis] >= min(size, LARGEST_COORDINATE + 1)).any() for axis, size in positions):
        raise RecordNotWritable(reason="a minutia lies outside the image")
    if (view.minutiae["kind"] > MinutiaKind.BIFURCATION).any():
        raise RecordNotWritable(reason="a minutia of no known kind")
    if any(resolution not in RESOLUTIONS for resolution in view.resolution):
        raise RecordNotWritable(reason=f"a resolution of {view.resolution} pixels a centimetre")
