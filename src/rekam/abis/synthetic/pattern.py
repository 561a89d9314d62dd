"""The pattern of a finger: its class, its singular points and the direction of its ridges."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from rekam.abis.synthetic import parameters as p
from rekam.abis.synthetic.fields import smooth_field

PatternClass = Literal["arch", "tented arch", "left loop", "right loop", "whorl"]


@dataclass(frozen=True)
class Pattern:
    """Class and singular points, as complex pixels (x right, y up) from the canvas centre."""

    kind: PatternClass
    cores: tuple[complex, ...]
    deltas: tuple[complex, ...]


def draw_pattern(rng: np.random.Generator, position: int) -> Pattern:
    """A pattern for finger 1..10, with the class frequencies of `parameters.CLASS_SHARES`.

    Loops open towards the little finger nineteen times in twenty; a print shows the right hand's
    little finger to the right.
    """
    family = rng.choice(list(p.CLASS_SHARES), p=list(p.CLASS_SHARES.values()))
    x, y = rng.normal(0, 8), rng.normal(30, 10)
    core = complex(x, y)
    if family == "arch":
        return Pattern("arch", (), ())
    if family == "tented arch":
        return Pattern("tented arch", (core,), (core - complex(rng.normal(0, 5), rng.uniform(60, 90)),))
    if family == "whorl":
        lower = core - complex(rng.normal(0, 9), rng.uniform(12, 55))
        left = lower - complex(rng.uniform(75, 110), rng.uniform(50, 90))
        right = lower + complex(rng.uniform(75, 110), -rng.uniform(50, 90))
        return Pattern("whorl", (core, lower), (left, right))
    opens_right = (position <= 5) == (rng.random() < p.ULNAR_SHARE)
    side = -1 if opens_right else 1
    delta = core + complex(side * rng.uniform(65, 95), -rng.uniform(85, 125))
    return Pattern("right loop" if opens_right else "left loop", (core,), (delta,))


def ridge_directions(rng: np.random.Generator, pattern: Pattern) -> NDArray[np.float32]:
    """Ridge direction in radians (counter-clockwise, modulo pi), shape (H, W) of the canvas.

    The zero-pole model: each core turns the direction by half the angle under which it is seen,
    each delta turns it back (Sherlock & Monro, Pattern Recognition 26, 1993), each angle bent by
    a random periodic correction (after Vizcaya & Gerhardt, Pattern Recognition 29, 1996). Arches
    have no singular points and take Cappelli's sine model (Handbook of Fingerprint Recognition,
    2nd ed., chapter 6).
    """
    height, width = p.CANVAS
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    x, y = columns - width / 2, height / 2 - rows
    if pattern.kind == "arch":
        crest = np.clip(rng.uniform(0.9, 1.5) - 0.9 * np.abs(y + 20) / (height / 2), 0.15, None)
        directions = np.arctan(-crest * np.sin(np.pi * x / width))
    else:
        directions = np.zeros(p.CANVAS, dtype=np.float32)
        for points, sign in ((pattern.cores, 0.5), (pattern.deltas, -0.5)):
            for point in points:
                angle = np.arctan2(y - point.imag, x - point.real)
                directions += sign * _bent(rng, angle)
        for core in pattern.cores:
            directions += _parallel_legs(pattern, core, x, y)
    tip = np.clip(y / (height / 2), 0, 1) ** 1.5
    directions -= p.TIP_BEND * tip * x / (width / 2)
    return (directions + p.DIRECTION_NOISE * smooth_field(rng, p.CANVAS, 90)).astype(np.float32)


def _bent(rng: np.random.Generator, angle: NDArray[np.float32]) -> NDArray[np.float32]:
    result = angle.copy()
    for order in (1, 2):
        result += rng.normal(0, p.ANGLE_BEND / order) * np.sin(order * angle + rng.uniform(0, 2 * np.pi))
    return result


def _parallel_legs(
    pattern: Pattern, core: complex, x: NDArray[np.float32], y: NDArray[np.float32]
) -> NDArray[np.float32]:
    """A correction near a core that makes its ridges run side by side like hairpins, not fan out."""
    if pattern.kind == "whorl":
        axis = -np.pi / 2 if core == pattern.cores[0] else np.pi / 2
        strength = p.WHORL_LEGS
    else:
        axis = -float(np.angle(core - pattern.deltas[0]))
        strength = p.LOOP_LEGS
    angle = np.arctan2(y - core.imag, x - core.real)
    distance = np.hypot(x - core.real, y - core.imag)
    return -0.5 * strength * np.sin(angle - axis) * np.exp(-((distance / p.LEGS_REACH) ** 2))
