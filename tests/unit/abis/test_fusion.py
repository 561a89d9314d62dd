import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekam.abis.errors import UnknownSlot
from rekam.abis.fusion import fuse, fuse_columns, missing_slots
from rekam.abis.slots import FINGER_SLOTS, IRIS_SLOTS, SLOTS

ratios = st.floats(-6, 16)
of_slots = st.dictionaries(st.sampled_from(SLOTS), ratios)


@given(of_slots, st.sampled_from(SLOTS), ratios)
def test_a_slot_that_speaks_more_for_one_person_never_lowers_the_whole(slots, slot, more):
    less = slots.get(slot, -6.0)
    low, high = sorted((less, more))
    assert fuse(slots | {slot: low}) <= fuse(slots | {slot: high})


@given(of_slots)
def test_what_fingers_say_and_what_irises_say_adds_up(slots):
    fingers = {slot: ratio for slot, ratio in slots.items() if slot in FINGER_SLOTS}
    irises = {slot: ratio for slot, ratio in slots.items() if slot in IRIS_SLOTS}
    assert fuse(slots) == pytest.approx(fuse(fingers) + fuse(irises))


@given(of_slots, st.permutations(SLOTS))
def test_the_order_of_slots_does_not_matter(slots, order):
    assert fuse({slot: slots[slot] for slot in order if slot in slots}) == fuse(slots)


@given(of_slots)
def test_a_slot_that_is_not_there_changes_nothing(slots):
    columns = {slot: np.array([slots.get(slot, np.nan)]) for slot in SLOTS}
    assert fuse_columns(columns, 1)[0] == fuse(slots)


def test_fingers_that_agree_add_up():
    assert fuse({"finger-2": 9.0, "finger-7": 9.0}) == pytest.approx(2 * fuse({"finger-2": 9.0}), abs=0.1)


def test_a_spoilt_hand_costs_little_more_than_the_chance_that_a_hand_is_spoilt():
    right, left = FINGER_SLOTS[:5], FINGER_SLOTS[5:]
    good, spoilt = dict.fromkeys(right, 8.0), dict.fromkeys(left, -4.0)
    assert fuse(good | spoilt) > fuse(good) + np.log(0.02) - 0.1


def test_ten_spoilt_fingers_do_not_outweigh_two_matching_eyes():
    spoilt = dict.fromkeys(FINGER_SLOTS, -5.0)
    assert fuse(spoilt) > -5.0
    assert fuse(spoilt | dict.fromkeys(IRIS_SLOTS, 12.0)) > 18.0


def test_failing_together_makes_nobody_more_alike_than_he_looks():
    for slots in (dict.fromkeys(FINGER_SLOTS, 3.0), dict.fromkeys(IRIS_SLOTS, 3.0)):
        assert fuse(slots) < sum(slots.values())


def test_no_slots_say_nothing():
    assert fuse({}) == 0.0


def test_an_unknown_slot_is_refused():
    with pytest.raises(UnknownSlot, match="photo"):
        fuse({"photo": 0.5})


def test_slots_that_one_side_lacks_are_named_in_the_engines_order():
    assert missing_slots({"finger-3": 0, "iris-2": 0}, {"finger-3": 0, "finger-1": 0}) == ("iris-2", "finger-1")
