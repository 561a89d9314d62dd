"""The order of few numbers."""

import numpy as np
from numba import njit


@njit(cache=True)
def ascending(numbers: np.ndarray, count: int, order: np.ndarray) -> None:
    """Write to `order` the order of numbers[:count], float64, equal ones as they come.

    How many are less than each is counted without branches, eight at a time: for few numbers sooner done than sorting,
    whose branches are guessed wrong.
    """
    for entry in range(count):
        order[entry] = -1
    for entry in range(count):
        less, number = 0, numbers[entry]
        for other in range(count):
            less += numbers[other] < number
        while order[less] >= 0:
            less += 1
        order[less] = entry
