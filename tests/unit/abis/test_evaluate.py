import json

import numpy as np
import pytest

from rekam.abis.errors import FoldEmpty, ImpressionSetEmpty, ImpressionSetMissing, UnknownModality
from rekam.abis.evaluate import measured, report_of
from rekam.abis.evaluation.pictures import set_picture
from rekam.abis.impressions import Fold, impressions_in, modality_seen, of_fold
from rekam.abis.slots import Modality
from rekam.abis.synthetic.person import Person
from rekam.abis.synthetic.png import encode_png


def evaluated(*asked, **how):
    return report_of(measured(*asked, **how))


@pytest.fixture(scope="module")
def fingers(tmp_path_factory):
    """Three synthetic fingers, two impressions of each, and one file that is no image."""
    folder = tmp_path_factory.mktemp("three_fingers")
    for seed in (1, 2, 3):
        for impression in (0, 1):
            (folder / f"{seed}_{impression}.png").write_bytes(encode_png(Person(seed).finger(2, impression)))
    (folder / "3_2.png").write_bytes(b"not an image")
    (folder / "README.md").write_text("passed over")
    return folder


@pytest.fixture(scope="module")
def report(fingers):
    return evaluated(fingers, "finger", choice="classical")


def test_pairs_are_counted_with_the_failed_image(report):
    assert (report.images, report.failed) == (7, 1)
    assert (report.genuine, report.impostor) == (1 + 1 + 3, 21 - 5)


def test_a_failed_extraction_counts_as_a_non_match(report):
    assert report.fnmr_at_fmr_1e_3 >= 2 / 5


def test_the_report_is_one_json_object_with_the_agreed_keys(report):
    agreed = (
        "set images failed failures genuine impostor eer eer_interval fnmr_at_fmr_1e-2 fnmr_at_fmr_1e-2_interval "
        "fnmr_at_fmr_1e-3 fnmr_at_fmr_1e-3_interval fnmr_at_fmr_1e-4 fnmr_at_fmr_1e-4_interval det edc extractor "
        "version extract_ms extract_ms_95th comparisons_per_second template_bytes"
    )
    told = json.loads(json.dumps(report.to_map()))
    assert set(agreed.split()) <= set(told)
    assert told["set"].startswith("three_fingers")
    assert 0 <= told["eer"] <= 1
    assert told["extract_ms"] > 0
    assert told["extract_ms_95th"] >= told["extract_ms"]
    assert told["comparisons_per_second"] > 0
    assert told["template_bytes"] > 16
    low, high = told["fnmr_at_fmr_1e-3_interval"]
    assert 0 <= low <= told["fnmr_at_fmr_1e-3"] <= high <= 1
    assert [set(point) for point in told["det"][:1]] == [{"threshold", "fmr", "fnmr"}]


def test_what_failed_is_told_with_its_reason(report):
    assert list(report.failures) == ["3_2.png"]
    assert "UnreadableImage" in report.failures["3_2.png"]


def test_a_rate_finer_than_one_pair_is_explained(report):
    assert any("FMR 1e-04" in note and "highest impostor" in note for note in report.notes)
    assert report.fnmr_at_fmr_1e_4 == report.fnmr_at_fmr_1e_3


def test_a_fold_keeps_to_its_people(fingers):
    with pytest.raises(FoldEmpty, match="even"):
        evaluated(fingers, "finger", choice="classical", fold=Fold.EVEN)
    odd = evaluated(fingers, "finger", choice="classical", fold=Fold.ODD)
    assert (odd.images, odd.people, odd.fold) == (5, 2, "odd")


def test_half_of_a_measurement_is_the_measurement_of_half(fingers):
    whole = measured(fingers, "finger", choice="classical")
    half, alone = whole.only(Fold.ODD), measured(fingers, "finger", choice="classical", fold=Fold.ODD)
    assert half.impressions == alone.impressions
    assert np.array_equal(half.pairs.scores, alone.pairs.scores)
    assert np.array_equal(half.pairs.first, alone.pairs.first)
    assert np.array_equal(half.pairs.second, alone.pairs.second)
    assert np.array_equal(half.pairs.is_genuine, alone.pairs.is_genuine)


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_the_picture_is_drawn_and_the_same_twice(fingers, report, tmp_path, kind):
    for name in ("one", "two"):
        set_picture(measured(fingers, "finger", choice="classical"), report, tmp_path / f"{name}.{kind}")
    drawn = (tmp_path / f"one.{kind}").read_bytes()
    assert len(drawn) > 10_000
    assert drawn == (tmp_path / f"two.{kind}").read_bytes()


def test_progress_reaches_its_end_in_both_steps(fingers):
    told = []
    evaluated(fingers, "finger", lambda *step: told.append(step), choice="classical")
    assert ("extract", 7, 7) in told
    assert told[-1] == ("compare", 6, 6)


def test_images_of_another_modality_all_fail_and_never_match(fingers):
    report = evaluated(fingers, "iris")
    assert report.failed == report.images
    assert report.fnmr_at_fmr_1e_3 == 1.0


def test_a_folder_that_is_missing_is_told(tmp_path):
    with pytest.raises(ImpressionSetMissing, match="does not exist"):
        evaluated(tmp_path / "nowhere", "finger")


def test_a_folder_without_impressions_is_told(tmp_path):
    (tmp_path / "notes.txt").write_text("")
    with pytest.raises(ImpressionSetEmpty, match="0 found"):
        evaluated(tmp_path, "iris")


def test_a_folder_without_impostor_or_genuine_pairs_is_told(tmp_path):
    for name in ("a_1.png", "a_2.png"):
        (tmp_path / name).write_bytes(b"")
    with pytest.raises(ImpressionSetEmpty, match="2 found"):
        evaluated(tmp_path, "iris")


def test_an_unknown_modality_is_told(tmp_path):
    with pytest.raises(UnknownModality, match="voice"):
        evaluated(tmp_path, "voice")


def test_the_source_is_what_stands_before_the_last_underscore(tmp_path):
    for name in ("001_L_1.png", "001_L_2.png", "001_R_1.png", "plain.png", "_1.png"):
        (tmp_path / name).write_bytes(b"")
    assert [impression.source for impression in impressions_in(tmp_path)] == ["001_L", "001_L", "001_R"]


def test_both_eyes_belong_to_one_person_and_fingers_to_nobody_known(tmp_path):
    for name in ("001L_1.png", "001L_2.png", "001R_1.png", "002L_1.png", "002R_2.png", "002R_3.png"):
        (tmp_path / name).write_bytes(b"")
    eyes = impressions_in(tmp_path)
    assert modality_seen(eyes) is Modality.IRIS
    assert {eye.person for eye in eyes} == {"001", "002"}
    assert {eye.source for eye in of_fold(eyes, Fold.EVEN)} == {"002L", "002R"}
    (tmp_path / "101_1.png").write_bytes(b"")
    fingers = impressions_in(tmp_path)
    assert modality_seen(fingers) is Modality.FINGER
    assert fingers[-1].person == "101"
