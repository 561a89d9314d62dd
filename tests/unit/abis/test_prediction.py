import numpy as np
import pytest

from rekam.abis.curves import curve_of
from rekam.abis.errors import CurveMissing
from rekam.abis.fusion import fuse_columns
from rekam.abis.prediction import STEP, _both, predict
from rekam.abis.slots import FINGER_SLOTS, IRIS_SLOTS, SLOTS
from rekam.abis.verdict import Wanted

FOUR_AND_ONE = ("finger-2", "finger-3", "finger-7", "finger-8", "iris-1")


@pytest.mark.parametrize("slots", [SLOTS, FOUR_AND_ONE, FINGER_SLOTS, IRIS_SLOTS, ("finger-2",)])
@pytest.mark.parametrize("people", [100, 200_000_000])
def test_false_positives_keep_to_the_wish_whatever_is_compared(slots, people):
    foretold = predict(people, slots, fpir=Wanted(experts=0.01, machine=1e-7))
    assert foretold.fpir.high <= 0.01
    assert foretold.machine_fpir.high <= 1e-7


def test_more_slots_miss_fewer_people():
    one, four, all_ = (predict(200_000_000, slots).fnir.value for slots in (("finger-2",), FOUR_AND_ONE, SLOTS))
    assert all_ < four < one


def test_more_people_are_harder_to_tell_apart():
    few, many = (predict(people, FOUR_AND_ONE) for people in (1000, 200_000_000))
    assert few.fnir.value <= many.fnir.value


def test_values_lie_within_their_intervals():
    foretold = predict(200_000_000, SLOTS)
    for estimate in (foretold.fpir, foretold.fnir, foretold.machine_fpir, foretold.machine_fnir):
        assert 0 <= estimate.low <= estimate.value <= estimate.high < 1


def test_distributions_are_whole_and_those_of_strangers_lie_below():
    strangers, own = _both(FOUR_AND_ONE, "finger/rekam-classical", 0, 1.0)
    for shares in (strangers, own):
        assert shares.mass.sum() == pytest.approx(1.0)
    assert strangers.at_least(5.0) < 1e-3
    assert own.at_least(5.0) > 0.9


def test_folding_agrees_with_drawing():
    """Ratios of strangers drawn slot by slot and fused as in a search are spread as the folded distribution says."""
    draw = np.random.default_rng(1)
    curve = curve_of("finger/rekam-classical")
    level, count = curve.levels[0], 200_000
    slots = ("finger-1", "finger-2", "finger-6")
    whole = type(curve)(
        curve.kind,
        (
            type(level)(
                50, *(getattr(level, name) for name in ("similarities", "llrs", "strangers", "own")), share=(1.0, 1.0)
            ),
        ),
        {},
    )
    drawn = {
        slot: whole.llrs(
            np.interp(draw.random(count), level.strangers[0][::-1], level.similarities[::-1]), np.full(count, 50.0)
        )
        for slot in slots
    }
    fused = fuse_columns(drawn, count)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("rekam.abis.prediction.curve_of", lambda _: whole)
        strangers, _ = _both(slots, "finger/rekam-classical", 0, 1.0)
    for bar in (-5.0, -2.0, 0.0, 2.0):
        assert strangers.at_least(bar + STEP / 2) == pytest.approx(np.mean(fused >= bar), abs=0.01)


def test_an_unmeasured_extractor_is_foretold_nothing():
    with pytest.raises(CurveMissing):
        predict(1000, SLOTS, finger_kind="finger/unheard-of")
