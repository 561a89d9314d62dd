"""The iris unwrapped: Daugman's rubber sheet, free of size, dilation and position (Daugman 2004, eq. 3)."""

import cv2
import numpy as np
from numpy.typing import NDArray

from rekam.abis.iris import segmentation_parameters as p
from rekam.abis.iris.contour import Contour


def sheet(pupil: Contour, limbus: Contour) -> NDArray[np.float32]:
    """Where each pixel of the strip lies on the working image: (x, y), float32 [STRIP_ROWS, STRIP_COLUMNS, 2].

    Row 0 lies at the pupil; column 0 points right and columns run as the contours' angles do.
    """
    at = np.arange(p.STRIP_COLUMNS, dtype=np.float64) * (p.CONTOUR_ANGLES / p.STRIP_COLUMNS)
    inner, outer = (_resampled(contour.points, at) for contour in (pupil, limbus))
    share = ((np.arange(p.STRIP_ROWS) + 0.5) / p.STRIP_ROWS)[:, None, None]
    return (inner + share * (outer - inner)).astype(np.float32)


def unwrapped(
    image: NDArray[np.float32], grid: NDArray[np.float32], *, outside: float | None = None
) -> NDArray[np.float32]:
    """The image [H, W] on the `sheet`, float32 [STRIP_ROWS, STRIP_COLUMNS].

    Points beyond the border get `outside`, or the nearest pixel where that is None.
    """
    border = cv2.BORDER_REPLICATE if outside is None else cv2.BORDER_CONSTANT
    value = 0.0 if outside is None else outside
    return np.asarray(
        cv2.remap(image, grid[..., 0], grid[..., 1], cv2.INTER_LINEAR, borderMode=border, borderValue=value), np.float32
    )


def _resampled(points: NDArray[np.float64], at: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points of a closed contour at fractional indices, [len(at), 2]."""
    index = np.arange(len(points))
    return np.stack([np.interp(at, index, points[:, axis], period=len(points)) for axis in (0, 1)], axis=1)
