import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rekam.abis.finger import parameters as p
from rekam.abis.finger.believable import believable
from rekam.abis.finger.minutiae import BIFURCATION, ENDING, Minutiae, minutiae_of
from rekam.abis.finger.ridges import repaired
from rekam.abis.finger.skeleton import skeleton_of

EVERYWHERE = np.ones((80, 120), bool)
LEVEL = np.zeros((80, 120), np.float32)


def ridge():
    """One ridge along row 40, columns 10 to 109."""
    skeleton = np.zeros((80, 120), np.uint8)
    skeleton[40, 10:110] = 1
    return skeleton


def test_a_broad_ridge_becomes_one_pixel_wide_and_stays_in_one_piece():
    broad = np.full((80, 120), -1.0)
    broad[36:45, 10:110] = 1.0
    skeleton = skeleton_of(broad, EVERYWHERE)
    assert (skeleton[:, 20:100].sum(axis=0) == 1).all()


def test_a_ring_stays_a_ring_without_minutiae():
    y, x = np.mgrid[0:80, 0:120]
    ring = np.where(abs(np.hypot(y - 40, x - 60) - 25) < 4, 1.0, -1.0)
    skeleton = repaired(skeleton_of(ring, EVERYWHERE))
    assert skeleton.sum() > 100
    assert len(minutiae_of(skeleton, LEVEL).kind) == 0


def test_a_ridge_with_two_ends_has_two_endings_that_point_at_each_other():
    found = minutiae_of(ridge(), LEVEL)
    assert found.kind.tolist() == [ENDING, ENDING]
    assert found.position.tolist() == [[10, 40], [109, 40]]
    assert found.angle.tolist() == pytest.approx([0, np.pi])


def test_a_fork_has_one_bifurcation_that_points_into_its_opening():
    skeleton = ridge()
    for step in range(1, 30):
        skeleton[40 - step, 60 + step] = 1
    found = minutiae_of(skeleton, LEVEL)
    fork = found.kind == BIFURCATION
    assert fork.sum() == 1
    assert abs(found.position[fork][0] - [60, 40]).max() <= 1
    assert found.angle[fork][0] == 0


def test_a_spur_goes_and_its_ridge_stays():
    skeleton = ridge()
    skeleton[40 - p.SPUR + 2 : 40, 60] = 1
    assert np.array_equal(repaired(skeleton), ridge())


def test_a_branch_longer_than_a_spur_stays():
    skeleton = ridge()
    skeleton[40 - p.SPUR - 8 : 40, 60] = 1
    assert np.array_equal(repaired(skeleton), skeleton)


def test_an_island_goes():
    skeleton = ridge()
    skeleton[20, 50 : 50 + p.ISLAND - 4] = 1
    assert np.array_equal(repaired(skeleton), ridge())


def test_a_bridge_between_two_ridges_goes():
    two = ridge()
    two[40 + p.BRIDGE - 1, 10:110] = 1
    bridged = two.copy()
    bridged[40 : 40 + p.BRIDGE, 60] = 1
    assert np.array_equal(repaired(bridged), two)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.floats(0.05, 0.6))
def test_any_picture_can_be_thinned_and_repaired_and_only_loses_pixels(seed, density):
    raw = np.where(np.random.default_rng(seed).random((60, 60)) < density, 1.0, -1.0)
    skeleton = skeleton_of(raw, np.ones((60, 60), bool))
    mended = repaired(skeleton)
    assert not (skeleton > (raw > 0)).any()
    assert not (mended > skeleton).any()
    found = minutiae_of(mended, np.zeros((60, 60), np.float32))
    assert set(found.kind.tolist()) <= {ENDING, BIFURCATION}
    assert ((found.angle >= 0) & (found.angle < 2 * np.pi)).all()


def endings(*rows):
    """Endings given as (x, y, degrees)."""
    x, y, degrees = np.array(rows, float).T
    kind = np.full(len(rows), ENDING, np.uint8)
    return Minutiae(np.stack([x, y], axis=1).astype(np.int16), np.radians(degrees).astype(np.float32), kind)


FAR = np.full((80, 120), 40.0, np.float32)


def test_the_two_ends_of_a_broken_ridge_are_not_believed():
    # the left piece's ridge runs to the west of its end, the right piece's to the east
    assert len(believable(endings((50, 40, 180), (58, 40, 0)), FAR).kind) == 0


def test_two_endings_that_turn_their_backs_are_both_believed():
    assert len(believable(endings((50, 40, 0), (58, 40, 180)), FAR).kind) == 2


def test_minutiae_at_the_edge_are_not_believed():
    distance = FAR.copy()
    distance[:, 60:] = p.BORDER - 1
    assert believable(endings((20, 20, 0), (90, 20, 0)), distance).position.tolist() == [[20, 20]]


def test_a_crowd_of_minutiae_is_one_flaw():
    assert len(believable(endings((50, 40, 90), (53, 41, 90), (20, 20, 0)), FAR).kind) == 1
