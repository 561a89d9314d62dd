"""What of a print can be measured that tells how well it will match, and why not."""

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np

from rekam.abis.finger import parameters as base
from rekam.abis.finger.kind import SITE_MM2, ridge_like
from rekam.abis.finger.resolution import local_deviation
from rekam.abis.finger.ridge_map import RidgeMap

PIXEL_MM = 25.4 / base.DPI


Sides = tuple[float, float, float, float]
"""Left, right, top, bottom."""


@dataclass(frozen=True)
class PrintFeatures:
    """The measures of one print; lengths in millimetres, shares 0-1.

    minutiae: their number. sureness: mean clarity where they lie. area: of clear ridges. share: of the foreground that
    is clear ridges. clarity: mean over the foreground. continuity: how unbroken the ridges are, mean. contrast: median
    local deviation, grey levels. dark: share of the foreground darker than the middle between its black and white.
    sharpness: mean gradient in local deviations a pixel. breadth, length: of the foreground's box. margin: ground to
    the left, right, top and bottom of it; cut: the share of each of these sides of the box where it leaves the picture.
    """

    minutiae: int
    sureness: float
    area: float
    share: float
    clarity: float
    continuity: float
    contrast: float
    dark: float
    sharpness: float
    breadth: float
    length: float
    margin: Sides
    cut: Sides


def features_of(ridges: RidgeMap, x: np.ndarray, y: np.ndarray) -> PrintFeatures:
    """The features of a print whose minutiae lie at columns `x` and rows `y`, whichever extractor found them."""
    clear = ridge_like(ridges.period)
    sites = ridges.period.sites
    top, bottom, left, right = _box(ridges.mask)
    height, width = ridges.mask.shape
    margin = (left, width - right, top, height - bottom)
    inside = ridges.mask
    edges = (inside[top:bottom, 0], inside[top:bottom, -1], inside[0, left:right], inside[-1, left:right])
    return PrintFeatures(
        minutiae=len(x),
        sureness=float(ridges.period.clarity[y, x].mean()) if len(x) else 0.0,
        area=float(clear.sum()) * SITE_MM2,
        share=float(clear.mean()),
        clarity=float((sites[:, 1] * sites[:, 2]).mean()),
        continuity=float(sites[:, 3].mean()),
        contrast=float(np.median(local_deviation(ridges.pixels)[inside])),
        dark=_dark_share(ridges.pixels[inside]),
        sharpness=_sharpness(ridges.even, inside),
        breadth=(right - left) * PIXEL_MM,
        length=(bottom - top) * PIXEL_MM,
        margin=_sides(each * PIXEL_MM for each in margin),
        cut=_sides(float(each.mean()) for each in edges),
    )


def _box(mask: np.ndarray) -> tuple[int, int, int, int]:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1


def _sides(values: Iterable[float]) -> Sides:
    left, right, top, bottom = values
    return left, right, top, bottom


def _dark_share(levels: np.ndarray) -> float:
    black, white = np.percentile(levels, (5, 95))
    return float((levels < (black + white) / 2).mean())


def _sharpness(even: np.ndarray, mask: np.ndarray) -> float:
    steps = np.abs(cv2.Sobel(even, cv2.CV_32F, 1, 0, ksize=3)) + np.abs(cv2.Sobel(even, cv2.CV_32F, 0, 1, ksize=3))
    return float(steps[mask].mean()) / 8
