from dataclasses import replace

import cbor2
import pytest
from enrolment_strategies import sittings
from hypothesis import HealthCheck, Phase, find, given, settings

from rekam.enrolment.check import CheckAdvice, CheckAnswer
from rekam.enrolment.enrolment import Enrolment, IncompleteEnrolment
from rekam.enrolment.manifest import ImageDiffers, ManifestMalformed, ManifestVersionUnknown
from rekam.enrolment.problems import ProblemKind, Problems
from rekam.enrolment.sample import ALL_SLOTS, ExceptionReason, SampleException, Slot

relaxed = settings(suppress_health_check=[HealthCheck.too_slow], max_examples=40, deadline=None)


def images(sitting):
    return {sample.slot: sample.image for sample in sitting.samples}


@pytest.fixture(scope="module")
def sitting():
    """A complete sitting with no exceptions; any will do, so that none is made smaller."""
    first = settings(phases=[Phase.generate], max_examples=2000, database=None)
    return find(sittings(), lambda one: not one.exceptions and one.supervisor, settings=first)


@relaxed
@given(sittings())
def test_a_complete_sitting_survives_cbor_without_its_images_and_gets_them_back(sitting):
    assert sitting.complete()
    packed = cbor2.dumps(sitting.manifest(), canonical=True)
    assert Enrolment.from_manifest(cbor2.loads(packed), images(sitting)) == sitting


@relaxed
@given(sittings())
def test_the_manifest_names_each_image_and_does_not_hold_its_bytes(sitting):
    manifest = sitting.manifest()
    assert [entry["slot"] for entry in manifest["entries"]] == [
        str(slot) for slot in ALL_SLOTS if sitting.sample(slot) is not None
    ]
    for entry in manifest["entries"]:
        sample = sitting.sample(Slot.parse(entry["slot"]))
        assert (entry["size"], entry["sha256"]) == (len(sample.image), sample.digest)
        assert "image" not in entry


def kinds(sitting):
    return {problem.kind for problem in sitting.problems()}


def test_an_empty_slot_a_slot_filled_twice_and_missing_consent_are_told_at_once(sitting):
    broken = replace(sitting, samples=(sitting.samples[0], *sitting.samples[:-1]), consent=False)
    assert [(problem.kind, problem.slot) for problem in broken.problems()] == [
        (ProblemKind.SLOT_TWICE, ALL_SLOTS[0]),
        (ProblemKind.SLOT_EMPTY, ALL_SLOTS[-1]),
        (ProblemKind.NO_CONSENT, None),
    ]
    assert "Left iris: Not captured yet" in str(IncompleteEnrolment(todo=Problems(broken.problems())))


def test_a_slot_with_both_a_sample_and_an_exception_is_filled_twice(sitting):
    held = SampleException(ALL_SLOTS[2], ExceptionReason.WORN, 3, 12, sitting.supervisor)
    assert kinds(replace(sitting, exceptions=(held,))) == {ProblemKind.SLOT_TWICE}


@pytest.mark.parametrize(
    ("confirmed_by", "kind"),
    [
        ("", ProblemKind.EXCEPTION_UNCONFIRMED),
        ("operator-1", ProblemKind.CONFIRMED_BY_OPERATOR),
        ("supervisor-9", ProblemKind.CONFIRMED_BY_STRANGER),
    ],
)
def test_an_exception_needs_the_confirmation_of_the_sittings_supervisor(sitting, confirmed_by, kind):
    held = SampleException(ALL_SLOTS[-1], ExceptionReason.BLIND_EYE, 0, None, confirmed_by)
    assert kinds(replace(sitting, samples=sitting.samples[:-1], exceptions=(held,))) == {kind}


@pytest.mark.parametrize("answer", sorted(set(CheckAnswer) - {CheckAnswer.NOT_RECORDED, CheckAnswer.NOT_CHECKED}))
def test_a_warning_of_the_check_needs_a_reason_to_go_on_and_never_more(sitting, answer):
    silent = replace(sitting, check=CheckAdvice(answer, "filter"))
    assert kinds(silent) == {ProblemKind.NO_REASON_TO_GO_ON}
    assert replace(sitting, check=CheckAdvice(answer, "filter", "", "Kembar identik")).complete()


def test_a_check_that_could_not_be_made_stops_nobody(sitting):
    assert replace(sitting, check=CheckAdvice(CheckAnswer.NOT_CHECKED, "")).complete()


def test_an_image_that_is_not_the_named_one_is_refused(sitting):
    slot = ALL_SLOTS[3]
    changed = images(sitting) | {slot: b"another finger"}
    with pytest.raises(ImageDiffers, match=str(slot)):
        Enrolment.from_manifest(sitting.manifest(), changed)


def test_a_missing_image_and_one_too_many_are_refused(sitting):
    fewer = images(sitting)
    del fewer[ALL_SLOTS[0]]
    with pytest.raises(ImageDiffers, match="photo"):
        Enrolment.from_manifest(sitting.manifest(), fewer)
    manifest = sitting.manifest()
    manifest["entries"] = manifest["entries"][1:]
    with pytest.raises(ImageDiffers, match="photo"):
        Enrolment.from_manifest(manifest, images(sitting))


def test_a_manifest_from_a_newer_version_is_told_apart(sitting):
    with pytest.raises(ManifestVersionUnknown, match="version 4"):
        Enrolment.from_manifest(sitting.manifest() | {"version": 4}, images(sitting))


@pytest.mark.parametrize(
    "change",
    [
        {"entries": None},
        {"entries": [None]},
        {"consent": "yes"},
        {"check": {}},
        {"operator": None},
        {"supervisor": 7},
        {"exceptions": [{"slot": "iris-1"}]},
        {"biodata": None},
    ],
)
def test_a_manifest_of_the_wrong_shape_is_refused(sitting, change):
    with pytest.raises(ManifestMalformed):
        Enrolment.from_manifest(sitting.manifest() | change, images(sitting))


def test_every_problem_is_a_sentence_in_both_languages():
    for kind in ProblemKind:
        assert kind.words().endswith(".")
        assert kind.words("en") != kind.words("id")
