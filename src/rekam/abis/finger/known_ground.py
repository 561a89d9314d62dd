"""The ground that a print's minutiae tell about: their convex hull and a margin round it."""

import numpy as np
from numba import njit


@njit(cache=True)
def hull_of(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The convex hull of n >= 1 points, float64 [k, 2], counter-clockwise (Andrew's monotone chain)."""
    order = np.argsort(y, kind="mergesort")
    order = order[np.argsort(x[order], kind="mergesort")]
    hull = np.empty((2 * x.size + 1, 2))
    size = 0
    for sweep in range(2):
        least = size + 1 if sweep else 1
        for place in range(x.size):
            point = order[x.size - 1 - place] if sweep else order[place]
            while size > least and not _turns_left(hull[size - 2], hull[size - 1], x[point], y[point]):
                size -= 1
            hull[size, 0], hull[size, 1] = x[point], y[point]
            size += 1
        size -= 1  # the sweep's last point is the next one's first
    return hull[: max(size, 1)]


@njit(cache=True)
def _turns_left(a: np.ndarray, b: np.ndarray, x: float, y: float) -> bool:
    return (b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0]) > 0


@njit(cache=True)
def near_hull(x: float, y: float, hull: np.ndarray, margin: float) -> bool:
    """Whether a point lies in a hull or at most `margin` from it."""
    inside, least = True, np.inf
    for k in range(len(hull)):
        following = k + 1 if k + 1 < len(hull) else 0
        edge_x, edge_y = hull[following, 0] - hull[k, 0], hull[following, 1] - hull[k, 1]
        dx, dy = x - hull[k, 0], y - hull[k, 1]
        if edge_x * dy - edge_y * dx >= 0 and len(hull) > 2:
            continue
        inside = False
        length = edge_x * edge_x + edge_y * edge_y
        share = min(1.0, max(0.0, (dx * edge_x + dy * edge_y) / length)) if length > 0 else 0.0
        apart_x, apart_y = dx - share * edge_x, dy - share * edge_y
        least = min(least, apart_x * apart_x + apart_y * apart_y)
    return inside or least <= margin * margin
