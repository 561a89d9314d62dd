"""The best assignment is no worse than any other, which scipy's exact one tells."""

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from rekam.abis.assignment import best_assignment


@pytest.mark.parametrize("spread", ["dense", "few", "ties"])
def test_no_other_assignment_gains_more(spread):
    random = np.random.default_rng(7)
    for _ in range(200):
        gain = random.normal(scale=20.0, size=(10, 10))
        if spread == "few":
            gain = np.where(random.random((10, 10)) < 0.15, np.abs(gain), 0.0)
        if spread == "ties":
            gain = np.round(gain / 20.0)
        columns = best_assignment(gain)
        assert sorted(columns) == list(range(10))
        rows, others = linear_sum_assignment(gain, maximize=True)
        assert gain[np.arange(10), columns].sum() == pytest.approx(gain[rows, others].sum())


def test_one_row_takes_the_only_column():
    assert best_assignment(np.array([[-3.0]])).tolist() == [0]
