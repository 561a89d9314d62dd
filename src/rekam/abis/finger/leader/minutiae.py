"""The minutiae the network sees in a picture's foreground."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from rekam.abis.errors import WrongKindOfImage
from rekam.abis.finger import parameters as finger
from rekam.abis.finger.leader import parameters as p
from rekam.abis.finger.leader.session import sessions


@dataclass(frozen=True)
class Seen:
    """n minutiae by row: x, y int64 [n] pixels at 500 dpi, y downwards; angle float32 [n] radians counter-clockwise
    from +x, sense as in finger.minutiae; ending bool [n]; likelihood float32 [n], 0-1.
    """

    x: NDArray[np.int64]
    y: NDArray[np.int64]
    angle: NDArray[np.float32]
    ending: NDArray[np.bool_]
    likelihood: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.x)


def seen_in(pixels: NDArray[np.float32], mask: NDArray[np.bool_], least: float = p.LIKELIHOOD_LEAST) -> Seen:
    """All minutiae of likelihood `least` or more in the foreground `mask` of a 500 dpi picture, both [height, width].

    Raises `LeaderNotReady`, and `WrongKindOfImage` where the foreground is larger than any finger.
    """
    network = sessions()
    picture, left, top = framed_part(pixels, mask)
    places, features = network.find(picture)
    y, x = np.nonzero(places >= least)
    height, width = mask.shape
    inside = (x >= -left) & (x < width - left) & (y >= -top) & (y < height - top)
    inside[inside] = mask[y[inside] + top, x[inside] + left]
    x, y = x[inside], y[inside]
    cosine, sine, ending = network.read(features, x, y).T
    return Seen(x + left, y + top, np.arctan2(sine, cosine), ending >= p.ENDING_LEAST, places[y, x])


def framed_part(pixels: NDArray[np.float32], mask: NDArray[np.bool_]) -> tuple[NDArray[np.float32], int, int]:
    """The part of the picture that holds the foreground, with sides as the network wants them, and its left and top.

    Where it reaches beyond the picture it has the level of the picture's corner, as in the author's own code.
    """
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    top, height = _span(rows, pixels.shape[0])
    left, width = _span(columns, pixels.shape[1])
    if height * width > p.LARGEST_PICTURE:
        tall, wide = (side * 25.4 / finger.DPI for side in (len(rows), len(columns)))
        raise WrongKindOfImage(slot="a finger", reason=f"the print covers {wide:.0f} x {tall:.0f} mm")
    above, before = max(-top, 0), max(-left, 0)
    below, after = max(top + height - pixels.shape[0], 0), max(left + width - pixels.shape[1], 0)
    part = pixels[max(top, 0) : top + height, max(left, 0) : left + width]
    edge = float(pixels[0, 0])
    framed = cv2.copyMakeBorder(part, above, below, before, after, cv2.BORDER_CONSTANT, value=edge)
    return np.asarray(framed, np.float32), left, top


def _span(used: NDArray[np.int64], whole: int) -> tuple[int, int]:
    """Where a side of the part begins and how long it is: a multiple of 32 around what is used."""
    least = int(used[-1] - used[0]) + 1 + 2 * p.MARGIN
    length = -(-min(least, whole) // p.SIDE_MULTIPLE) * p.SIDE_MULTIPLE
    middle = int(used[0] + used[-1] + 1) // 2
    begin = middle - length // 2
    if length <= whole:
        return min(max(begin, 0), whole - length), length
    return -((length - whole) // 2), length
