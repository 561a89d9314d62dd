import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rekam.abis.errors import UnknownSlot
from rekam.abis.fusion import CALIBRATIONS, Verdict, bars, fuse, missing_slots, slot_llr, verdict_of
from rekam.abis.slots import FINGER_SLOTS, IRIS_SLOTS, SLOTS, Modality

scores = st.floats(0, 1)


@given(low=scores, high=scores)
def test_a_finger_that_is_more_alike_never_lowers_the_ratio(low, high):
    low, high = sorted((low, high))
    assert fuse({"finger-2": low}) <= fuse({"finger-2": high})


@given(near=scores, far=scores)
def test_an_iris_that_is_farther_never_raises_the_ratio(near, far):
    near, far = sorted((near, far))
    assert fuse({"iris-1": near}) >= fuse({"iris-1": far})


@given(st.dictionaries(st.sampled_from(SLOTS), scores))
def test_what_fingers_say_and_what_irises_say_adds_up(of_slots):
    fingers = {slot: score for slot, score in of_slots.items() if slot in FINGER_SLOTS}
    irises = {slot: score for slot, score in of_slots.items() if slot in IRIS_SLOTS}
    assert fuse(of_slots) == pytest.approx(fuse(fingers) + fuse(irises))


def test_fingers_that_agree_add_up():
    assert fuse({"finger-2": 1.0, "finger-7": 1.0}) == pytest.approx(2 * fuse({"finger-2": 1.0}), abs=0.1)


def test_ten_spoilt_fingers_do_not_outweigh_two_matching_eyes():
    spoilt = dict.fromkeys(FINGER_SLOTS, 0.0)
    assert fuse(spoilt) > -4.0
    assert verdict_of(fuse(spoilt | {"iris-1": 0.0, "iris-2": 0.0}), 1000) is not Verdict.UNIQUE


def test_a_slot_that_was_not_compared_counts_nothing():
    assert slot_llr(Modality.FINGER, np.array([np.nan, 0.0]))[0] == 0.0
    assert slot_llr(Modality.FINGER, np.array([np.nan, 0.0]))[1] < 0.0


def test_no_slots_say_nothing():
    assert fuse({}) == 0.0
    assert verdict_of(fuse({})) is Verdict.UNIQUE


def test_an_unknown_slot_is_refused():
    with pytest.raises(UnknownSlot, match="photo"):
        fuse({"photo": 0.5})


@pytest.mark.parametrize("modality", list(Modality))
def test_calibrations_are_monotone_curves(modality):
    knots = CALIBRATIONS[modality]
    assert (np.diff(knots.scores) > 0).all()
    assert (np.diff(knots.llrs) >= 0).all() or (np.diff(knots.llrs) <= 0).all()


def test_one_slot_alone_can_deny_only_a_little_because_good_people_have_bad_samples():
    for slot, worst in (("finger-1", 0.0), ("iris-1", 1.0)):
        assert -4.0 < fuse({slot: worst}) < 0.0


def test_the_bars_rise_with_the_gallery():
    assert bars(10_000).adjudicate > bars(100).adjudicate
    assert bars(1).adjudicate < bars(1).duplicate


def test_verdicts_begin_at_their_bars():
    bar = bars(1000)
    below = np.nextafter(bar.adjudicate, 0)
    assert [verdict_of(llr, 1000) for llr in (below, bar.adjudicate, bar.duplicate)] == [
        Verdict.UNIQUE,
        Verdict.ADJUDICATE,
        Verdict.DUPLICATE,
    ]


def test_slots_that_one_side_lacks_are_named_in_the_engines_order():
    assert missing_slots({"finger-3": 0, "iris-2": 0}, {"finger-3": 0, "finger-1": 0}) == ("iris-2", "finger-1")


@pytest.mark.parametrize(("slot", "best"), [("finger-1", 1.0), ("iris-1", 0.0)])
def test_no_single_slot_is_enough_for_the_machine_alone(slot, best):
    assert verdict_of(fuse({slot: best}), 1) is Verdict.ADJUDICATE
