from dataclasses import replace

import pytest

from centre_examples import resident
from rekam.abis.arrangement import Misplacement
from rekam.centre.misplaced import MISPLACED, misplaced
from rekam.centre.pages.biodata import rows
from rekam.centre.pages.words import QUEUES, STAGES, likeness_of_people, likeness_of_slot, tone
from rekam.centre.verdict import Queue
from rekam.enrolment.status import Status
from rekam.web.i18n import Language, _, speaking

SITI = resident(1, "SITI RAHMAWATI")


def test_only_fields_that_differ_are_marked():
    made = rows(SITI, replace(SITI, birth_place="BOGOR", blood_type=1))
    assert [(row.label, row.left, row.right) for row in made if row.differs] == [
        ("Tempat lahir", "JAKARTA", "BOGOR"),
        ("Golongan darah", "O", "A"),
    ]


def test_nothing_is_marked_where_there_is_nothing_to_compare_with():
    assert [row for row in rows(SITI, None) if row.differs or row.right is not None] == []


def test_biodata_read_as_a_family_card_does():
    told = {row.label: row.left for row in rows(SITI, None)}
    assert told["NIK"] == "317401 570390 0001"
    assert told["Tanggal lahir"] == "17 Maret 1990"
    assert told["Desa, kecamatan"] == "Tebet Timur, Tebet"
    with speaking(Language.ENGLISH):
        assert {row.label: row.left for row in rows(SITI, None)}["Date of birth"] == "17 March 1990"


def test_codes_that_no_list_has_are_shown_as_they_are():
    odd = replace(SITI, blood_type=99, village="99.99.99.9999")
    told = {row.label: row.left for row in rows(odd, None)}
    assert (told["Golongan darah"], told["Desa, kecamatan"]) == ("99", "99.99.99.9999, 99.99.99")


@pytest.mark.parametrize(
    ("llr", "first_word"), [(20.0, "Sangat"), (5.2, "Mirip:"), (0.0, "Tidak jelas:"), (-7.5, "Tidak mirip:")]
)
def test_the_machines_ratio_is_told_in_words_that_grow_with_it(llr, first_word):
    tone, words = likeness_of_people(llr)
    assert words.startswith(first_word)
    assert tone != "danger", "the machine gives a hint, not an alarm"


def test_a_slot_that_one_side_lacks_is_said_to_be_not_compared():
    assert likeness_of_slot(None)[1] == "tidak dibandingkan"
    assert [likeness_of_slot(llr)[1] for llr in (4.0, 0.5, -3.0)] == ["mirip", "tidak jelas", "tidak mirip"]


def test_every_stage_and_queue_has_words_in_both_languages():
    texts = [text for pair in STAGES.values() for text in pair] + list(QUEUES.values())
    assert len(STAGES) == 8
    assert set(QUEUES) == set(Queue)
    with speaking(Language.ENGLISH):
        assert all(_(text) != text for text in texts)


def test_every_status_has_a_tone_of_the_badge():
    assert {tone(status) for status in Status} <= {"info", "success", "warning", "danger"}


def test_misplaced_samples_are_told_in_the_experts_words():
    assert misplaced([Misplacement.EYES_SWAPPED, Misplacement.HANDS_SWAPPED]) == ("mata tertukar", "tangan tertukar")
    assert set(MISPLACED) == set(Misplacement)
    with speaking(Language.ENGLISH):
        assert _(MISPLACED[Misplacement.HANDS_SWAPPED]) == "hands swapped"
