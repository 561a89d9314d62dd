"""Which row takes which column so that the gains add up to the most: `best_assignment`.

Shortest augmenting paths with potentials (Jonker and Volgenant, Computing 38, 1987; Kuhn 1955). Ten by ten is all that
is asked of it, and a library for more would cost every station 35 MB and a second of its start (ADR 0046).
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["best_assignment"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def best_assignment(gain: Floats) -> Ints:
    """The column of each row, int64 [n]. gain: float64 [n, n], finite."""
    size = gain.shape[0]
    # rows and columns count from 1; column 0 is where each search begins, row 0 has what nobody has
    of_row, of_column, owner = np.zeros(size + 1), np.zeros(size + 1), np.zeros(size + 1, np.int64)
    cost = -np.pad(gain, ((1, 0), (1, 0)))
    for row in range(1, size + 1):
        _give(row, cost, of_row, of_column, owner)
    return np.argsort(owner[1:]).astype(np.int64)


@njit(cache=True, nogil=True)
def _give(row: int, cost: Floats, of_row: Floats, of_column: Floats, owner: Ints) -> None:
    """A column for one more row, at the cost of others that move; potentials and owners change in place."""
    before = np.zeros(len(owner), np.int64)
    slack, seen = np.full(len(owner), np.inf), np.zeros(len(owner), np.bool_)
    owner[0], column = row, 0
    while owner[column] != 0:
        seen[column] = True
        here = owner[column]
        for other in range(1, len(owner)):
            reduced = cost[here, other] - of_row[here] - of_column[other]
            if not seen[other] and reduced < slack[other]:
                slack[other], before[other] = reduced, column
        nearest = int(np.argmin(np.where(seen[1:], np.inf, slack[1:]))) + 1
        least = slack[nearest]
        for other in range(len(owner)):
            if seen[other]:
                of_row[owner[other]] += least
                of_column[other] -= least
            else:
                slack[other] -= least
        column = nearest
    while column != 0:
        owner[column] = owner[before[column]]
        column = before[column]
