"""The fullest proof there is: a late copy, a long name of staff, ten fingers excepted for as many reasons as there are."""

import re
from datetime import UTC, datetime

from documents_samples import FONTS, authority, proof

from rekam.documents.papers import Copy
from rekam.documents.proof import render_proof
from rekam.enrolment.sample import ExceptionReason, Modality, SampleException, Slot

_OF_FINGERS = ExceptionReason.choices(Modality.FINGER)


def test_a_copied_proof_with_ten_exceptions_and_a_phone_code_is_one_page():
    exceptions = tuple(
        SampleException(Slot.parse(f"finger-{n}"), _OF_FINGERS[n % len(_OF_FINGERS)], 3, 20, "spv")
        for n in range(1, 11)
    )
    copy = Copy(12, datetime(2026, 11, 22, tzinfo=UTC), "Budi Santoso Hadiningrat Kusumawardhana", "Rusak atau basah")
    crowded = proof(exceptions=exceptions, copy=copy, check_at="https://cek.rekam.example")
    pdf = render_proof(crowded, key=authority().key, fonts=FONTS)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
