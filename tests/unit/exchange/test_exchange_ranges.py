import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekam.exchange.ranges import Ranges

NUMBERS = st.sets(st.integers(1, 60))


@given(NUMBERS)
def test_ranges_are_the_set_they_were_made_of(numbers):
    ranges = Ranges.of(numbers)
    assert list(ranges) == sorted(numbers)
    assert len(ranges) == len(numbers)
    assert ranges.last == max(numbers, default=0)
    assert {number for number in range(70) if number in ranges} == numbers
    assert Ranges.parse(ranges.plain()) == ranges


@given(NUMBERS, NUMBERS)
def test_union_intersection_and_difference_are_those_of_sets(one, other):
    left, right = Ranges.of(one), Ranges.of(other)
    assert left | right == Ranges.of(one | other)
    assert left & right == Ranges.of(one & other)
    assert left - right == Ranges.of(one - other)


def test_a_thousand_recordings_without_a_gap_are_one_pair_of_numbers():
    assert Ranges.of(range(1, 1001)).plain() == [[1, 1000]]
    assert str(Ranges.of([1, 2, 3, 7])) == "1-3, 7"
    assert str(Ranges()) == "-"


@pytest.mark.parametrize(
    "plain", [[[2, 1]], [[1, 2], [3, 4]], [[5, 6], [1, 2]], [[0, 1]], [[1]], [[1, 2.0]], [[True, 2]], "1-2", None]
)
def test_what_is_no_list_of_ascending_runs_is_refused(plain):
    with pytest.raises(ValueError, match="not"):
        Ranges.parse(plain)
