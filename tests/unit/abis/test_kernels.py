"""What set-up compiles is all that a sitting needs, and it is compiled once."""

import sys

import pytest
from numba.core.dispatcher import Dispatcher

from abis_examples import person_id
from rekam.abis.engine import Engine
from rekam.abis.finger.compare import compare_many
from rekam.abis.finger.cylinders import prepare
from rekam.abis.gallery_memory import MemoryGallery
from rekam.abis.image import load_image
from rekam.abis.kernels import KERNELS, compile_kernels
from rekam.abis.search import search
from rekam.abis.synthetic.person import Person
from rekam.abis.synthetic.png import encode_png
from rekam.abis.synthetic.templates import TemplatePerson


def compiled() -> dict[str, set]:
    """The signatures of every inner loop of the engine that is loaded."""
    modules = [module for name, module in list(sys.modules.items()) if name.startswith("rekam.abis.")]
    loops = {id(each): each for module in modules for each in vars(module).values() if isinstance(each, Dispatcher)}
    return {f"{each.__module__}.{each.__name__}": set(each.signatures) for each in loops.values() if each.signatures}


@pytest.fixture(scope="module")
def after():
    for name in KERNELS:
        assert compile_kernels(name) > 0
    return compiled()


def test_a_capture_compiles_nothing_more(after):
    engine, person = Engine(), Person(7)
    for slot, picture in (("finger-3", person.finger(3)), ("iris-2", person.iris(2))):
        assert engine.extract(slot, load_image(encode_png(picture))).quality > 0
    assert compiled() == after


def test_a_search_and_a_comparison_of_any_kind_use_one_compiled_comparison(after):
    gallery, probe = MemoryGallery(), TemplatePerson(5).recording(("finger-2", "finger-7", "iris-1"), 1)
    for seed in (5, 6):
        gallery.append(person_id(seed), TemplatePerson(seed).recording(("finger-2", "finger-7", "iris-1")))
    assert [found.id for found in search(probe, gallery)] == [person_id(5)]
    assert Engine().compare(probe, gallery.get(person_id(5))).llr > 0
    prints = [prepare(TemplatePerson(5).finger("finger-2", moment)) for moment in (0, 1)]
    assert compare_many(prints[0], prints).min() > 0
    assert compiled() == after
    assert len(after["rekam.abis.finger.compare._score_many"]) == 1
