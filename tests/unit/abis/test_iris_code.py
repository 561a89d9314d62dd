import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rekam.abis.iris import code_parameters as p
from rekam.abis.iris.code import iris_code
from rekam.abis.iris.segmentation_parameters import STRIP_COLUMNS, STRIP_ROWS

EVERY = STRIP_COLUMNS // p.CODE_COLUMNS
GOLDEN_FIRST_PLANE = "e5ac668c66c94c1bc95632ad4d5b6b8d"
GOLDEN_LAST_PLANE = "78880fe7c171e070e231e77306e6cd1e"


def _strip():
    """Waves of many lengths that lean differently, the same on every machine."""
    rows, columns = np.mgrid[0:STRIP_ROWS, 0:STRIP_COLUMNS]
    around = 2 * np.pi * columns / STRIP_COLUMNS
    waves = [np.cos(k * around + 0.37 * k * k + rows * (k % 7 - 3) / 9) for k in range(3, 60)]
    return (120 + 6 * np.sum(waves, axis=0)).astype(np.float32)


def _planes(packed):
    return np.unpackbits(packed, bitorder="little").reshape(p.CODE_PLANES, p.CODE_COLUMNS).astype(bool)


def _visible(seed=None):
    visible = np.ones((STRIP_ROWS, STRIP_COLUMNS), bool)
    if seed is not None:
        start = int(np.random.default_rng(seed).integers(0, STRIP_COLUMNS - 120))
        visible[20:, start : start + 120] = False
    return visible


def test_a_known_strip_gives_the_known_code():
    code, mask = iris_code(_strip(), _visible())
    planes = np.packbits(_planes(code), axis=1, bitorder="little")
    for plane, golden in ((0, GOLDEN_FIRST_PLANE), (p.CODE_PLANES - 1, GOLDEN_LAST_PLANE)):
        # a response of nearly nought may fall to either side on another machine
        differing = np.unpackbits(planes[plane] ^ np.frombuffer(bytes.fromhex(golden), np.uint8)).sum()
        assert differing <= 2
    assert _planes(mask).mean() == pytest.approx(1 - p.FRAGILE_SHARE, abs=0.01)


@settings(deadline=None, max_examples=20)
@given(st.integers(0, p.CODE_COLUMNS - 1), st.integers(0, 1000))
def test_a_turned_strip_gives_the_turned_code(columns, seed):
    strip, visible = _strip(), _visible(seed)
    code, mask = (_planes(packed) for packed in iris_code(strip, visible))
    turned_code, turned_mask = (
        _planes(packed)
        for packed in iris_code(np.roll(strip, EVERY * columns, axis=1), np.roll(visible, EVERY * columns, axis=1))
    )
    assert np.mean(np.roll(mask, columns, axis=1) != turned_mask) < 0.002
    both = np.roll(mask, columns, axis=1) & turned_mask
    assert not np.any((np.roll(code, columns, axis=1) ^ turned_code) & both)


@pytest.mark.parametrize(("gain", "offset"), [(0.3, 10.0), (1.7, -40.0)])
def test_brightness_and_contrast_do_not_matter(gain, offset):
    code, mask = iris_code(_strip(), _visible())
    other, other_mask = iris_code(np.float32(gain) * _strip() + np.float32(offset), _visible())
    assert np.unpackbits((code ^ other) & mask & other_mask).sum() == 0


@given(st.integers(0, 1000))
@settings(deadline=None, max_examples=20)
def test_what_is_hidden_is_masked_and_changes_nothing_far_from_it(seed):
    visible = _visible(seed)
    hidden = np.flatnonzero(~visible[-1])
    code, _ = iris_code(_strip(), _visible())
    lidded, mask = iris_code(_strip(), visible)
    outer = _planes(mask).reshape(len(p.FILTER_WAVES), len(p.FILTER_ROWS), 2, -1)[:, -1]
    assert not outer[..., hidden[EVERY:-EVERY] // EVERY].any()
    inner = _planes(code ^ lidded).reshape(len(p.FILTER_WAVES), len(p.FILTER_ROWS), 2, -1)[:, 0]
    shown = _planes(mask).reshape(len(p.FILTER_WAVES), len(p.FILTER_ROWS), 2, -1)[:, 0]
    assert (inner & shown).mean() < 0.01


def test_an_iris_of_which_nothing_is_seen_has_an_empty_mask():
    _, mask = iris_code(_strip(), np.zeros((STRIP_ROWS, STRIP_COLUMNS), bool))
    assert not mask.any()
