import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rekam.exchange.fuse import FuseFilter, Shape


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(0, 2**64 - 1), max_size=400), st.sampled_from([8, 16]))
def test_whoever_is_in_the_set_is_found_always(values, bits):
    built = FuseFilter.build(np.array(values, np.uint64), bits)
    assert built.contains_all_of(np.array(values, np.uint64)).all()


@pytest.mark.parametrize("count", [1, 2, 3, 10, 1_000, 50_000, 400_000])
def test_no_member_is_missed_and_strangers_pass_once_in_256(count):
    dice = np.random.default_rng(count)
    members = dice.integers(0, 2**64, count, np.uint64)
    strangers = dice.integers(0, 2**64, 500_000, np.uint64)
    built = FuseFilter.build(members)
    assert built.contains_all_of(members).all()
    rate = built.contains_all_of(strangers).mean()
    assert rate == pytest.approx(1 / 256, rel=0.1)


def test_with_sixteen_bits_no_member_is_missed_and_strangers_pass_once_in_65536():
    dice = np.random.default_rng(16)
    members = dice.integers(0, 2**64, 200_000, np.uint64)
    built = FuseFilter.build(members, 16)
    assert built.contains_all_of(members).all()
    assert 60 < built.contains_all_of(dice.integers(0, 2**64, 6_553_600, np.uint64)).sum() < 145  # 100, give or take


def test_hashes_close_together_are_as_good_as_any():
    members = np.arange(10_000, dtype=np.uint64)
    built = FuseFilter.build(members)
    assert built.contains_all_of(members).all()
    assert built.contains_all_of(members + np.uint64(10_000)).mean() < 0.01


def test_nobody_is_in_an_empty_set():
    built = FuseFilter.build(np.array([], np.uint64))
    assert not built.contains_all_of(np.arange(1000, dtype=np.uint64)).any()
    assert not built.contains(0)


def test_order_and_repeats_do_not_change_a_single_byte():
    values = np.random.default_rng(1).integers(0, 2**64, 5000, np.uint64)
    one, other = FuseFilter.build(values), FuseFilter.build(np.concatenate([values[::-1], values[:50]]))
    assert one.seed == other.seed
    assert (one.fingerprints == other.fingerprints).all()


@pytest.mark.parametrize(("keys", "most_bits"), [(10_000, 11.0), (390_000, 9.4), (2_000_000, 9.1)])
def test_a_key_costs_about_nine_bits(keys, most_bits):
    assert 8 < Shape.of(keys).size * 8 / keys < most_bits


def test_the_nation_fits_into_230_megabytes():
    assert 514 * Shape.of(200_000_000 // 514).size < 230e6
    assert 514 * Shape.of(200_000_000 // 514, 16).size < 460e6
