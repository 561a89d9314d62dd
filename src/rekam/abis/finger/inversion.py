"""Is the picture inverted: light ridges on a dark ground."""

import numpy as np

from rekam.abis.finger import quality_parameters as p


def is_inverted(pixels: np.ndarray, mask: np.ndarray) -> bool:
    """Whether the ground beside the finger is darker than nearly all of the finger in a picture [H, W].

    A print that fills its picture shows no ground and is taken as it is: its ridges and valleys change places then,
    endings become forks at the same places, and it still matches.
    """
    ground = pixels[~mask]
    if ground.size < p.INVERTED_GROUND_SHARE * pixels.size or not mask.any():
        return False
    dark, light = np.percentile(pixels[mask], (5, 95))
    level = float(np.median(ground))
    return bool(light - dark > p.INVERTED_SPAN and level < dark + p.INVERTED_LEVEL * (light - dark))
