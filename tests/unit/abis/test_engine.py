import io

import numpy as np
import pytest
from PIL import Image

from abis_examples import another_recording, random_finger, random_iris, random_person
from rekam.abis.assess import assess
from rekam.abis.engine import Engine, Verdict
from rekam.abis.errors import EmptyImage, TemplateOfWrongKind, TemplateUnreadable, UnknownSlot, WrongKindOfImage
from rekam.abis.image import GreyImage
from rekam.abis.synthetic.person import Person
from rekam.abis.synthetic.png import encode_png
from rekam.abis.template_set import TemplateSet


@pytest.fixture(scope="module")
def resident() -> Person:
    return Person(1)


@pytest.fixture(scope="module")
def recordings(resident) -> list[TemplateSet]:
    """Two recordings of one synthetic resident: a finger and an eye."""
    return [
        TemplateSet(
            {
                "finger-2": Engine().extract("finger-2", resident.finger(2, impression)),
                "iris-1": Engine().extract("iris-1", resident.iris(1, impression)),
            }
        )
        for impression in (0, 1)
    ]


def as_png(pixels: np.ndarray) -> bytes:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    return out.getvalue()


def furry_animal() -> np.ndarray:
    """A photograph's statistics without a photograph: soft shapes, fur, two eyes."""
    draw = np.random.default_rng(9)
    rows, columns = np.mgrid[0:300, 0:400]
    picture = 110 + 40 * np.sin(rows / 60) + draw.normal(0, 12, (300, 400)) + draw.normal(0, 10, (300, 1))
    for centre in (140, 260):
        distance = np.hypot(rows - 120, columns - centre)
        picture[distance < 26] = 190
        picture[(np.abs(columns - centre) < 6) & (distance < 24)] = 10
    return np.clip(picture, 0, 255).astype(np.uint8)


def test_two_recordings_of_one_resident_are_more_alike_than_strangers(recordings):
    stranger = random_person(5, (2,), (1,))
    same, other = Engine().compare(*recordings), Engine().compare(recordings[0], stranger)
    assert same.llr > 3.0
    assert other.llr < 0.0
    assert same.verdict is not Verdict.UNIQUE
    assert other.verdict is Verdict.UNIQUE


def test_a_recording_and_itself_are_one_person(recordings):
    assert Engine().compare(recordings[0], recordings[0]).verdict is Verdict.DUPLICATE


def test_missing_slots_are_named_and_count_nothing(recordings):
    whole = recordings[0]
    part = TemplateSet({"iris-1": recordings[1]["iris-1"]})
    comparison = Engine().compare(whole, part)
    assert comparison.missing == ("finger-2",)
    assert tuple(comparison.scores) == ("iris-1",)


def test_nothing_in_common_says_nothing():
    comparison = Engine().compare(random_person(1, (1,), ()), random_person(1, (2,), ()))
    assert (comparison.llr, dict(comparison.scores), comparison.verdict) == (0.0, {}, Verdict.UNIQUE)


def test_an_iris_in_a_fingers_slot_is_refused():
    with pytest.raises(TemplateOfWrongKind, match="finger-2"):
        TemplateSet({"finger-2": random_iris(1)})


def test_a_finger_in_an_iriss_slot_is_refused():
    with pytest.raises(TemplateOfWrongKind, match="iris-2"):
        TemplateSet({"iris-2": random_finger(1)})


@pytest.mark.parametrize("slot", ["photo", "finger-0", "finger-11", "iris-3", ""])
def test_slots_that_are_no_finger_and_no_eye_are_refused(slot, resident):
    with pytest.raises(UnknownSlot):
        Engine().extract(slot, GreyImage(furry_animal()))


def test_a_template_set_survives_its_bytes():
    person = another_recording(random_person(3, tuple(range(1, 11))), 1)
    copy = TemplateSet.from_bytes(person.to_bytes())
    assert copy.to_bytes() == person.to_bytes()
    assert list(copy) == list(person)


def test_the_order_in_which_slots_were_captured_does_not_change_the_bytes():
    finger, iris = random_finger(1), random_iris(1)
    assert (
        TemplateSet({"finger-1": finger, "iris-1": iris}).to_bytes()
        == TemplateSet({"iris-1": iris, "finger-1": finger}).to_bytes()
    )


@pytest.mark.parametrize(
    "damaged",
    [b"", b"\x00", b"\xff" * 8, b"\x82\x01", b"\x82\x02\xa0", b"\x82\x01\xa1\x61\x61", b"\x82\x01\xa1\x68finger-1\x01"],
)
def test_bytes_that_are_no_template_set_are_refused(damaged):
    with pytest.raises(TemplateUnreadable, match="again"):
        TemplateSet.from_bytes(damaged)


def test_assessing_a_good_sample_gives_its_quality_and_template(resident):
    assessment = assess("iris-1", encode_png(resident.iris(1, 0)))
    assert assessment.template is not None
    assert 0 < assessment.quality <= 100


def test_assessing_counts_the_same_as_extracting(resident, recordings):
    assessment = assess("finger-2", encode_png(resident.finger(2, 0)))
    assert assessment.template is not None
    assert assessment.template.to_bytes() == recordings[0]["finger-2"].to_bytes()


@pytest.mark.parametrize("slot", ["finger-7", "iris-2"])
def test_an_animal_is_refused_with_the_slot_named(slot):
    with pytest.raises(WrongKindOfImage, match=slot):
        assess(slot, as_png(furry_animal()))


def test_an_eye_in_a_fingers_slot_is_refused_or_poor(resident):
    try:
        quality = assess("finger-7", encode_png(resident.iris(1, 0))).quality
    except WrongKindOfImage:
        quality = 0
    assert quality < 30


def test_an_empty_file_is_refused():
    with pytest.raises(EmptyImage):
        assess("finger-7", b"")


@pytest.mark.parametrize("slot", ["finger-7", "iris-2"])
def test_a_blank_scanner_gives_no_usable_sample(slot):
    try:
        quality = assess(slot, as_png(np.full((400, 300), 240, np.uint8))).quality
    except WrongKindOfImage:
        quality = 0
    assert quality == 0
