"""Which minutiae to believe: those of the edge, of breaks and of crowds are flaws, the rest get a quality."""

import numpy as np

from rekam.abis.finger import parameters as p
from rekam.abis.finger.minutiae import ENDING, Minutiae


def believable(minutiae: Minutiae, edge_distance: np.ndarray) -> Minutiae:
    """The minutiae that are not at the foreground's edge, not a broken ridge's two ends and not in a crowd.

    `edge_distance` float32 [H, W] is each pixel's distance to the background.
    """
    position = minutiae.position
    inner = minutiae.only(edge_distance[position[:, 1], position[:, 0]] >= p.BORDER)
    position = inner.position.astype(np.float64)
    apart = position[:, None, :] - position[None, :, :]
    distance = np.hypot(apart[..., 0], apart[..., 1])
    np.fill_diagonal(distance, np.inf)
    return inner.only(~(_broken(inner, apart, distance) | (distance < p.CROWDING).any(axis=1)))


def _broken(minutiae: Minutiae, apart: np.ndarray, distance: np.ndarray) -> np.ndarray:
    """Mask bool [n]: endings that face another ending over a short gap, along the ridge."""
    away_x, away_y = -np.cos(minutiae.angle), np.sin(minutiae.angle)  # from the ridge into the gap, y downwards
    towards = -(apart[..., 0] * away_x[:, None] + apart[..., 1] * away_y[:, None])
    facing = towards > distance * np.cos(2 * p.BREAK_ANGLE)
    opposite = np.cos(minutiae.angle[:, None] - minutiae.angle[None, :]) < -np.cos(p.BREAK_ANGLE)
    ending = minutiae.kind == ENDING
    pair = (distance <= p.BREAK) & opposite & facing & facing.T & ending[:, None] & ending[None, :]
    return pair.any(axis=1)
