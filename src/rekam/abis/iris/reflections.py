"""Lamp reflections: small spots far brighter than what surrounds them, found and filled."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from rekam.abis.iris import segmentation_parameters as p

_HALF = 2


def without_reflections(grey: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """The image uint8 [H, W] with its lamp reflections filled from around them, and where they were, bool [H, W].

    A reflection is a connected spot of the white top-hat with a bright core, no wider than REFLECTION_SPAN. Gleaming
    skin between lashes is one too at times; it is filled alike, from its surroundings, so that little is lost.
    """
    height, width = grey.shape
    small = np.asarray(cv2.resize(grey, (width // _HALF, height // _HALF), interpolation=cv2.INTER_AREA), np.uint8)
    size = p.REFLECTION_SIZE // _HALF | 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    contrast = cv2.subtract(small, cv2.morphologyEx(small, cv2.MORPH_OPEN, disc))
    count, labels, stats, _ = cv2.connectedComponentsWithStats((contrast > p.REFLECTION_CONTRAST).astype(np.uint8))
    core = (contrast > p.REFLECTION_CORE) & (small > p.REFLECTION_LEVEL * float(np.percentile(small, 99.5)))
    lamps = np.zeros(count, np.bool_)
    lamps[labels[core]] = True
    lamps &= stats[:, 2:4].max(axis=1) <= p.REFLECTION_SPAN // _HALF
    lamps[0] = False
    spots: NDArray[Any] = lamps[labels].astype(np.uint8)
    spots = cv2.dilate(spots, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5)))
    if not spots.any():
        return grey, np.zeros(grey.shape, np.bool_)
    unseen = cv2.resize(spots, (width, height), interpolation=cv2.INTER_NEAREST) > 0
    surroundings = cv2.resize(_filled(small, spots > 0), (width, height), interpolation=cv2.INTER_LINEAR)
    return np.where(unseen, surroundings, grey), unseen


def _filled(grey: NDArray[np.uint8], spots: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Each spot takes the mean of its surroundings, those nearest first."""
    known = (~spots).astype(np.float32)
    sums = grey * known
    filled = grey.copy()
    for reach in p.REFLECTION_REACHES:
        total, share = (cv2.blur(cv2.blur(image, (reach, reach)), (reach, reach)) for image in (sums, known))
        near = spots & (share > p.REFLECTION_KNOWN)
        filled[near] = total[near] / share[near]
        spots = spots & ~near
    return filled
