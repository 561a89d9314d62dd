"""Independent random streams: one for each thing that is drawn, all from one seed."""

from zlib import crc32

import numpy as np


def stream(seed: int, *labels: str | int) -> np.random.Generator:
    """The generator of what `labels` name, e.g. `stream(7, "finger", 3, "impression", 0)`.

    Equal arguments give equal streams on every machine; streams of unequal arguments are
    statistically independent (numpy.random.SeedSequence). Any integer may be a seed.
    """
    words = [crc32(label.encode()) if isinstance(label, str) else label & 0xFFFFFFFF for label in labels]
    magnitude = abs(seed)
    halves = [magnitude & 0xFFFFFFFFFFFFFFFF, magnitude >> 64, int(seed < 0)]
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([*halves, *words])))
