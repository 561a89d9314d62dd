"""The limbus: the circle between iris and sclera around a pupil."""

import math
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from rekam.abis.iris import segmentation_parameters as p
from rekam.abis.iris.circle import Circle
from rekam.abis.iris.pupil import ray_offsets

_RAYS = ray_offsets(2 * p.COARSE_ANGLES, p.LIMBUS_RADII[1] + 4)
_WEIGHTS = np.interp(
    np.sin(np.arange(2 * p.COARSE_ANGLES) * math.pi / p.COARSE_ANGLES), p.LIMBUS_RAY_SINES, p.LIMBUS_RAY_WEIGHTS
).astype(np.float32)
_WEIGHTS /= _WEIGHTS.sum()


def limbus_circle(pupil: Circle, coarse: NDArray[np.float32]) -> tuple[Circle, float] | None:
    """The best limbus circle around a pupil on the coarse image, with its mean clipped contrast; None without any.

    `coarse` is what `pupil.coarse_image` gives, grey levels [H, W]; circles are in its pixels.
    """
    smallest = max(p.LIMBUS_RADII[0], math.ceil(pupil.radius / p.PUPIL_TO_IRIS[1]))
    largest = min(p.LIMBUS_RADII[1], int(pupil.radius / p.PUPIL_TO_IRIS[0]))
    if smallest >= largest:
        return None
    limits = (
        pupil.x,
        pupil.y,
        pupil.radius,
        smallest,
        largest,
        p.LIMBUS_CLIP,
        p.LIMBUS_SHIFT,
        p.BEYOND_CLIP,
        p.USUAL_RING,
    )
    furthest = int(p.LIMBUS_SHIFT * largest)
    wide = np.arange(-(furthest // p.LIMBUS_STRIDE), furthest // p.LIMBUS_STRIDE + 1) * p.LIMBUS_STRIDE
    _, down, right, _ = _search(coarse, _RAYS, _WEIGHTS, wide, wide, *limits)
    near = np.arange(1 - p.LIMBUS_STRIDE, p.LIMBUS_STRIDE)
    contrast, down, right, radius = _search(coarse, _RAYS, _WEIGHTS, near + down, near + right, *limits)
    return (Circle(pupil.x + right, pupil.y + down, radius), float(contrast)) if contrast > 0 else None


@numba.njit(cache=True, fastmath=True)
def _search(
    image: Any,
    offsets: Any,
    weights: Any,
    downs: Any,
    rights: Any,
    pupil_x: Any,
    pupil_y: Any,
    pupil_radius: Any,
    smallest: Any,
    largest: Any,
    clip: Any,
    shift: Any,
    beyond: Any,
    usual: Any,
) -> Any:
    height, width = image.shape
    angles = len(weights)
    rays = np.empty((offsets.shape[2], angles), np.float32)
    best, best_down, best_right, best_radius = np.float32(0), 0, 0, 0.0
    for down in downs:
        for right in rights:
            distance = math.sqrt(down * down + right * right)
            # the window must not reach back to the pupil
            first = max(smallest, int(distance / shift), math.ceil(distance + pupil_radius * 1.15 + 4.0))
            if first >= largest:
                continue
            x, y = int(pupil_x) + right, int(pupil_y) + down
            for r in range(first - 3, largest + 3):
                for k in range(angles):
                    column = min(max(x + offsets[1, k, r], 0), width - 1)
                    row = min(max(y + offsets[0, k, r], 0), height - 1)
                    rays[r, k] = image[row, column]
            for r in range(first, largest):
                edge = np.float32(0)
                for k in range(angles):
                    outside = rays[r + 3, k] + rays[r + 2, k] + rays[r + 1, k]
                    step = (outside - rays[r - 1, k] - rays[r - 2, k] - rays[r - 3, k]) * np.float32(1 / 3)
                    bounded = min(max(step, np.float32(-0.5 * clip)), np.float32(clip))
                    edge += weights[k] * (bounded + np.float32(beyond) * step)
                edge *= min(np.float32(1), (np.float32(1) - np.float32(pupil_radius) / r) / np.float32(usual))
                if edge > best:
                    best, best_down, best_right, best_radius = edge, down, right, float(r)
    return best, best_down, best_right, best_radius
