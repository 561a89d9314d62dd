"""The trained extractor as a whole; where its weights are not installed each test says so."""

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from child_memory import PEAK_KB
from rekam.abis.errors import LeaderNotReady, WrongKindOfImage
from rekam.abis.finger.compare import compare
from rekam.abis.finger.cylinders import prepare
from rekam.abis.finger.leader import model, parameters, session, weights
from rekam.abis.finger.leader.convert import finder, reader
from rekam.abis.finger.leader.golden import PLANTED, SIDE, golden_picture, sees_golden
from rekam.abis.finger.leader.minutiae import seen_in
from rekam.abis.finger.leader.session import Sessions, sessions
from rekam.abis.image import GreyImage
from rekam.abis.synthetic.person import Person

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def installed():
    try:
        return weights.read_weights(weights.weights_file())
    except LeaderNotReady as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="module")
def trained(installed):
    from rekam.abis.finger.extractors import leader

    return leader()


def test_the_same_weights_give_the_same_bytes(installed):
    assert finder(installed) == finder(installed)
    assert reader(installed) == reader(installed)


def test_a_minutia_stands_where_each_was_planted_and_nowhere_else(trained):
    seen = seen_in(golden_picture(), np.ones((SIDE, SIDE), bool))
    places = np.array([(column, row) for column, row, _ in PLANTED])
    apart = np.hypot(seen.x[:, None] - places[:, 0], seen.y[:, None] - places[:, 1])
    assert len(seen) == len(PLANTED)
    assert apart.min(axis=1).max() <= 2.0


def test_directions_follow_a_turn_of_the_picture(trained):
    upright = seen_in(golden_picture(), np.ones((SIDE, SIDE), bool))
    turned = seen_in(np.ascontiguousarray(np.rot90(golden_picture())), np.ones((SIDE, SIDE), bool))
    for x, y, angle in zip(upright.x, upright.y, upright.angle, strict=True):
        # a quarter turn counter-clockwise takes (x, y) to (y, SIDE - 1 - x)
        nearest = np.argmin(np.hypot(turned.x - y, turned.y - (SIDE - 1 - x)))
        difference = turned.angle[nearest] - angle - np.pi / 2
        assert abs((difference + np.pi) % (2 * np.pi) - np.pi) < np.radians(12)


def test_the_same_image_gives_the_same_template(trained):
    image = Person(21).finger(3)
    assert trained.extract(image) == trained.extract(image)


def test_two_impressions_of_a_finger_are_more_alike_than_two_fingers(trained):
    prints = {
        (seed, impression): prepare(trained.extract(Person(seed).finger(2, impression)))
        for seed in (21, 22, 23)
        for impression in (0, 1)
    }
    same = [compare(prints[seed, 0], prints[seed, 1]) for seed in (21, 22, 23)]
    other = [compare(prints[a, 0], prints[b, 1]) for a in (21, 22, 23) for b in (21, 22, 23) if a != b]
    assert min(same) > max(other)


def test_a_margin_around_the_print_hardly_changes_its_minutiae(trained):
    image = Person(21).finger(3)
    framed = GreyImage(np.pad(image.pixels, 40, mode="edge"), image.dpi)
    near, far = trained.extract(image), trained.extract(framed)
    apart = np.hypot(near.x[:, None] - (far.x - 40), near.y[:, None] - (far.y - 40))
    certain = near.quality_of >= 60
    assert (apart.min(axis=1)[certain] <= 4).mean() > 0.95


def test_a_wrong_network_is_not_taken_for_the_right_one(trained):
    class Blurred:
        def find(self, picture):
            places, features = sessions().find(picture)
            return np.roll(places, 3, axis=1), features

        read = Sessions.read

    assert sees_golden(sessions())
    assert not sees_golden(Blurred())


def test_other_weights_are_refused(tmp_path):
    file = tmp_path / "LEADER.weights.h5"
    file.write_bytes(b"not these")
    with pytest.raises(LeaderNotReady, match="SHA-256"):
        weights.read_weights(file)


def test_weights_that_are_gone_are_told(tmp_path):
    with pytest.raises(LeaderNotReady, match="cannot be read"):
        weights.read_weights(tmp_path / "LEADER.weights.h5")


def test_models_are_made_once_and_kept_whole(installed, tmp_path, monkeypatch):
    made = model.models(tmp_path / "cache")
    assert sorted(file.suffix for file in (tmp_path / "cache").iterdir()) == [".onnx", ".onnx"]
    monkeypatch.setattr(model, "make", lambda: pytest.fail("made again"))
    assert model.models(tmp_path / "cache") == made


def test_models_of_another_converter_are_not_taken(installed, tmp_path, monkeypatch):
    model.keep(model.Models(b"old", b"old"), tmp_path / "cache")
    monkeypatch.setattr(parameters, "CONVERTER_VERSION", parameters.CONVERTER_VERSION + 1)
    assert model.models(tmp_path / "cache").finder != b"old"


def test_kept_models_that_are_spoilt_are_made_anew(installed, tmp_path, monkeypatch):
    model.keep(model.Models(b"", b"half a mod"), tmp_path)
    monkeypatch.setattr(session, "models", lambda: model.models(tmp_path))
    monkeypatch.setattr(session, "keep", lambda made: model.keep(made, tmp_path))
    assert sees_golden(session.sessions.__wrapped__())
    assert len(model.models(tmp_path).finder) > 1_000_000


def test_models_that_no_runtime_takes_are_told_as_not_ready(monkeypatch):
    monkeypatch.setattr(session, "models", lambda: model.Models(b"", b""))
    monkeypatch.setattr(session, "make", lambda: model.Models(b"no", b"model"))
    with pytest.raises(LeaderNotReady, match="cannot be used"):
        session.sessions.__wrapped__()


def test_a_folder_that_cannot_be_written_is_done_without(installed, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_bytes(b"")
    assert len(model.models(blocked / "cache").finder) > 1_000_000


def test_the_largest_picture_is_bounded_in_time_and_memory(installed):
    script = """
import time
import numpy as np
from rekam.abis.finger.leader import parameters
from rekam.abis.finger.leader.golden import SIDE, golden_picture
from rekam.abis.finger.leader.minutiae import seen_in
side = int(parameters.LARGEST_PICTURE**0.5) // 32 * 32
picture = np.tile(golden_picture(), (side // SIDE + 1, side // SIDE + 1))[:side, :side].copy()
seen_in(picture, np.ones((side, side), bool))
print(time.process_time(), PEAK)
""".replace("PEAK", PEAK_KB)
    told = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout.split()
    seconds, kibibytes = float(told[0]), int(told[1])
    assert seconds < 5.0
    assert kibibytes < 1_000_000


def test_a_print_larger_than_a_finger_is_refused_before_it_costs_anything(trained):
    rows = np.arange(1600)
    pixels = (127 + 90 * np.sin(2 * np.pi * (rows[:, None] + 40 * np.sin(rows / 40)) / 9)).astype(np.uint8)
    with pytest.raises(WrongKindOfImage, match=re.compile(r"covers 8\d x 8\d mm")):
        trained.extract(GreyImage(pixels, 500.0))


def test_the_weights_lock_names_one_package_with_its_hashes():
    lines = (ROOT / "requirements-weights.lock").read_text().splitlines()
    named = [line for line in lines if line and not line.lstrip().startswith(("#", "--hash"))]
    assert named == ["pyfing==0.7.3 \\"]
    assert sum("--hash=sha256:" in line for line in lines) == 2
