"""Who looks on while a print is read: each step shows its picture as it is made."""

from collections.abc import Callable

import numpy as np

Recorder = Callable[[str, np.ndarray], None]
"""Called with the step's name and its array, which must be left as it is."""


def unrecorded(_name: str, _picture: np.ndarray) -> None:
    """Nobody looks on."""
