import numpy as np
import pytest

from abis_examples import another_recording, person_id, random_person
from rekam.abis import thresholds
from rekam.abis.arrangement import HANDS_SWAPPED, Misplacement, arranged_fingers
from rekam.abis.engine import Engine
from rekam.abis.gallery_memory import MemoryGallery
from rekam.abis.search import search
from rekam.abis.template_set import TemplateSet
from rekam.abis.verdict import Verdict

FINGERS = tuple(range(1, 11))


def relabelled(templates: TemplateSet, moves: dict[str, str]) -> TemplateSet:
    """What lay in a slot lies in the slot that `moves` names."""
    return TemplateSet({moves.get(slot, slot): template for slot, template in templates.items()})


def hands(number: int) -> str:
    return f"finger-{(number + 4) % 10 + 1}"


EYES = {"iris-1": "iris-2", "iris-2": "iris-1"}
HANDS = {f"finger-{number}": hands(number) for number in FINGERS}
SHIFTED = {f"finger-{number}": f"finger-{number % 10 + 1}" for number in FINGERS}
EXCHANGED = {"finger-2": "finger-3", "finger-3": "finger-2"}


@pytest.fixture(scope="module")
def person() -> TemplateSet:
    return random_person(1, FINGERS)


@pytest.fixture(scope="module")
def gallery(person) -> MemoryGallery:
    made = MemoryGallery()
    made.append(person_id(1), person)
    for number in range(2, 12):
        made.append(person_id(number), random_person(number, FINGERS))
    return made


@pytest.mark.parametrize(
    ("moves", "kinds"),
    [
        ({}, ()),
        (EYES, (Misplacement.EYES_SWAPPED,)),
        (HANDS, (Misplacement.HANDS_SWAPPED,)),
        (SHIFTED, (Misplacement.FINGERS_REORDERED,)),
        (EXCHANGED, (Misplacement.FINGERS_REORDERED,)),
        (EYES | HANDS, (Misplacement.EYES_SWAPPED, Misplacement.HANDS_SWAPPED)),
    ],
    ids=["as labelled", "eyes", "hands", "shifted by one", "two exchanged", "eyes and hands"],
)
def test_misplaced_samples_are_found_and_named(person, gallery, moves, kinds):
    probe = relabelled(another_recording(person, 1), moves)
    comparison = Engine().compare(probe, person)
    (found,) = search(probe, gallery)
    for seen in (comparison, found):
        assert seen.verdict is Verdict.DUPLICATE
        assert seen.arrangement.kinds == kinds
        # the probe's slot `there` holds what belongs where the gallery has it
        assert dict(seen.arrangement.moved) == {there: slot for slot, there in moves.items()}
    assert found.llr == pytest.approx(comparison.llr)


def test_swapped_hands_are_found_without_eyes(person, gallery):
    probe = relabelled(
        TemplateSet({slot: template for slot, template in another_recording(person, 2).items() if slot in HANDS}), HANDS
    )
    (found,) = search(probe, gallery)
    assert found.arrangement.kinds == (Misplacement.HANDS_SWAPPED,)


def test_fingers_in_slots_that_their_owners_left_empty_are_found(person):
    several = TemplateSet({f"finger-{number}": person[f"finger-{number}"] for number in (2, 3, 4, 7, 8)})
    moves = {"finger-4": "finger-5", "finger-8": "finger-9", "finger-3": "finger-10"}
    comparison = Engine().compare(relabelled(several, moves), several)
    assert dict(comparison.arrangement.moved) == {there: slot for slot, there in moves.items()}


def test_strangers_gain_nothing_from_rearranging():
    a, b = random_person(50, FINGERS), random_person(51, FINGERS)
    comparison = Engine().compare(a, b)
    assert comparison.verdict is Verdict.UNIQUE
    assert comparison.arrangement.kinds == ()
    assert str(comparison.arrangement) == "as labelled"


def test_what_strangers_could_gain_by_rearranging_is_paid_for():
    """Ratios whose mean likelihood ratio is 1, as strangers' are: trying arrangements adds at most their shares."""
    draw = np.random.default_rng(1)
    gained = []
    for _ in range(2000):
        ratios = np.log(np.where(draw.random((10, 10)) < 0.02, 25.0, 0.5 / 0.98))
        llr, arrangement = arranged_fingers(ratios)
        gained.append(np.exp(llr) if arrangement.kinds else 0.0)
    assert np.mean(gained) < thresholds.HANDS_SWAPPED + thresholds.FINGERS_REORDERED


def test_swapped_hands_pay_less_than_an_arbitrary_order():
    ratios = np.full((10, 10), -3.0)
    swapped, shuffled = ratios.copy(), ratios.copy()
    for i, j in enumerate(HANDS_SWAPPED):
        swapped[i, j] = 8.0
        shuffled[i, (i + 3) % 10] = 8.0
    assert arranged_fingers(swapped)[0] > arranged_fingers(shuffled)[0] + 5
    assert arranged_fingers(shuffled)[1].kinds == (Misplacement.FINGERS_REORDERED,)
