"""A whole synthetic finger, grown once, of which any number of impressions is taken."""

from functools import lru_cache

import numpy as np

from rekam.abis.synthetic import parameters as p
from rekam.abis.synthetic.fields import Field, smooth_field
from rekam.abis.synthetic.pattern import draw_pattern, ridge_directions
from rekam.abis.synthetic.ridges import grow_ridges
from rekam.abis.synthetic.streams import stream


@lru_cache(maxsize=32)
def grow_finger(seed: int, position: int) -> Field:
    """The ridges of a finger at 500 dpi: +1 ridge, -1 valley; shape `parameters.CANVAS`, read-only.

    Growing takes about a tenth of a second, so the last 32 fingers are kept (0.6 MB each).
    """
    rng = stream(seed, "finger", position)
    directions = ridge_directions(rng, draw_pattern(rng, position))
    ridges = grow_ridges(rng, directions, _periods(rng))
    ridges.setflags(write=False)
    return ridges


def _periods(rng: np.random.Generator) -> Field:
    """Pixels from ridge to ridge: narrower at the tip, wider towards the joint; shape (H, W)."""
    height, _ = p.CANVAS
    down = np.linspace(-0.5, 0.5, height, dtype=np.float32)[:, None]
    mean = np.float32(rng.uniform(*p.PERIOD_MEAN))
    return mean + np.float32(1.2) * down + np.float32(p.PERIOD_NOISE) * smooth_field(rng, p.CANVAS, 80)
