"""A contiguous array that grows at its end without copying itself each time."""

import numpy as np
from numpy.typing import NDArray

FIRST_CAPACITY = 64


class Growing:
    """Rows of one shape and type. Arrays handed out by `rows` never change afterwards: growth happens behind them."""

    def __init__(self, row: tuple[int, ...], dtype: np.dtype | type) -> None:
        self._rows: NDArray = np.zeros((FIRST_CAPACITY, *row), dtype)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def extend(self, rows: NDArray) -> None:
        """Adds rows of shape [n, *row]."""
        wanted = self._count + len(rows)
        if wanted > len(self._rows):
            larger = np.zeros((max(wanted, 2 * len(self._rows)), *self._rows.shape[1:]), self._rows.dtype)
            larger[: self._count] = self._rows[: self._count]
            self._rows = larger
        self._rows[self._count : wanted] = rows
        self._count = wanted

    def rows(self) -> NDArray:
        """The rows so far, contiguous and read-only."""
        view = self._rows[: self._count]
        view.setflags(write=False)
        return view
