"""The ridge period: how many pixels from one ridge to the next."""

from dataclasses import dataclass

import cv2
import numpy as np
from numba import njit

from rekam.abis.finger import parameters as p

PERIODS = np.geomspace(p.SHORTEST_PERIOD, p.LONGEST_PERIOD, p.PERIOD_STEPS)
WINDOW = np.hanning(p.SIGNATURE_LENGTH + 2)[1:-1]
POSITIONS = np.arange(p.SIGNATURE_LENGTH) - (p.SIGNATURE_LENGTH - 1) / 2
WAVES = np.stack(
    [
        np.cos(2 * np.pi * POSITIONS / PERIODS[:, None]) * WINDOW,
        np.sin(2 * np.pi * POSITIONS / PERIODS[:, None]) * WINDOW,
    ]
)


@dataclass(frozen=True)
class RidgePeriod:
    """Ridge period in pixels and how periodic the picture is.

    period: float32 [H, W], for every pixel.
    clarity: float32 [H, W], 0-1, periodicity times coherence, for every pixel.
    sites: float32 [n, 6]: for each measured place of the foreground its period, its periodicity (share of the
    signature's energy in one wave, 0-1), its coherence, its continuity (share of the window's energy that does not
    change along the ridges, 0-1: breaks and grain lower it), x and y.
    """

    period: np.ndarray
    clarity: np.ndarray
    sites: np.ndarray


def period_of(even: np.ndarray, mask: np.ndarray, angle: np.ndarray, coherence: np.ndarray) -> RidgePeriod:
    """The ridge period of an even-contrast picture [H, W] whose ridges run along `angle` [H, W].

    At each place the grey levels of an oriented window are averaged along the ridges into a signature
    (Hong, Wan & Jain 1998); the strongest wave of the signature gives the period, weighted by its share of energy.
    """
    height, width = even.shape
    rows, columns = (np.arange(p.SIGNATURE_STEP // 2, size, p.SIGNATURE_STEP) for size in (height, width))
    measured = _measure(even, mask, angle, rows, columns, WINDOW, WAVES, PERIODS)
    periods, shares = measured[..., 0], measured[..., 1]
    weight = shares**2
    sigma = p.PERIOD_SIGMA / p.SIGNATURE_STEP
    total = cv2.GaussianBlur(weight, (0, 0), sigma)
    floor = 1e-3
    smooth = (cv2.GaussianBlur(weight * periods, (0, 0), sigma) + floor * p.DEFAULT_PERIOD) / (total + floor)
    sure = cv2.resize(coherence, (len(columns), len(rows)), interpolation=cv2.INTER_LINEAR)
    known = periods > 0
    row, column = np.nonzero(known)
    parts = (periods[known], shares[known], sure[known], measured[..., 2][known], columns[column], rows[row])
    sites = np.stack(parts, axis=1).astype(np.float32)
    full = [
        cv2.resize(part.astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR)
        for part in (smooth, shares * sure)
    ]
    return RidgePeriod(period=full[0], clarity=full[1], sites=sites)


@njit(cache=True)
def _measure(
    even: np.ndarray,
    mask: np.ndarray,
    angle: np.ndarray,
    rows: np.ndarray,
    columns: np.ndarray,
    window: np.ndarray,
    waves: np.ndarray,
    periods: np.ndarray,
) -> np.ndarray:
    """Shape [rows, columns, 3]: period (0 outside the foreground), energy share and continuity."""
    result = np.zeros((rows.size, columns.size, 3))
    signature = np.empty(window.size)
    for i in range(rows.size):
        for j in range(columns.size):
            y, x = rows[i], columns[j]
            if mask[y, x]:
                result[i, j, 2] = _sign(signature, even, mask, y, x, angle[y, x])
                best, share = _strongest_wave(signature, window, waves)
                result[i, j, 0], result[i, j, 1] = periods[best], share
    return result


@njit(cache=True)
def _sign(signature: np.ndarray, even: np.ndarray, mask: np.ndarray, y: int, x: int, angle: float) -> float:
    """Write the signature at (y, x): sums along the ridges, one for each step across them, their mean taken away.

    Returns the window's continuity, 0-1.
    """
    height, width = even.shape
    half = p.SIGNATURE_WIDTH // 2
    along_x, along_y = np.cos(angle), np.sin(angle)
    energy = 1e-9
    for k in range(signature.size):
        across = k - (signature.size - 1) / 2
        total = 0.0
        for m in range(-half, half + 1):
            px = int(np.round(x + m * along_x - across * along_y))
            py = int(np.round(y + m * along_y + across * along_x))
            if 0 <= px < width and 0 <= py < height and mask[py, px]:
                total += even[py, px]
                energy += even[py, px] ** 2
        signature[k] = total
    signature -= signature.mean()
    return min((signature * signature).sum() / (energy * (2 * half + 1)), 1.0)


@njit(cache=True)
def _strongest_wave(signature: np.ndarray, window: np.ndarray, waves: np.ndarray) -> tuple[int, float]:
    """Which of the waves [2, periods, length] is strongest and its share of the signature's energy, 0-1."""
    best, best_power = 0, -1.0
    for f in range(waves.shape[1]):
        power = (waves[0, f] * signature).sum() ** 2 + (waves[1, f] * signature).sum() ** 2
        if power > best_power:
            best, best_power = f, power
    energy = (window * signature * signature).sum() + 1e-9
    # of a pure wave of amplitude a the power is (a/2 sum of window) squared, the energy a squared/2 sum of window
    return best, min(2.0 * best_power / (energy * window.sum()), 1.0)
