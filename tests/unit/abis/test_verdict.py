import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekam.abis.curves import read_curves
from rekam.abis.verdict import Verdict, Wanted, bars, verdict_of

sizes = st.integers(1, 10**9)
rates = st.floats(1e-9, 1)


@given(sizes, sizes)
def test_the_bars_never_fall_when_the_gallery_grows(one, other):
    small, large = sorted((one, other))
    assert bars(small).adjudicate <= bars(large).adjudicate
    assert bars(small).duplicate <= bars(large).duplicate


def test_ten_times_the_people_cost_ten_times_the_evidence():
    assert np.exp(bars(10_000).duplicate - bars(1000).duplicate) == pytest.approx(10)


@given(sizes, rates, rates)
def test_a_stricter_wish_never_lowers_a_bar(size, one, other):
    strict, lenient = sorted((one, other))
    assert bars(size, Wanted(experts=strict)).adjudicate >= bars(size, Wanted(experts=lenient)).adjudicate


def test_verdicts_begin_at_their_bars():
    bar = bars(1000)
    below = np.nextafter(bar.adjudicate, 0)
    assert [verdict_of(llr, 1000) for llr in (below, bar.adjudicate, bar.duplicate)] == [
        Verdict.UNIQUE,
        Verdict.ADJUDICATE,
        Verdict.DUPLICATE,
    ]


def test_nothing_compared_is_unique():
    assert verdict_of(0.0) is Verdict.UNIQUE


@pytest.mark.parametrize("kind", sorted(read_curves()))
def test_no_single_slot_is_enough_for_the_machine_alone(kind):
    assert verdict_of(read_curves()[kind].most, 1) is Verdict.ADJUDICATE
