"""The quick kernels against plain versions of the same: counting bits one by one, sorting, trying everything."""

import cv2
import numpy as np
import pytest
from finger_drawing import random_template, template_of
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_finger_comparison import bits_of
from plain_finger_comparison import score as plain_score
from plain_finger_comparison import similarities as plain_similarities

from rekam.abis.finger import comparison_parameters as p
from rekam.abis.finger.alignment import inverse, moved, rigid, stretched, turn_of
from rekam.abis.finger.ascending import ascending
from rekam.abis.finger.candidates import candidates, pairing_room
from rekam.abis.finger.compare import compare
from rekam.abis.finger.cylinders import CELLS, REACH, TURNS, Prepared, prepare
from rekam.abis.finger.known_ground import hull_of, near_hull
from rekam.abis.finger.meeting import meeting, meeting_room
from rekam.abis.finger.overlay import base_for, lay
from rekam.abis.finger.similarity import ring_place, similarities

SEEDS = (1, 2, 3)


def laid(print_: Prepared):
    """The print as one that another is laid on."""
    base = base_for(len(print_))
    lay(base, print_.bits, print_.mask, print_.place)
    return base


def all_moved(plane, place):
    """x and y of all minutiae under a map, [n, 2]."""
    return np.array([moved(plane, x, y) for x, y, *_ in place.astype(float)])


def turns_between(a: Prepared, b: Prepared):
    """[na, nb], the short way."""
    return np.abs((b.place[None, :, 2] - a.place[:, None, 2] + 128) % 256 - 128)


@pytest.mark.parametrize("seed", SEEDS)
def test_cylinders_are_compared_as_counting_their_bits_says(seed):
    a, b = prepare(random_template(seed)), prepare(random_template(seed + 10, 17))
    words, found = laid(b).words, np.empty(len(a) * len(b), np.float32)
    for i in range(len(a)):
        similarities(a.bits, a.mask, i, words, len(b), found, np.empty(len(found), np.int32), i * len(b), len(b))
    assert found.reshape(len(a), len(b)) == pytest.approx(plain_similarities(a, b), abs=1e-6)
    assert (found > 0).any()


@pytest.mark.parametrize("seed", SEEDS)
def test_the_likeliest_pairs_are_those_that_sorting_all_of_them_gives(seed):
    a, b = prepare(random_template(seed)), prepare(random_template(seed + 10, 25))
    room, base = pairing_room(len(a), len(b)), laid(b)
    count = candidates(a.bits, a.mask, a.place, base.words, base.below, room)
    pairs, alike = room.pairs[:count], room.alike[:count]
    table = np.where(turns_between(a, b) <= p.TURN_LIMIT, plain_similarities(a, b), 0)
    assert alike == pytest.approx([table[i, j] for i, j in pairs], abs=1e-6)
    wanted = []
    while len(wanted) < len(pairs):
        i, j = np.unravel_index(table.argmax(), table.shape)
        wanted.append(table[i, j])
        table[i], table[:, j] = 0, 0
    # ranked by steps of 1/256, so that a close call may fall otherwise
    assert alike.sum() == pytest.approx(sum(wanted), rel=0.02)
    assert np.diff(alike).max() < 1 / 256
    assert len(set(pairs[:, 0])) == len(set(pairs[:, 1])) == len(pairs)


@pytest.mark.parametrize("degrees", [-170, -60, 0, 3, 60, 179])
def test_the_minutiae_that_meet_are_those_that_trying_all_finds(degrees):
    a, b = prepare(random_template(1)), prepare(random_template(2))
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    middle = b.place[:, :2].mean(0) - all_moved((c, -s, s, c, 0.0, 0.0), a.place).mean(0)
    plane = (c, -s, s, c, float(middle[0]), float(middle[1]))
    near = np.linalg.norm(all_moved(plane, a.place)[:, None] - b.place[None, :, :2], axis=2) / p.ROUGH_REACH
    turned = a.place.copy()
    turned[:, 2] += turn_of(plane)
    turns = np.abs((b.place[None, :, 2] - turned[:, None, 2] + 128) % 256 - 128) / p.REACH_TURN
    cost, wanted = np.where((near < 1) & (turns <= 1), near + p.TURN_COST * turns, np.inf), []
    while np.isfinite(cost.min()):
        i, j = np.unravel_index(cost.argmin(), cost.shape)
        wanted.append([i, j])
        cost[i], cost[:, j] = np.inf, np.inf
    room, base = meeting_room(len(a), len(b)), laid(b)
    count = meeting(a.place, base.ring, base.below, plane, p.ROUGH_REACH, room)
    assert room.met[:count].tolist() == wanted
    np.testing.assert_allclose(room.there[:, : len(a)].T, all_moved(plane, a.place))
    assert wanted


def test_a_rigid_map_is_found_from_pairs_and_a_stretched_one_lies_between_it_and_the_truth():
    place = prepare(random_template(5)).place
    c, s, count, ones = np.cos(0.4), np.sin(0.4), len(place), np.ones(len(place))
    pairs = np.stack([np.arange(count)] * 2, axis=1)
    turned, wide = (c, -s, s, c, 30.0, -20.0), (1.1 * c, -s, 1.1 * s, c, 30.0, -20.0)
    there = place.copy()
    there[:, :2] = all_moved(turned, place)
    assert rigid(place, np.ascontiguousarray(there.T), pairs, ones, count) == pytest.approx(turned, abs=1e-3)
    there[:, :2] = all_moved(wide, place)
    ring = np.ascontiguousarray(there.T)
    held = rigid(place, ring, pairs, ones, count)
    nearer = stretched(place, ring, pairs, ones, count, held)
    off = [np.abs(all_moved(plane, place) - there[:, :2]).max() for plane in (held, nearer)]
    assert off[1] < off[0] / 10
    assert all_moved(inverse(wide), there) == pytest.approx(place[:, :2], abs=1e-2)


def test_pairs_in_one_place_take_their_turn_from_their_directions():
    place_a, place_b = np.float32([[10, 10, 0], [10, 10, 5]]), np.float32([[50, 60, 32], [50, 60, 40]])
    plane = rigid(place_a, np.ascontiguousarray(place_b.T), np.array([[0, 0], [1, 1]]), np.ones(2), 2)
    assert turn_of(plane) == 32
    assert all_moved(plane, place_a) == pytest.approx(place_b[:, :2], abs=1e-3)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sampled_from([-1.0, 0.0, 0.25, 0.5, 2.0]), max_size=40))
def test_few_numbers_are_ordered_as_a_stable_sort_orders_them(numbers):
    order = np.empty(len(numbers), np.int64)
    ascending(np.array(numbers), len(numbers), order)
    assert order.tolist() == np.argsort(numbers, kind="stable").tolist()


def test_the_ring_is_entered_where_counting_its_directions_says():
    base, count = laid(prepare(random_template(6))), len(prepare(random_template(6)))
    for direction in range(3 * TURNS):
        assert ring_place(base.below, direction) == (base.ring[2, : 3 * count] < direction).sum()


@pytest.mark.parametrize("seed", range(6))
def test_the_whole_comparison_is_that_of_plain_numpy(seed):
    whole, other = prepare(random_template(seed, 30 + seed)), prepare(random_template(seed + 50, 12 + seed))
    kept = np.arange(30 + seed) % 4 != 0
    template = random_template(seed, 30 + seed)
    rng = np.random.default_rng(seed)
    nudged = template_of(
        template.x[kept] + rng.integers(-6, 7, kept.sum()), template.y[kept] + 20, template.direction[kept] + 9
    )
    for smaller in (prepare(nudged), other):
        assert len(smaller) < len(whole)
        assert compare(smaller, whole) == pytest.approx(plain_score(smaller, whole), abs=1e-6)


@pytest.mark.parametrize("count", [1, 2, 3, 40])
def test_the_known_ground_is_the_convex_hull_and_its_margin(count):
    rng = np.random.default_rng(count)
    x, y = rng.uniform(0, 300, count), rng.uniform(0, 300, count)
    hull = hull_of(x, y)
    plain = cv2.convexHull(np.float32(np.stack([x, y], axis=1)))
    assert len(hull) == len(plain)
    for u, v in rng.uniform(-100, 400, (300, 2)):
        outside = -cv2.pointPolygonTest(plain, (u, v), measureDist=True)
        if abs(outside - 50) > 0.01:
            assert near_hull(u, v, hull, 50.0) == (outside < 50)


def test_cylinders_are_filled_as_the_papers_sums_say():
    template = random_template(8)
    prepared = prepare(template)
    x, y, angle = template.x.astype(float), -template.y.astype(float), template.angle
    for row in range(len(prepared)):
        m = prepared.minutia[row]
        axes = np.array([[np.cos(angle[m]), np.sin(angle[m])], [-np.sin(angle[m]), np.cos(angle[m])]])
        cells = CELLS @ axes + (x[m], y[m])
        others = [t for t in range(30) if t != m and np.hypot(x[t] - x[m], y[t] - y[m]) <= REACH]
        sums = np.zeros((len(CELLS), p.CYLINDER_SECTIONS))
        for t in others:
            near = np.hypot(cells[:, 0] - x[t], cells[:, 1] - y[t])
            spatial = np.exp(-(near**2) / (2 * p.SIGMA_S**2)) / (p.SIGMA_S * (2 * np.pi) ** 0.5) * (near <= 28)
            centres = -np.pi + (np.arange(p.CYLINDER_SECTIONS) + 0.5) * np.pi / 3
            for section, centre in enumerate(centres):
                steps = centre - (angle[m] - angle[t]) + np.linspace(-np.pi / 6, np.pi / 6, 201)
                apart = (steps + np.pi) % (2 * np.pi) - np.pi
                density = np.exp(-(apart**2) / (2 * p.SIGMA_D**2)) / (p.SIGMA_D * (2 * np.pi) ** 0.5)
                sums[:, section] += spatial * np.trapezoid(density, dx=np.pi / 600)
        clear = np.abs(sums - p.MU_PSI) > 1e-4  # nearer, the sum's last digits decide
        known = bits_of(prepared.mask[row, 0])[: len(CELLS), None]
        mine = bits_of(prepared.bits[row])[:, : len(CELLS)].T
        assert ((mine == (sums >= p.MU_PSI)) | ~clear | ~known).all()
