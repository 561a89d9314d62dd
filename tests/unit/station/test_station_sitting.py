from datetime import date

import pytest

from rekam.enrolment.biodata import Biodata
from rekam.enrolment.check import CheckAdvice, CheckAnswer
from rekam.enrolment.codes import Sex
from rekam.enrolment.enrolment import IncompleteEnrolment
from rekam.enrolment.kk import KkNumber
from rekam.enrolment.nik import Nik
from rekam.enrolment.sample import ALL_SLOTS, ExceptionReason, ReasonDoesNotFit, Slot
from rekam.station.sitting import BiodataNotConfirmed, GoOnNeedsReason, Sitting
from rekam.station.steps import STEPS, Step, StepState
from station_counter import capture

SITI = Biodata(
    Nik.parse("3174015703900001"),
    KkNumber("3174011006190001"),
    "SITI RAHMAWATI",
    "JAKARTA",
    date(1990, 3, 17),
    Sex.FEMALE,
    4,
    "Jl. Tebet Raya No. 1",
    "001",
    "002",
    "31.74.01.1001",
    1,
    1,
    1,
    1,
)
NOT_RECORDED = CheckAdvice(CheckAnswer.NOT_RECORDED, "catatan stasiun")
DONE, CURRENT, TODO, ATTENTION = StepState.DONE, StepState.CURRENT, StepState.TODO, StepState.ATTENTION


@pytest.fixture
def sitting():
    return Sitting.open(SITI, NOT_RECORDED, operator="op-1", at="2026-11-21T02:00:00+00:00")


def complete(sitting, *, leave=()):
    for slot in ALL_SLOTS:
        if str(slot) not in leave:
            sitting = sitting.with_capture(capture(slot))
    return sitting.confirm_biodata()


def seal(sitting, **given):
    return sitting.enrolment(
        **{"operator": "op-1", "consent": True, "recorded_at": "2026-11-21T02:10:00+00:00"} | given
    )


def test_a_new_sitting_begins_with_the_biodata_and_everything_else_is_to_do(sitting):
    assert sitting.next_step is Step.BIODATA
    assert list(sitting.steps().values()) == [CURRENT, TODO, TODO, TODO, TODO, TODO]


def test_the_steps_follow_one_another_as_their_slots_fill(sitting):
    seen = [sitting.next_step]
    sitting = sitting.confirm_biodata()
    for slot in ALL_SLOTS:
        seen.append(sitting.next_step)
        sitting = sitting.with_capture(capture(slot))
    seen.append(sitting.next_step)
    assert tuple(dict.fromkeys(seen)) == STEPS
    assert sitting.steps()[Step.REVIEW] is CURRENT


def test_a_weak_sample_leaves_its_step_asking_for_attention(sitting):
    weak = sitting.confirm_biodata().with_capture(capture(Slot.parse("finger-2"), quality=10, good=False))
    assert weak.steps()[Step.FINGERS] is ATTENTION
    assert not weak.filled(Slot.parse("finger-2"))
    kept = weak.keep_best(Slot.parse("finger-2"))
    assert kept.filled(Slot.parse("finger-2"))
    assert kept.captures[Slot.parse("finger-2")].forced


def test_an_exception_fills_a_slot_and_a_later_capture_takes_its_place(sitting):
    finger = Slot.parse("finger-7")
    sitting = complete(sitting, leave=("finger-7",)).with_attempt(finger).with_attempt(finger)
    excepted = sitting.with_exception(finger, ExceptionReason.WORN, "spv-1")
    assert excepted.filled(finger)
    assert (excepted.exceptions[finger].attempts, excepted.exceptions[finger].confirmed_by) == (2, "spv-1")
    assert seal(excepted).supervisor == "spv-1"
    captured = excepted.with_capture(capture(finger))
    assert captured.exceptions == {}
    assert seal(captured).supervisor is None


def test_an_exception_takes_the_place_of_a_weak_sample_and_keeps_its_quality(sitting):
    finger = Slot.parse("finger-1")
    weak = complete(sitting).with_capture(capture(finger, quality=12, attempts=4, good=False))
    held = weak.with_exception(finger, ExceptionReason.WORN, "spv-1").exceptions[finger]
    assert (held.best_quality, held.attempts) == (12, 4)


def test_a_reason_that_cannot_be_true_of_the_slot_is_refused(sitting):
    with pytest.raises(ReasonDoesNotFit):
        sitting.with_exception(Slot.parse("finger-1"), ExceptionReason.BLIND_EYE, "spv-1")


def test_nothing_is_sealed_before_the_biodata_was_compared_with_the_family_card(sitting):
    for slot in ALL_SLOTS:
        sitting = sitting.with_capture(capture(slot))
    with pytest.raises(BiodataNotConfirmed):
        seal(sitting)
    assert seal(sitting.confirm_biodata()).biodata == SITI


def test_nothing_is_sealed_with_an_empty_slot_without_consent_or_with_a_weak_sample(sitting):
    with pytest.raises(IncompleteEnrolment):
        seal(complete(sitting, leave=("iris-2",)))
    with pytest.raises(IncompleteEnrolment):
        seal(complete(sitting), consent=False)
    with pytest.raises(IncompleteEnrolment):
        seal(complete(sitting).with_capture(capture(Slot.parse("photo"), quality=5, good=False)))
    assert [str(problem.slot) for problem in complete(sitting, leave=("iris-2",)).problems("op-1")] == ["iris-2"]


def test_an_operator_cannot_confirm_an_own_exception(sitting):
    own = complete(sitting, leave=("finger-1",)).with_exception(Slot.parse("finger-1"), ExceptionReason.WORN, "op-1")
    with pytest.raises(IncompleteEnrolment):
        seal(own)


def test_a_warning_needs_a_reason_before_anything_is_sealed_and_the_reason_travels(sitting):
    warned = complete(sitting).warned(("317401-01/1/000007",))
    assert warned.needs_reason
    assert warned.steps()[Step.REVIEW] is ATTENTION
    with pytest.raises(IncompleteEnrolment):
        seal(warned)
    with pytest.raises(GoOnNeedsReason):
        warned.go_on("   ")
    sealed = seal(warned.go_on("Kembar, KK dicocokkan"))
    assert (sealed.check.answer, sealed.check.source) == (CheckAnswer.SAME_PERSON_HERE, "317401-01/1/000007")
    assert sealed.check.reason_to_go_on == "Kembar, KK dicocokkan"


def test_the_same_warning_again_does_not_ask_again_but_a_further_one_does(sitting):
    answered = sitting.warned(("317401-01/1/000007",)).go_on("Kembar")
    assert not answered.warned(("317401-01/1/000007",)).needs_reason
    assert answered.warned(("317401-01/1/000007", "317401-01/1/000009")).needs_reason
