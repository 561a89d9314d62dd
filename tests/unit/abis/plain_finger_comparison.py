"""The oracle of the comparison of two prints: the same in plain numpy, without windows, rooms or vector instructions."""

import numpy as np

from rekam.abis.finger import comparison_parameters as p
from rekam.abis.finger.cylinders import CELLS, Prepared

LEVELS = 256


def bits_of(words):
    """Each word's 64 bits, bool [..., 64], the least first."""
    return (words[..., None] >> np.arange(64, dtype=np.uint64) & np.uint64(1)).astype(bool)


def similarities(a: Prepared, b: Prepared):
    """float32 [na, nb], whatever the directions."""
    both = bits_of(a.mask[:, None]) & bits_of(b.mask[None])
    mine, hers = bits_of(a.bits[:, None]) & both, bits_of(b.bits[None]) & both
    size_a, size_b, apart = (np.sqrt(x.sum((2, 3), np.float32)) for x in (mine, hers, mine ^ hers))
    known = (both.sum((2, 3)) >= p.LEAST_MATCHABLE_CELLS * len(CELLS)) & (size_a + size_b > 0)
    return np.where(known, np.float32(1) - apart / np.where(known, size_a + size_b, np.float32(1)), np.float32(0))


def short_way(turn):
    """In [-128, 128)."""
    return (turn + 128) % 256 - 128


def greedy(order):
    """The pairs in the given order, passing over those with a minutia that is taken."""
    chosen, taken_a, taken_b = [], set(), set()
    for i, j in order:
        if i not in taken_a and j not in taken_b:
            chosen.append((i, j))
            taken_a.add(i)
            taken_b.add(j)
    return np.array(chosen, int).reshape(-1, 2)


def candidates(a: Prepared, b: Prepared):
    alike = similarities(a, b)
    level = LEVELS - (alike * np.float32(LEVELS)).astype(int)
    turn = short_way(b.place[None, :, 2] - a.place[:, None, 2])
    lap = np.round((a.place[:, None, 2] + turn - b.place[None, :, 2]) / 256)
    able = np.argwhere((np.abs(turn) <= p.TURN_LIMIT) & (level < LEVELS)).tolist()
    able.sort(key=lambda at: (level[*at], at[0], lap[*at], at[1]))
    last = level[*able[p.LIKELIEST - 1]] if len(able) >= p.LIKELIEST else LEVELS
    pairs = greedy(at for at in able if level[*at] <= last)[: p.CANDIDATES]
    return pairs, alike[*pairs.T].astype(float)


def relaxed(there_a, there_b, turn, alike):
    """The similarities after relaxation, and the agreement of any two pairs; places are complex numbers."""
    u, v = there_a[None] - there_a[:, None], there_b[None] - there_b[:, None]
    apart = short_way(turn[None] - turn[:, None])
    tolerance = p.AGREEING_LENGTH + p.AGREEING_STRETCH * (abs(u) + abs(v)) / 2
    upon = u * np.exp(2j * np.pi / 256 * (turn[:, None] + apart // 2))
    bearing = (upon.conj() * v).imag / (np.maximum(1, abs(u) * abs(v)) * p.AGREEING_BEARING)
    off = [abs(apart) / p.AGREEING_TURN, abs(abs(u) - abs(v)) / tolerance, abs(bearing)]
    agrees = (off[0] <= 1) & (off[1] < 1) & (off[2] < 1) & ((upon.conj() * v).real >= 0)
    rho = np.tril(np.where(agrees, np.prod([1 - x**2 for x in off], axis=0), 0), -1)
    rho, now = rho + rho.T, alike
    for _ in range(p.RELAXATION_STEPS):
        now = p.RELAXATION_WEIGHT * now + (1 - p.RELAXATION_WEIGHT) * (rho @ now) / (len(now) - 1)
    return now, rho


def rigid(u, v, weight, first_turn):
    """z -> turn z + shift; the first pair's turn where they all stand in one place."""
    middle_u, middle_v = np.average(u, weights=weight), np.average(v, weights=weight)
    turn = (weight * (u - middle_u).conj() * (v - middle_v)).sum()
    turn = turn / abs(turn) if abs(turn) >= 1 else np.exp(2j * np.pi / 256 * first_turn)
    return np.array([[turn.real, -turn.imag], [turn.imag, turn.real]]), middle_v - turn * middle_u


def stretched(u, v, matrix):
    x, y = (np.stack([z.real, z.imag], 1) for z in (u - u.mean(), v - v.mean()))
    more = np.linalg.solve(x.T @ x + p.STRETCH_PRIOR * np.eye(2), x.T @ (y - x @ matrix.T)).T
    if not 1 / p.STRETCH_MOST < np.linalg.det(matrix + more) < p.STRETCH_MOST:
        return matrix, v.mean() - apply(matrix, 0, u.mean())
    return matrix + more, v.mean() - apply(matrix + more, 0, u.mean())


def apply(matrix, shift, z):
    return matrix[0, 0] * z.real + matrix[0, 1] * z.imag + 1j * (matrix[1, 0] * z.real + matrix[1, 1] * z.imag) + shift


def turn_of(matrix):
    return np.rint(np.arctan2(matrix[1, 0] - matrix[0, 1], matrix[0, 0] + matrix[1, 1]) * 128 / np.pi)


def meeting(a, b, u, v, matrix, shift, reach):
    near = abs(apply(matrix, shift, u)[:, None] - v[None]) / reach
    turns = abs(short_way(b.place[None, :, 2] - a.place[:, None, 2] - turn_of(matrix))) / p.REACH_TURN
    cost = near + p.TURN_COST * turns
    return greedy(sorted(np.argwhere((near < 1) & (turns <= 1)).tolist(), key=lambda at: cost[*at]))


def within(z, others):
    sides = [np.real, np.imag, lambda w: w.real + w.imag, lambda w: w.real - w.imag]
    return np.all([(side(others).min() <= side(z)) & (side(z) <= side(others).max()) for side in sides], 0).sum()


def score(a: Prepared, b: Prepared) -> float:
    """As `compare.compare` for a smaller a."""
    assert p.LEAST_MINUTIAE <= len(a) < len(b)
    u, v = (each.place[:, 0] + 1j * each.place[:, 1].astype(float) for each in (a, b))
    pairs, alike = candidates(a, b)
    if len(pairs) < p.LEAST_PAIRS:
        return 0.0
    i, j = pairs.T
    turn = short_way(b.place[j, 2] - a.place[i, 2]).astype(int)
    now, rho = relaxed(u[i], v[j], turn, alike)
    seed = now.argmax()
    matrix, shift = rigid(u[i], v[j], now * np.where(np.arange(len(now)) == seed, 1, rho[seed]), turn[0])
    met = meeting(a, b, u, v, matrix, shift, p.ROUGH_REACH)
    if len(met) >= p.LEAST_PAIRS:
        i, j = met.T
        matrix, shift = stretched(u[i], v[j], rigid(u[i], v[j], np.ones(len(met)), 0)[0])
        met = meeting(a, b, u, v, matrix, shift, p.FINE_REACH)
    wanted = (p.SCORED_MOST - p.SCORED_LEAST) / (1 + np.exp(-p.SCORED_TAU * (len(a) - p.SCORED_MU)))
    wanted = p.SCORED_LEAST + int(np.rint(wanted))
    kept = now[np.argsort(-now / alike, kind="stable")[:wanted]].sum() / wanted
    i, j = met.T
    residual = apply(matrix, shift, u[i]) - v[j]
    weight = np.exp(-(abs(v[j][:, None] - v[j][None]) ** 2) / (2 * p.DISTORTION_SIGMA**2)) * (1 - np.eye(len(met)))
    left = residual - weight @ residual / (p.DISTORTION_PRIOR + weight.sum(1))
    turned = short_way(b.place[j, 2] - np.trunc(a.place[i, 2] + turn_of(matrix))) / p.RESIDUAL_TURN_SIGMA
    matched = np.exp(-((abs(left) / p.RESIDUAL_SIGMA) ** 2 + turned**2) / 2).sum()
    back = np.linalg.inv(matrix)
    of_a = max(len(met), within(apply(matrix, shift, u), v))
    of_b = max(len(met), within(apply(back, -apply(back, 0, shift), v), u))
    evidence = (
        np.log(kept + p.LEAST_RELAXED),
        np.log(matched**2 / np.sqrt(of_a * of_b + p.LEAST_POSSIBLE) + p.LEAST_MATCHED),
    )
    return 1 / (1 + np.exp(-(p.EVIDENCE_BIAS + np.dot(p.EVIDENCE_WEIGHTS, evidence)) / p.SCORE_SPREAD))
