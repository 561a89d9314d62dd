import dataclasses

import pytest
from structlog.testing import capture_logs

from rekam.abis.errors import LeaderNotReady
from rekam.abis.finger.extractors import ClassicalExtractor, classical
from rekam.centre import finger_choice
from rekam.centre.finger_choice import ExtractorUnknown, finger_extractor, kept


@dataclasses.dataclass(frozen=True)
class Trained(ClassicalExtractor):
    name = "leader"
    version = 1


def let_leader(monkeypatch, make):
    monkeypatch.setattr(finger_choice, "leader", make)


@pytest.fixture
def ready(monkeypatch):
    let_leader(monkeypatch, Trained)


@pytest.fixture
def gone(monkeypatch):
    def missing():
        raise LeaderNotReady(reason="gone")

    let_leader(monkeypatch, missing)


def test_a_new_centre_takes_the_best_there_is(tmp_path, ready):
    assert finger_extractor(tmp_path, "auto") == Trained()
    assert kept(tmp_path) == "leader"


def test_a_centre_that_began_without_the_trained_one_says_so_and_stays_classical(tmp_path, gone, monkeypatch):
    with capture_logs() as told:
        assert finger_extractor(tmp_path, "auto") == classical()
    assert "LEADER is not ready" in told[0]["told"]
    let_leader(monkeypatch, Trained)
    assert finger_extractor(tmp_path, "auto") == classical()


def test_a_trained_gallery_never_falls_back_to_the_classical_extractor(tmp_path, gone):
    (tmp_path / "finger-extractor").write_text("leader\n")
    with pytest.raises(LeaderNotReady):
        finger_extractor(tmp_path, "auto")


def test_a_gallery_older_than_the_choice_is_the_classical_extractors(tmp_path, ready):
    (tmp_path / "gallery").mkdir()
    assert finger_extractor(tmp_path, "auto") == classical()


def test_another_one_that_is_asked_for_is_kept(tmp_path, ready):
    assert finger_extractor(tmp_path, "classical") == classical()
    assert finger_extractor(tmp_path, "leader") == Trained()
    assert finger_extractor(tmp_path, "auto") == Trained()


def test_what_is_asked_for_and_not_ready_changes_nothing(tmp_path, gone):
    finger_extractor(tmp_path, "auto")
    with pytest.raises(LeaderNotReady):
        finger_extractor(tmp_path, "leader")
    assert kept(tmp_path) == "classical"


def test_an_extractor_of_a_newer_version_is_not_dropped(tmp_path, ready):
    (tmp_path / "finger-extractor").write_text("third\n")
    with pytest.raises(ExtractorUnknown, match="third"):
        finger_extractor(tmp_path, "auto")
    assert kept(tmp_path) == "third"
