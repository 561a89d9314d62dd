import json

import pytest

from rekam.abis.errors import ImpressionSetEmpty, ImpressionSetMissing
from rekam.abis.synthetic.person import Person
from rekam.abis.synthetic.png import encode_png
from rekam.apps.abis_command import app


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Two synthetic fingers twice each, and a text with a picture's name."""
    made = tmp_path_factory.mktemp("sets") / "two"
    made.mkdir()
    for seed in (1, 2):
        for k in (0, 1):
            (made / f"{seed}_{k}.png").write_bytes(encode_png(Person(seed).finger(2, k)))
    (made / "2_2.jpg").write_text("not an image")
    return made


def call(capsys, *arguments):
    app([str(argument) for argument in arguments], result_action="return_value")
    return capsys.readouterr().out


def test_one_json_object_a_set_and_nothing_else(folder, capsys):
    out = call(capsys, "evaluate", folder, folder, "--extractor", "classical", "--json")
    one, other = map(json.loads, out.splitlines())
    assert one["set"] == other["set"] == "two"
    assert (one["modality"], one["extractor"], one["failed"]) == ("finger", "rekam-classical", 1)
    assert one["eer"] == other["eer"]
    assert list(one["failures"]) == ["2_2.jpg"]


def test_the_figures_are_told_as_a_table_and_drawn(folder, capsys, tmp_path):
    out = call(
        capsys, "evaluate", folder, "--extractor", "classical", "--modality", "finger", "--plot", tmp_path / "a.png"
    )
    assert "fnmr_at_fmr_1e-3" in out
    assert "UnreadableImage" in out
    assert (tmp_path / "a.png").stat().st_size > 10_000


def test_people_are_told_one_scenario_a_line(folder, capsys):
    (folder.parent / "more").mkdir()
    for seed in (3, 4):
        for k in (0, 1):
            (folder.parent / "more" / f"{seed}_{k}.png").write_bytes(encode_png(Person(seed).finger(2, k)))
    out = call(capsys, "evaluate", "--fused", folder, folder.parent / "more", "--extractor", "classical", "--json")
    (people,) = map(json.loads, out.splitlines())
    assert (people["scenario"], people["people"]) == ("two fingers", 2)


def test_a_wrong_folder_is_told(tmp_path, capsys):
    with pytest.raises(ImpressionSetMissing):
        call(capsys, "evaluate", tmp_path / "nowhere", "--modality", "iris")
    with pytest.raises(ImpressionSetEmpty):
        call(capsys, "report", tmp_path, "-o", tmp_path / "page")
    assert not (tmp_path / "page").exists()
