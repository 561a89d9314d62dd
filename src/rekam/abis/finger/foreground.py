"""The foreground: where the finger lies on the platen."""

import cv2
import numpy as np

from rekam.abis.finger import parameters as p

CROSS = np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]], dtype=np.uint8)


def foregrounds_of(pixels: np.ndarray) -> tuple[np.ndarray, list[np.ndarray]]:
    """Mask bool [H, W] of the finger in a 500 dpi picture, one connected region without holes, and those of others.

    The averaged gradient magnitude is held against a share of its own high percentile, so that dry and wet fingers
    set their own level; then closing, hole filling and opening. The largest region is the finger, empty on a blank
    page; others have at least a finger's least area.
    """
    regions = _regions(pixels)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(regions, connectivity=4)
    if count == 1:
        return np.zeros(pixels.shape, dtype=bool), []
    areas = stats[1:, cv2.CC_STAT_AREA]
    order = 1 + np.argsort(-areas, kind="stable")
    finger, *rest = (labels == label for label in order if label == order[0] or areas[label - 1] >= p.LEAST_REGION)
    return finger, rest


def _regions(pixels: np.ndarray) -> np.ndarray:
    """Mask uint8 [H, W] (0/1) of all that has a finger's gradients."""
    smooth = cv2.GaussianBlur(pixels, (0, 0), p.GRADIENT_SIGMA)
    dx = cv2.Sobel(smooth, cv2.CV_32F, 1, 0, ksize=3, scale=0.25)
    dy = cv2.Sobel(smooth, cv2.CV_32F, 0, 1, ksize=3, scale=0.25)
    strength = cv2.GaussianBlur(cv2.magnitude(dx, dy), (0, 0), p.FOREGROUND_SIGMA)
    level = float(np.percentile(strength, p.FOREGROUND_PERCENTILE))
    if level < p.FOREGROUND_LEAST_GRADIENT:
        return np.zeros(pixels.shape, dtype=np.uint8)
    mask: np.ndarray = (strength > level * p.FOREGROUND_SHARE).astype(np.uint8)
    mask = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, CROSS, iterations=p.FOREGROUND_CLOSING)
    mask = _without_holes(mask)
    # the frame counts as background, so that a finger cut by the picture's edge is opened there as anywhere else
    framed = cv2.copyMakeBorder(mask, 1, 1, 1, 1, cv2.BORDER_REPLICATE)
    return cv2.morphologyEx(framed, cv2.MORPH_OPEN, CROSS, iterations=p.FOREGROUND_OPENING)[1:-1, 1:-1]


def edge_distance_of(mask: np.ndarray) -> np.ndarray:
    """Distance in pixels, float32 [H, W], to the nearest background, to which all outside the picture belongs."""
    framed = cv2.copyMakeBorder(mask.astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    return cv2.distanceTransform(framed, cv2.DIST_L2, 5)[1:-1, 1:-1]


def _without_holes(mask: np.ndarray) -> np.ndarray:
    framed = cv2.copyMakeBorder(mask, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    outside = framed.copy()
    cv2.floodFill(outside, None, (0, 0), 1)
    return ((outside == 0) | (framed == 1))[1:-1, 1:-1].astype(np.uint8)
