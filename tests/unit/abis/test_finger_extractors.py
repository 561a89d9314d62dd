import dataclasses
import sys
from importlib import metadata

import numpy as np
import pytest

from rekam.abis.engine import Engine
from rekam.abis.errors import LeaderNotReady, TemplatesOfDifferentExtractors, WrongKindOfImage
from rekam.abis.finger import extractors
from rekam.abis.finger.extractors import best, classical, leader
from rekam.abis.finger.leader import weights
from rekam.abis.finger.template import FingerTemplate
from rekam.abis.image import GreyImage
from rekam.abis.synthetic.person import Person
from rekam.abis.template_set import TemplateSet


@pytest.fixture(scope="module")
def finger() -> GreyImage:
    return Person(11).finger(2)


@pytest.fixture
def no_weights(monkeypatch):
    def missing(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(weights.metadata, "files", missing)
    monkeypatch.setattr(
        "rekam.abis.finger.leader.model.model_file", lambda _part, _cache: weights.Path("/nowhere/at/all")
    )


@pytest.fixture
def trained():
    try:
        return leader()
    except LeaderNotReady as missing:
        pytest.skip(str(missing))


def test_the_engine_extracts_with_the_extractor_it_is_given(finger, trained):
    template = Engine(finger_extractor=trained).extract("finger-2", finger)
    assert (template.extractor, template.version) == (trained.name, trained.version) == ("leader", 1)
    assert Engine().extract("finger-2", finger).extractor == "rekam-classical"


def test_a_trained_template_survives_its_bytes(finger, trained):
    template = trained.extract(finger)
    assert FingerTemplate.from_bytes(template.to_bytes()) == template


def test_templates_of_two_extractors_are_not_compared(finger):
    template = classical().extract(finger)
    other = dataclasses.replace(template, extractor="leader")
    newer = dataclasses.replace(template, version=template.version + 1)
    for different in (other, newer):
        with pytest.raises(TemplatesOfDifferentExtractors):
            Engine().compare(TemplateSet({"finger-2": template}), TemplateSet({"finger-2": different}))


def test_without_the_weights_the_classical_extractor_is_the_best(no_weights):
    from rekam.abis.finger.leader.session import sessions

    sessions.cache_clear()
    with pytest.raises(LeaderNotReady, match="pyfing is not installed"):
        leader()
    assert best() == extractors.classical()


@pytest.mark.parametrize("picture", ["blank", "noise", "stripes"])
def test_the_trained_extractor_refuses_what_is_no_finger(picture, trained):
    rng = np.random.default_rng(3)
    pixels = {
        "blank": np.full((400, 300), 200, np.uint8),
        "noise": rng.integers(0, 256, (400, 300), np.uint8),
        "stripes": np.tile((np.arange(300) // 30 % 2 * 255).astype(np.uint8), (400, 1)),
    }[picture]
    with pytest.raises(WrongKindOfImage):
        trained.extract(GreyImage(pixels))


def test_a_machine_on_which_onnx_runtime_does_not_load_has_the_classical_extractor(monkeypatch):
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    for name in ("session", "minutiae", "extract"):
        monkeypatch.delitem(sys.modules, f"rekam.abis.finger.leader.{name}", raising=False)
    with pytest.raises(LeaderNotReady, match="ONNX Runtime"):
        leader()
    assert best() == classical()
