"""The limbus: the circle between iris and sclera around a pupil."""

import math
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from rekam.abis.iris import segmentation_parameters as p
from rekam.abis.iris.circle import Circle


def limbus_circle(pupil: Circle, coarse: NDArray[np.float32]) -> tuple[Circle, float] | None:
    """The best limbus circle around a pupil on the coarse image, with its mean clipped contrast; None without any."""
    smallest = max(p.LIMBUS_RADII[0], math.ceil(pupil.radius / p.PUPIL_TO_IRIS[1]))
    largest = min(p.LIMBUS_RADII[1], int(pupil.radius / p.PUPIL_TO_IRIS[0]))
    if smallest >= largest:
        return None
    angles = np.arange(2 * p.COARSE_ANGLES) * math.pi / p.COARSE_ANGLES
    weights = np.interp(np.sin(angles), p.LIMBUS_RAY_SINES, p.LIMBUS_RAY_WEIGHTS).astype(np.float32)
    contrast, x, y, radius = _search(
        coarse, pupil.x, pupil.y, pupil.radius, smallest, largest, weights, p.LIMBUS_CLIP, p.LIMBUS_SHIFT, p.BEYOND_CLIP
    )
    return (Circle(x, y, radius), float(contrast)) if contrast > 0 else None


@numba.njit(cache=True, fastmath=True)
def _search(
    image: Any,
    pupil_x: Any,
    pupil_y: Any,
    pupil_radius: Any,
    smallest: Any,
    largest: Any,
    weights: Any,
    clip: Any,
    shift: Any,
    beyond: Any,
) -> Any:
    height, width = image.shape
    angles = len(weights)
    reach = largest + 4
    rays = np.empty((angles, reach), np.float32)
    best, best_x, best_y, best_radius = 0.0, 0.0, 0.0, 0.0
    furthest = int(shift * largest)
    for dy in range(-furthest, furthest + 1):
        for dx in range(-furthest, furthest + 1):
            x, y = pupil_x + dx, pupil_y + dy
            distance = math.sqrt(dx * dx + dy * dy)
            for k in range(angles):
                cosine = math.cos(2 * math.pi * k / angles)
                sine = math.sin(2 * math.pi * k / angles)
                for r in range(smallest - 3, reach):
                    column = int(x + r * cosine + 0.5)
                    row = int(y + r * sine + 0.5)
                    column = min(max(column, 0), width - 1)
                    row = min(max(row, 0), height - 1)
                    rays[k, r] = image[row, column]
            for r in range(max(smallest, int(distance / shift)), largest):
                if distance + pupil_radius * 1.15 + 4.0 > r:  # the window must not reach back to the pupil
                    continue
                edge = 0.0
                for k in range(angles):
                    step = (
                        rays[k, r + 3]
                        + rays[k, r + 2]
                        + rays[k, r + 1]
                        - rays[k, r - 1]
                        - rays[k, r - 2]
                        - rays[k, r - 3]
                    )
                    edge += weights[k] * (min(max(step / 3.0, -clip * 0.5), clip) + beyond * step / 3.0)
                score = edge / weights.sum()
                if score > best:
                    best, best_x, best_y, best_radius = score, x, y, float(r)
    return best, best_x, best_y, best_radius
