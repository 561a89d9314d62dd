import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from iris_drawing import drawn_eye

from rekam.abis.iris import code_parameters as p
from rekam.abis.iris.circle import Circle
from rekam.abis.iris.compare import DEGREES_PER_COLUMN, compare, stacked, turned
from rekam.abis.iris.extract import extract
from rekam.abis.iris.hamming import agreement_of, at_turns, distance_of, distances
from rekam.abis.iris.template import IrisTemplate

_CIRCLE = Circle(1.0, 2.0, 3.0)
_SEED = st.integers(0, 10_000)


def _random(seed, shown=0.7):
    rng = np.random.default_rng(seed)
    code = np.packbits(rng.random(p.CODE_BITS) < 0.5)
    return IrisTemplate(code, np.packbits(rng.random(p.CODE_BITS) < shown), 80, (), _CIRCLE, _CIRCLE)


def _masked(template, mask):
    return IrisTemplate(template.code, template.mask & mask.mask, 80, (), _CIRCLE, _CIRCLE)


def _planes(packed):
    return np.unpackbits(packed, bitorder="little").reshape(p.CODE_PLANES, p.CODE_COLUMNS).astype(bool)


def _rolled(template, columns):
    code, mask = (
        np.packbits(np.roll(_planes(packed), columns, axis=1).reshape(-1), bitorder="little")
        for packed in (template.code, template.mask)
    )
    return IrisTemplate(code, mask, 80, (), _CIRCLE, _CIRCLE)


def _sector_counts(a, b, turn):
    """Bits shown and bits in error of each sector, the first iris turned up by half, the second down by the rest."""
    down = turn // 2
    code, mask = (np.roll(_planes(packed), turn - down, axis=1) for packed in (a.code, a.mask))
    other, other_mask = (np.roll(_planes(packed), -down, axis=1) for packed in (b.code, b.mask))
    both = mask & other_mask
    shape = (p.CODE_PLANES, p.SECTORS, -1)
    return tuple(bits.reshape(shape).sum(axis=(0, 2)) for bits in (both, (code ^ other) & both))


def _plain_distance(a, b, reach):
    """The definition, bit by bit."""
    found = []
    for turn in range(-reach, reach + 1):
        net, shown = 0, 0
        for sector in range(p.SECTORS):
            choices = []
            for away in range(-p.SECTOR_SLACK, p.SECTOR_SLACK + 1):
                n, errors = _sector_counts(a, b, turn + away)
                choices.append((n[sector] - 2 * errors[sector] - p.SECTOR_LOSS * abs(away), n[sector]))
            net, shown = net + max(choices)[0], shown + max(choices)[1]
        enough = shown >= p.LEAST_COMMON_BITS
        found.append(0.5 - 0.5 * net / np.sqrt(shown * p.TYPICAL_COMMON_BITS) if enough else 0.5)
    return min(found)


@settings(deadline=None, max_examples=30)  # the first example compiles the kernel; the definition is slow
@given(_SEED, _SEED, st.floats(0.1, 1.0), st.integers(0, 6))
def test_the_kernel_computes_the_definition(first, second, shown, reach):
    a, b = _random(first, shown), _random(second, shown)
    found = compare(a, b, reach * DEGREES_PER_COLUMN).distance
    assert found == pytest.approx(_plain_distance(a, b, reach), abs=1e-5)


@settings(deadline=None)  # likewise
@given(_SEED, _SEED, st.floats(0.1, 1.0))
def test_swapping_the_two_changes_nothing(first, second, shown):
    a, b = _random(first, shown), _random(second, shown)
    assert compare(a, b).distance == compare(b, a).distance


@settings(deadline=None)  # likewise
@given(_SEED, _SEED, st.floats(0.3, 1.0))
def test_nothing_matches_an_iris_better_than_itself(first, second, shown):
    a, b = _random(first, shown), _random(second, 1.1)
    assert compare(a, a).distance <= compare(a, _masked(b, a)).distance


@settings(deadline=None)  # likewise
@given(_SEED, st.integers(-16, 16))
def test_a_turned_iris_is_itself_again_and_its_turn_told(seed, columns):
    a = _random(seed)
    match = compare(a, _rolled(a, columns))
    assert match.distance == pytest.approx(compare(a, a).distance, abs=1e-6)
    assert match.turn == pytest.approx(columns * DEGREES_PER_COLUMN)


@settings(deadline=None)  # likewise
@given(_SEED, _SEED, st.floats(0.2, 1.0))
def test_masking_bits_of_what_agrees_never_makes_it_agree_more(seed, mask_seed, shown):
    a, mask = _random(seed, 1.1), _random(mask_seed, shown)
    assert compare(a, _masked(a, mask)).distance >= compare(a, a).distance


@settings(deadline=None)  # likewise
@given(_SEED, _SEED, _SEED, st.floats(0.0, 1.0))
def test_no_evidence_is_stronger_than_the_bits_shown_allow(first, second, mask_seed, shown):
    a, b = _random(first), _masked(_random(second), _random(mask_seed, shown))
    net, common = (each[0] for each in at_turns(turned(a), *stacked([b])))
    evidence = np.abs(0.5 - distance_of(agreement_of(net, common)))
    most = 0.5 * np.sqrt(common / p.TYPICAL_COMMON_BITS)
    assert np.all(evidence <= most + 1e-5)


def test_the_same_share_of_errors_proves_less_the_fewer_bits_show_it():
    shown = np.arange(p.LEAST_COMMON_BITS, p.CODE_BITS + 1, 10)
    for share in (0.0, 0.1, 0.3):
        evidence = 0.5 - distance_of(agreement_of((1 - 2 * share) * shown, shown))
        assert np.all(np.diff(evidence) > 0)


def test_the_best_of_all_turns_is_the_match():
    a, others = _random(1), [_random(seed) for seed in range(2, 12)]
    probe = turned(a)
    best, at = distances(probe, *stacked(others))
    every = distance_of(agreement_of(*at_turns(probe, *stacked(others))))
    assert every.shape == (10, len(probe.turns))
    assert np.allclose(every.min(axis=1), best, atol=1e-6)
    assert np.allclose(np.take_along_axis(every, at[:, None].astype(np.int64), 1)[:, 0], best, atol=1e-6)


def test_one_against_many_gives_the_same_as_pairs():
    probe, others = _random(1), [_random(seed) for seed in range(2, 40)]
    turns = turned(probe)
    many, turn = distances(turns, *stacked(others))
    for other, distance, at in zip(others, many, turn, strict=True):
        pair = compare(probe, other)
        assert pair.distance == pytest.approx(float(distance))
        assert pair.turn == pytest.approx(float(turns.turns[at]))


def test_an_empty_gallery_gives_no_distances():
    distance, turn = distances(turned(_random(1)), *stacked([]))
    assert len(distance) == len(turn) == 0


def test_too_few_common_bits_say_nothing():
    assert compare(_random(1, 0.01), _random(1, 0.01)).distance == pytest.approx(0.5)


def test_few_bits_that_agree_prove_less_than_many():
    a, b = _random(3, 1.0), _random(3, 0.1)
    assert compare(a, b, 0).distance > compare(a, a, 0).distance


@pytest.mark.parametrize("turn", [-30.0, -12.0, 7.0, 33.0])
def test_a_tilted_head_is_recognised_and_its_tilt_told(turn):
    match = compare(extract(drawn_eye(2)), extract(drawn_eye(2, turn=turn)))
    assert match.distance < 0.15
    assert match.turn == pytest.approx(turn, abs=DEGREES_PER_COLUMN)


def test_without_turns_a_tilted_head_is_not_recognised():
    assert compare(extract(drawn_eye(2)), extract(drawn_eye(2, turn=30)), 0).distance > 0.2


def test_a_sector_that_gave_way_is_still_recognised():
    whole = _random(5, 1.1)
    planes = _planes(whole.code)
    width = p.CODE_COLUMNS // p.SECTORS
    moved = planes.copy()
    for sector in range(p.SECTORS):
        moved[:, sector * width : (sector + 1) * width] = np.roll(planes, (-1) ** sector, axis=1)[
            :, sector * width : (sector + 1) * width
        ]
    other = IrisTemplate(np.packbits(moved.reshape(-1), bitorder="little"), whole.mask, 80, (), _CIRCLE, _CIRCLE)
    assert compare(whole, other).distance < -0.1


def test_different_irises_stay_apart():
    templates = [extract(drawn_eye(seed)) for seed in range(6)]
    apart = [compare(a, b).distance for i, a in enumerate(templates) for b in templates[:i]]
    assert min(apart) > 0.15


def test_a_code_compared_with_itself_has_the_least_distance_there_is():
    whole = _random(4, 1.1)
    assert compare(whole, whole).distance == pytest.approx(0.5 - 0.5 * np.sqrt(p.CODE_BITS / p.TYPICAL_COMMON_BITS))
    assert compare(whole, whole).distance == pytest.approx(-0.25, abs=0.01)
