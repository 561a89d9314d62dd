import pytest

from rekam.abis.evaluation import extraction
from rekam.abis.evaluation.cache import ExtractionCache
from rekam.abis.evaluation.extracted import Extraction
from rekam.abis.evaluation.extraction import extract_all
from rekam.abis.impressions import Impression, impressions_in
from rekam.abis.slots import Modality
from rekam.abis.synthetic.person import Person
from rekam.abis.synthetic.png import encode_png


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Eight prints of two synthetic fingers; with them a text, an empty file and a folder with a picture's name."""
    made = tmp_path_factory.mktemp("two_fingers")
    for seed in (1, 2):
        for impression in range(4):
            (made / f"{seed}_{impression}.png").write_bytes(encode_png(Person(seed).finger(2, impression)))
    (made / "1_text.png").write_text("not an image")
    (made / "1_empty.png").write_bytes(b"")
    (made / "1_folder.png").mkdir()
    return made


def test_an_image_with_trouble_is_a_failure_with_its_reason(folder):
    told = {
        impression.path.stem: extraction
        for impression, extraction in zip(
            impressions_in(folder),
            extract_all(impressions_in(folder), Modality.FINGER, "classical", processes=1),
            strict=True,
        )
    }
    assert {name: extraction.template is None for name, extraction in told.items()} == {
        **{f"{seed}_{impression}": False for seed in (1, 2) for impression in range(4)},
        "1_text": True,
        "1_empty": True,
        "1_folder": True,
    }
    assert told["1_text"].failure.startswith("UnreadableImage")
    assert told["1_empty"].failure.startswith("EmptyImage")
    assert "cannot be read" in told["1_folder"].failure


def test_a_defect_of_an_extractor_is_told_and_costs_one_image_only(folder, monkeypatch):
    def broken(_):
        raise ZeroDivisionError("by nothing")

    monkeypatch.setattr(extraction, "extractor_of", lambda *_: type("Broken", (), {"extract": staticmethod(broken)}))
    (only,) = extract_all([Impression("1", "0", folder / "1_0.png")], Modality.FINGER, "classical")
    assert only.template is None
    assert only.failure == "DEFECT, report it: ZeroDivisionError: by nothing"


@pytest.mark.slow
def test_many_processes_find_what_one_finds(folder, monkeypatch):
    monkeypatch.setattr(extraction, "IMAGES_A_PROCESS", 4)
    impressions = impressions_in(folder)
    alone = extract_all(impressions, Modality.FINGER, "classical", processes=1)
    together = extract_all(impressions, Modality.FINGER, "classical", processes=2)
    assert [each.template for each in together] == [each.template for each in alone]
    assert [each.failure for each in together] == [each.failure for each in alone]


def test_what_is_remembered_is_not_extracted_again(folder, tmp_path, monkeypatch):
    impressions = impressions_in(folder)
    first = extract_all(impressions, Modality.FINGER, "classical", cache=tmp_path)
    monkeypatch.setattr(extraction._Worker, "extract", lambda *_: pytest.fail("extracted again"))
    remembered = [impression for impression in impressions if impression.path.is_file()]
    again = extract_all(remembered, Modality.FINGER, "classical", cache=tmp_path)
    assert again == [each for each, impression in zip(first, impressions, strict=True) if impression in remembered]


def test_a_cache_forgets_what_other_code_or_another_image_made(folder, tmp_path, monkeypatch):
    image = folder / "1_0.png"
    ExtractionCache.of(tmp_path, Modality.FINGER, "classical").put(image, Extraction(b"x", "", 1.0))
    assert ExtractionCache.of(tmp_path, Modality.FINGER, "classical").get(image) == Extraction(b"x", "", 1.0)
    assert ExtractionCache.of(tmp_path, Modality.FINGER, "classical").get(folder / "1_1.png") is None
    assert ExtractionCache.of(tmp_path, Modality.IRIS, "classical").get(image) is None
    monkeypatch.setattr("rekam.abis.evaluation.cache.code_print", lambda _: "other code")
    assert ExtractionCache.of(tmp_path, Modality.FINGER, "classical").get(image) is None


def test_a_spoilt_memory_is_made_anew(folder, tmp_path):
    impressions = [Impression("1", "0", folder / "1_0.png")]
    made = extract_all(impressions, Modality.FINGER, "classical", cache=tmp_path)
    (entry,) = tmp_path.iterdir()
    entry.write_bytes(b"\x00")
    assert extract_all(impressions, Modality.FINGER, "classical", cache=tmp_path)[0].template == made[0].template
