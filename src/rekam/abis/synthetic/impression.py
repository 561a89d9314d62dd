"""One placing of a finger on the glass: what part touches, how hard, how the skin is pulled."""

import cv2
import numpy as np

from rekam.abis.synthetic import parameters as p
from rekam.abis.synthetic.fields import Field, smooth_field, smooth_step
from rekam.abis.synthetic.flaw import FingerFlaw
from rekam.abis.synthetic.placing import Placing, draw_placing


def press(ridges: Field, rng: np.random.Generator, flaw: FingerFlaw | None, strength: float = 1.0) -> np.ndarray:
    """A scanner's picture of `ridges` (+1 ridge, -1 valley): uint8 of `parameters.FINGER_SHAPE`, ridges dark.

    `strength` 0-1: how bad the flaw is.
    """
    placing = draw_placing(rng, flaw, strength)
    touched = _touch(ridges, placing, rng) * np.float32(placing.relief)
    ink = _ink(touched, placing, rng) * _contact(placing, rng)
    for _ in range(placing.scratches):
        _scratch(ink, rng)
    if flaw == "blur":
        ink = _smear(ink, rng, strength)
    if placing.beside:
        ink = _beside(ink, placing.beside)
    pixels = _scan(ink, placing.faintness, rng)
    return 255 - pixels if flaw == "inverted" else pixels


def _touch(ridges: Field, placing: Placing, rng: np.random.Generator) -> Field:
    """Turns, shifts and pulls the skin: a rigid move and a smooth plastic distortion."""
    height, width = p.FINGER_SHAPE
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    x = columns - np.float32(width / 2 + placing.shift[0])
    y = rows - np.float32(height / 2 + placing.shift[1])
    x += np.float32(p.PULL_PIXELS) * smooth_field(rng, p.FINGER_SHAPE, p.PULL_SCALE)
    y += np.float32(p.PULL_PIXELS) * smooth_field(rng, p.FINGER_SHAPE, p.PULL_SCALE)
    cosine, sine = (np.float32(f(np.radians(placing.rotation))) for f in (np.cos, np.sin))
    across = x * cosine - y * sine + np.float32(p.CANVAS[1] / 2)
    down = x * sine + y * cosine + np.float32(p.CANVAS[0] / 2)
    return cv2.remap(ridges, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)


def _ink(touched: Field, placing: Placing, rng: np.random.Generator) -> Field:
    """How dark each point prints, 0..1: pressure widens ridges, dry skin breaks them, pores stay light."""
    uneven = smooth_field(rng, p.FINGER_SHAPE, 70)
    grain = smooth_field(rng, p.FINGER_SHAPE, 1.3)
    blotches = smooth_field(rng, p.FINGER_SHAPE, 6)
    level = touched + np.float32(placing.pressure) + np.float32(p.PRESSURE_UNEVEN) * uneven
    level += np.float32(placing.dryness) * (np.float32(0.45) * grain + np.float32(0.35) * blotches)
    return 1 / (1 + np.exp(np.float32(-p.INK_STEEPNESS) * level))


def _contact(placing: Placing, rng: np.random.Generator) -> Field:
    """1 where skin meets glass, 0 elsewhere: a ragged ellipse, cut flat where the joint begins."""
    height, width = p.FINGER_SHAPE
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    x = (columns - width / 2 - placing.shift[0] - placing.contact_centre[0]) / placing.contact_radii[0]
    y = (rows - height / 2 - placing.shift[1] - placing.contact_centre[1]) / placing.contact_radii[1]
    inside = 1 - (np.abs(x) ** 2.4 + np.abs(y) ** 2.4)
    ragged = np.float32(0.10) * smooth_field(rng, p.FINGER_SHAPE, 12) + np.float32(0.10) * smooth_field(
        rng, p.FINGER_SHAPE, 1.5
    )
    return smooth_step((inside + ragged).astype(np.float32), 0.0, 0.12)


def _scratch(ink: Field, rng: np.random.Generator) -> None:
    """A cut or crease: a light line across the print, drawn in place."""
    height, width = ink.shape
    start = rng.uniform((0.2 * width, 0.2 * height), (0.8 * width, 0.8 * height))
    angle, length = rng.uniform(0, np.pi), rng.uniform(40, 150)
    t = np.linspace(0, 1, 12)[:, None]
    bow = rng.normal(0, 6) * np.sin(np.pi * t) * np.array([[-np.sin(angle), np.cos(angle)]])
    points = start + t * length * np.array([[np.cos(angle), np.sin(angle)]]) + bow
    line = np.zeros(ink.shape, dtype=np.uint8)
    cv2.polylines(line, [np.round(points * 16).astype(np.int32)], False, 255, int(rng.integers(1, 4)), cv2.LINE_AA, 4)
    ink *= 1 - line.astype(np.float32) / 255 * np.float32(rng.uniform(0.5, 0.95))


def _beside(ink: Field, gap: float) -> Field:
    """The finger's inner side to the left and another's to the right of a gap of so many pixels."""
    width = ink.shape[1]
    quarter, half = width // 4, int(width - gap) // 2
    result = np.zeros_like(ink)
    result[:, :half] = ink[:, quarter : quarter + half]
    # a print turned upside down has another finger's minutiae
    result[:, -half:] = ink[::-1, ::-1][:, quarter : quarter + half]
    return result


def _smear(ink: Field, rng: np.random.Generator, strength: float) -> Field:
    """The finger moved while the picture was taken."""
    length, angle = strength * rng.uniform(12, 18), rng.uniform(0, 180)
    kernel = np.zeros((21, 21), dtype=np.float32)
    dx, dy = length / 2 * np.cos(np.radians(angle)), length / 2 * np.sin(np.radians(angle))
    cv2.line(kernel, (round(10 - dx), round(10 - dy)), (round(10 + dx), round(10 + dy)), 1.0, 2)
    return cv2.GaussianBlur(cv2.filter2D(ink, -1, kernel / kernel.sum()), (0, 0), 0.1 + 1.4 * strength)


def _scan(ink: Field, faintness: float, rng: np.random.Generator) -> np.ndarray:
    """Optics and sensor: a little blur, a glass not quite clean, noise, eight bits."""
    soft = cv2.GaussianBlur(ink, (0, 0), p.OPTICS_SIGMA)
    dirt = np.clip(smooth_field(rng, p.FINGER_SHAPE, 30) - 1.5, 0, None) * np.float32(8)
    darkest = np.float32(rng.uniform(30, 70))
    levels = (
        245
        - dirt
        - soft * (245 - darkest) * np.float32(1 - faintness)
        + rng.normal(0, p.SENSOR_NOISE, ink.shape).astype(np.float32)
    )
    return np.clip(levels, 0, 255).astype(np.uint8)
