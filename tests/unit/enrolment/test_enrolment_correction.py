"""What the office signed of a resident travels with the recording: in its manifest, which says so by its version."""

from dataclasses import replace

import pytest
from enrolment_strategies import sittings
from hypothesis import HealthCheck, given, settings

from rekam.enrolment.enrolment import Enrolment
from rekam.enrolment.manifest import ManifestMalformed, correction_of
from rekam.enrolment.sample import Sample, Slot

relaxed = settings(suppress_health_check=[HealthCheck.too_slow], max_examples=10, deadline=None)


@relaxed
@given(sittings())
def test_a_recording_with_a_correction_says_so_and_brings_it_back_with_and_without_a_hand(enrolment):
    assert enrolment.correction is None
    assert "correction" not in enrolment.manifest()
    hand = Sample(Slot.parse("hand-1"), "image/jpeg", b"a hand", 90, 1, "browser")
    for recorded in (enrolment, replace(enrolment, samples=(*enrolment.samples, hand))):
        whole = replace(recorded, correction=b"as the office signed it")
        manifest = whole.manifest()
        assert manifest["version"] == 3
        images = {sample.slot: sample.image for sample in whole.samples}
        assert Enrolment.from_manifest(manifest, images).correction == b"as the office signed it"


@relaxed
@given(sittings())
def test_a_version_that_promises_a_correction_and_has_none_is_malformed_and_an_older_one_has_none(enrolment):
    images = {sample.slot: sample.image for sample in enrolment.samples}
    for manifest in ({"version": 3}, {"version": 3, "correction": "text"}):
        with pytest.raises(ManifestMalformed):
            Enrolment.from_manifest(enrolment.manifest() | manifest, images)
    assert correction_of(enrolment.manifest() | {"correction": b"of nobody"}) is None
