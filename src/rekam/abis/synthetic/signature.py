"""A signature: smooth pen strokes whose plan is the person's and whose waver is the moment's."""

import cv2
import numpy as np
from numpy.typing import NDArray

from rekam.abis.synthetic import parameters as p
from rekam.abis.synthetic.streams import stream


def sign(seed: int, impression: int) -> NDArray[np.uint8]:
    """Grey levels, uint8 of `parameters.SIGNATURE_SHAPE`: dark ink on white.

    The pen follows loops of slowly changing size and lean from left to right, ends in a flourish,
    and presses harder where it is slow (after the sigma-lognormal view of handwriting, Plamondon
    1995, reduced to sums of sines).
    """
    plan, waver = stream(seed, "signature"), stream(seed, "signature", impression)
    height, width = p.SIGNATURE_SHAPE
    letters = int(plan.integers(4, 9))
    path = _letters(plan, waver, letters)
    path = np.vstack([path, _flourish(plan, waver, path[-1])])
    path -= path.min(axis=0)
    path *= min(0.82 * width / np.ptp(path[:, 0]), 0.72 * height / np.ptp(path[:, 1]))
    path += (np.array([width, height]) - path.max(axis=0)) / 2 + waver.normal(0, 5, 2)
    turn = np.radians(plan.normal(-4, 3) + waver.normal(0, 1.5))
    middle = np.array([width / 2, height / 2])
    path = (path - middle) @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]]) + middle
    return _ink(path)


def _letters(plan: np.random.Generator, waver: np.random.Generator, letters: int) -> NDArray[np.float64]:
    t = np.linspace(0, letters, 60 * letters)
    knots = np.arange(letters + 1)

    def along(low: float, high: float) -> NDArray[np.float64]:
        wanted = plan.uniform(low, high, letters + 1)
        return np.interp(t, knots, wanted * (1 + waver.normal(0, 0.05, letters + 1)))

    loop, tall, lean = along(0.25, 0.75), along(0.25, 0.9), along(0.1, 0.5)
    tall *= 1 + 1.3 * np.exp(-((t - 0.4) ** 2) * 3)  # the first letter is a capital
    phase = 2 * np.pi * t + plan.uniform(0, 2 * np.pi)
    y = -tall * np.sin(phase) + 0.25 * along(-1, 1)
    return np.column_stack([0.8 * t + loop * np.cos(phase) - lean * y, y])


def _flourish(plan: np.random.Generator, waver: np.random.Generator, end: NDArray[np.float64]) -> NDArray[np.float64]:
    """A sweep back under the name and out again."""
    reach = plan.uniform(2.0, 4.0) * (1 + waver.normal(0, 0.04))
    knots = np.array([[0, 0], [0.6, 0.7], [-0.7 * reach, 1.5], [-reach, 1.1], [0.3 * reach, plan.uniform(0.6, 1.2)]])
    t = np.linspace(0, 1, 120)[:, None]
    weights = [1, 4, 6, 4, 1]
    return end + sum(w * (1 - t) ** (4 - i) * t**i * knots[i] for i, w in enumerate(weights))


def _ink(path: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Draws at three times the size and shrinks, thicker where the pen is slow."""
    height, width = p.SIGNATURE_SHAPE
    paper = np.full((height * 3, width * 3), 255, dtype=np.uint8)
    speed = np.hypot(*np.diff(path, axis=0).T)
    speed = np.convolve(speed, np.ones(9) / 9, mode="same") / speed.mean()
    points = np.round(path * 3 * 16).astype(np.int32)
    for start, end, pace in zip(points, points[1:], speed, strict=False):
        thickness = round(3 * float(np.clip(3.2 / (0.6 + pace), 1.3, 3.4)))
        cv2.line(paper, start.tolist(), end.tolist(), 26, thickness, cv2.LINE_AA, 4)
    return np.asarray(cv2.resize(paper, (width, height), interpolation=cv2.INTER_AREA), dtype=np.uint8)
