import dataclasses

import pytest

from rekam.abis.errors import LeaderNotReady
from rekam.abis.finger.extractors import ClassicalExtractor, classical
from rekam.centre import finger_choice
from rekam.centre.finger_choice import GalleryOfAnotherExtractor, finger_extractor, kept


@dataclasses.dataclass(frozen=True)
class Trained(ClassicalExtractor):
    name = "leader"
    version = 1


@pytest.fixture(autouse=True)
def trained_is_ready(monkeypatch):
    _let_leader(monkeypatch, Trained)


def _let_leader(monkeypatch, make):
    monkeypatch.setattr(finger_choice, "leader", make)
    monkeypatch.setattr(finger_choice, "best", make)
    monkeypatch.setattr(finger_choice, "_EXTRACTORS", {"leader": make, "rekam-classical": classical})


def test_a_new_centre_takes_the_best_and_stays_with_it(tmp_path, monkeypatch):
    assert finger_extractor(tmp_path, "auto") == Trained()
    assert kept(tmp_path) == "leader 1"
    monkeypatch.setattr(finger_choice, "best", classical)
    assert finger_extractor(tmp_path, "auto") == Trained()


def test_a_centre_that_began_without_the_trained_one_goes_on_with_the_classical_one(tmp_path):
    finger_extractor(tmp_path, "classical")
    assert finger_extractor(tmp_path, "auto") == classical()


def test_a_gallery_older_than_the_choice_is_the_classical_extractors(tmp_path):
    (tmp_path / "gallery").mkdir()
    assert kept(tmp_path) == "rekam-classical 1"
    with pytest.raises(GalleryOfAnotherExtractor, match="rekam centre re-extract"):
        finger_extractor(tmp_path, "leader")


def test_another_choice_or_version_is_refused_and_changes_nothing(tmp_path, monkeypatch):
    finger_extractor(tmp_path, "leader")
    with pytest.raises(GalleryOfAnotherExtractor, match="leader 1"):
        finger_extractor(tmp_path, "classical")

    class Newer(Trained):
        version = 2

    _let_leader(monkeypatch, Newer)
    with pytest.raises(GalleryOfAnotherExtractor, match="leader 2"):
        finger_extractor(tmp_path, "auto")
    assert kept(tmp_path) == "leader 1"


def test_a_trained_gallery_never_falls_back_to_the_classical_extractor(tmp_path, monkeypatch):
    finger_extractor(tmp_path, "auto")

    def missing():
        raise LeaderNotReady(reason="gone")

    _let_leader(monkeypatch, missing)
    with pytest.raises(LeaderNotReady):
        finger_extractor(tmp_path, "auto")
