import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from iris_drawing import drawn_eye

from rekam.abis.iris import code_parameters as p
from rekam.abis.iris.circle import Circle
from rekam.abis.iris.compare import DEGREES_PER_COLUMN, compare
from rekam.abis.iris.extract import extract
from rekam.abis.iris.matched_bits import matched_bits
from rekam.abis.iris.template import IrisTemplate

_CIRCLE = Circle(1.0, 2.0, 3.0)


def _template(code, mask):
    packed = [np.packbits(planes.reshape(-1), bitorder="little") for planes in (code, mask)]
    return IrisTemplate(*packed, 80, (), _CIRCLE, _CIRCLE)


@settings(deadline=None)  # the first example compiles the kernels
@given(st.integers(0, 10_000), st.integers(-16, 16))
def test_a_bit_flipped_or_masked_is_found_where_it_was(seed, turn):
    rng = np.random.default_rng(seed)
    shape = (p.CODE_PLANES, p.CODE_COLUMNS)
    code, flipped = rng.random(shape) < 0.5, rng.random(shape) < 0.1
    shown, hidden = rng.random(shape) < 0.8, rng.random(shape) < 0.2
    turned_back = [np.roll(planes, -turn, axis=1) for planes in (code ^ flipped, shown)]
    found = matched_bits(_template(*turned_back), _template(code, ~hidden))
    assert found.match.turn == pytest.approx(turn * DEGREES_PER_COLUMN)
    assert np.all((found.second - found.first) % p.CODE_COLUMNS == turn % p.CODE_COLUMNS)
    assert np.array_equal(found.masked, (~shown | hidden)[:, found.second])
    assert np.array_equal(found.differing, (flipped & shown & ~hidden)[:, found.second])
    assert np.array_equal(found.agreeing, (~flipped & shown & ~hidden)[:, found.second])


def test_the_map_says_what_the_comparison_said():
    a, b = extract(drawn_eye(2)), extract(drawn_eye(2, turn=12, pupil=(161, 121, 23)))
    found = matched_bits(a, b)
    assert found.match == compare(a, b)
    turns = (found.second - found.first + p.CODE_COLUMNS // 2) % p.CODE_COLUMNS - p.CODE_COLUMNS // 2
    away = turns[:: p.CODE_COLUMNS // p.SECTORS] - round(found.match.turn / DEGREES_PER_COLUMN)
    shown = int(found.agreeing.sum() + found.differing.sum())
    net = int(found.agreeing.sum() - found.differing.sum()) - p.SECTOR_LOSS * int(np.abs(away).sum())
    assert np.abs(away).max() <= p.SECTOR_SLACK
    assert found.match.distance == pytest.approx(0.5 - 0.5 * net / np.sqrt(shown * p.TYPICAL_COMMON_BITS))
