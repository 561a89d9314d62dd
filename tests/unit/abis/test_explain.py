"""What the engine saw, drawn: every picture is written, and says what the comparison itself says."""

import json

import numpy as np
import pytest

from rekam.abis.comparison import compare_sets
from rekam.abis.engine import Engine
from rekam.abis.errors import NothingToExplain, WrongKindOfImage
from rekam.abis.explain.explain import explain_image, explain_pair, explain_records, modality_seen, record_in
from rekam.abis.finger.compare import compare as compare_fingers
from rekam.abis.finger.cylinders import prepare
from rekam.abis.finger.extractors import classical
from rekam.abis.image import GreyImage
from rekam.abis.iris.compare import compare as compare_irises
from rekam.abis.iris.template import EXTRACTOR_VERSION
from rekam.abis.slots import Modality
from rekam.abis.synthetic.person import Person
from rekam.abis.synthetic.png import encode_png
from rekam.apps.explain_command import explain

ANI, BUDI = Person(71), Person(72)
FINGERS = classical()
FINGER, IRIS = Modality.FINGER, Modality.IRIS


def titles(explained):
    return [axis.get_title(loc="left") or axis.get_title() for axis in explained.picture.axes]


@pytest.mark.parametrize(("image", "modality"), [(ANI.finger(2), FINGER), (ANI.iris(1), IRIS)], ids=["finger", "iris"])
def test_the_kind_of_sample_is_seen_in_the_image(image, modality):
    assert modality_seen(image) is modality


def test_every_step_of_a_finger_is_drawn_in_order():
    explained = explain_image(ANI.finger(2), FINGER, FINGERS)
    template = Engine().extract("finger-2", ANI.finger(2))
    assert titles(explained)[0] == "picture"
    assert (
        titles(explained).index("orientation")
        < titles(explained).index("enhanced")
        < titles(explained).index("skeleton")
    )
    assert f"{len(template)} minutiae" in titles(explained)
    assert (explained.facts["quality"], explained.facts["minutiae"]) == (template.quality, len(template))


def test_every_step_of_an_iris_is_drawn():
    explained = explain_image(ANI.iris(1), IRIS, FINGERS)
    assert [title for title in titles(explained) if "bits" in title]
    assert explained.facts["template bytes"] == len(Engine().extract("iris-1", ANI.iris(1)).to_bytes())


def test_a_picture_that_fails_is_drawn_as_far_as_it_went_with_the_reason():
    stripes = np.tile((127 + 120 * np.sin(np.arange(300) * 2 * np.pi / 9)).astype(np.uint8), (400, 1))
    explained = explain_image(GreyImage(stripes, 500.0), FINGER, FINGERS)
    assert explained.facts["failed"]
    assert titles(explained)[0] == "picture"
    assert not [title for title in titles(explained) if "minutiae" in title]


def test_a_blank_page_is_no_eye():
    with pytest.raises(WrongKindOfImage):
        explain_image(GreyImage(np.full((240, 320), 200, np.uint8)), IRIS, FINGERS)


def test_two_fingers_are_explained_by_the_score_that_decides():
    a, b = ANI.finger(2), ANI.finger(2, 1)
    explained = explain_pair(a, b, FINGER, FINGERS)
    templates = [FINGERS.extract(image) for image in (a, b)]
    assert explained.facts["score"] == compare_fingers(*map(prepare, templates))
    assert explained.facts["minutiae that meet"] >= 8
    assert explained.facts["llr"] > explain_pair(a, BUDI.finger(2), FINGER, FINGERS).facts["llr"]


def test_two_irises_are_explained_by_the_distance_that_decides():
    a, b = ANI.iris(1), ANI.iris(1, 1)
    explained = explain_pair(a, b, IRIS, FINGERS)
    templates = [Engine().extract("iris-1", image) for image in (a, b)]
    assert explained.facts["distance"] == compare_irises(*templates).distance
    assert explained.facts["bits agreeing"] > 3 * explained.facts["bits differing"]


def written(folder, person, slots, impression=0):
    folder.mkdir()
    for slot in slots:
        kind, number = slot.split("-")
        image = person.finger(int(number), impression) if kind == "finger" else person.iris(int(number), impression)
        (folder / f"{slot}.png").write_bytes(encode_png(image))
    return folder


def test_two_records_are_explained_slot_by_slot(tmp_path):
    one = record_in(written(tmp_path / "one", ANI, ["finger-2", "iris-1", "iris-2"]), FINGERS)
    other = record_in(written(tmp_path / "other", ANI, ["finger-2", "iris-1"], 1), FINGERS)
    explained = explain_records(one, other)
    assert explained.facts["llr"] == compare_sets(one, other).llr
    assert explained.facts["iris-2"] == "only one side has it"
    labels = [label.get_text() for label in explained.picture.axes[0].get_yticklabels()]
    assert labels == ["iris-1", "iris-2", "finger-2", "together"]


def test_a_folder_without_slots_is_told(tmp_path):
    with pytest.raises(NothingToExplain, match=r"finger-1\.png"):
        record_in(tmp_path, FINGERS)


def test_the_command_writes_the_picture_and_says_where(tmp_path, capsys):
    folder = written(tmp_path / "ani", ANI, ["iris-1"])
    out = tmp_path / "seen.png"
    explain(folder / "iris-1.png", out=out, extractor="classical", as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert (told["picture"], told["extractor"]) == (str(out), f"rekam-iris {EXTRACTOR_VERSION}")
    assert out.read_bytes().startswith(b"\x89PNG")
