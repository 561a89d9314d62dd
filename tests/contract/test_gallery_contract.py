"""What every gallery must do, on disk, sealed on disk, and in memory."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from abis_examples import another_recording, person_id, random_person
from abis_seal import XorSeal
from rekam.abis.errors import AlreadyInGallery, NotInGallery, TemplatesOfDifferentExtractors
from rekam.abis.gallery import Gallery
from rekam.abis.gallery_memory import MemoryGallery
from rekam.abis.kinds import edition
from rekam.abis.template_set import TemplateSet


@pytest.fixture(params=["disk", "sealed", "memory"])
def gallery(request, tmp_path):
    if request.param == "memory":
        made = MemoryGallery()
    else:
        made = Gallery.open(tmp_path / "gallery", XorSeal(b"k") if request.param == "sealed" else None)
    yield made
    made.close()


def test_what_is_appended_is_held_and_given_back(gallery):
    gallery.append(person_id(1), random_person(1))
    assert person_id(1) in gallery
    assert gallery.get(person_id(1)) == random_person(1)


def test_ids_come_in_the_order_of_appending(gallery):
    for number in (3, 1, 2):
        gallery.append(person_id(number), random_person(number))
    assert gallery.ids() == (person_id(3), person_id(1), person_id(2))


def test_the_same_set_again_changes_nothing(gallery):
    gallery.append(person_id(1), random_person(1))
    gallery.append(person_id(1), random_person(1))
    assert (len(gallery), len(gallery.columns())) == (1, 1)


def test_another_set_under_a_held_id_is_refused_and_the_first_kept(gallery):
    gallery.append(person_id(1), random_person(1))
    with pytest.raises(AlreadyInGallery, match="another template set"):
        gallery.append(person_id(1), random_person(2))
    assert gallery.get(person_id(1)) == random_person(1)


def test_a_tombstoned_id_is_gone(gallery):
    gallery.append(person_id(1), random_person(1))
    assert gallery.tombstone(person_id(1))
    assert person_id(1) not in gallery
    assert not gallery.columns().live.any()
    with pytest.raises(NotInGallery):
        gallery.get(person_id(1))


def test_a_second_tombstone_says_that_nothing_was_held(gallery):
    gallery.append(person_id(1), random_person(1))
    gallery.tombstone(person_id(1))
    assert not gallery.tombstone(person_id(1))


def test_a_tombstoned_id_may_come_back_with_other_templates(gallery):
    gallery.append(person_id(1), random_person(1))
    gallery.tombstone(person_id(1))
    gallery.append(person_id(1), random_person(2))
    assert gallery.get(person_id(1)) == random_person(2)
    assert gallery.columns().live.tolist() == [False, True]


def test_a_snapshot_does_not_move_when_the_gallery_does(gallery):
    gallery.append(person_id(1), random_person(1))
    snapshot = gallery.columns()
    for number in range(2, 200):
        gallery.append(person_id(number), random_person(number, fingers=(), irises=(1,)))
    gallery.tombstone(person_id(1))
    assert len(snapshot) == 1
    assert snapshot.live.tolist() == [True]


def test_absent_slots_are_marked_absent_in_every_column(gallery):
    gallery.append(person_id(1), random_person(1, fingers=(2,), irises=()))
    gallery.append(person_id(2), random_person(2, fingers=(), irises=(2,)))
    columns = gallery.columns()
    assert columns.fingers["finger-2"].present.tolist() == [True, False]
    assert columns.irises["iris-2"].present.tolist() == [False, True]
    assert columns.irises["iris-1"].present.tolist() == [False, False]


def test_columns_hold_the_templates_bits(gallery):
    person = random_person(1)
    gallery.append(person_id(1), person)
    assert np.array_equal(gallery.columns().irises["iris-1"].codes[0].view(np.uint8), person.iris("iris-1").code)


def test_a_set_without_any_slot_may_be_held(gallery):
    gallery.append(person_id(1), TemplateSet({}))
    assert len(gallery.get(person_id(1))) == 0


def test_an_id_of_another_length_is_a_mistake_of_the_caller(gallery):
    with pytest.raises(ValueError, match="16 bytes"):
        gallery.append(b"short", random_person(1))


def test_flushing_twice_is_harmless(gallery):
    gallery.append(person_id(1), another_recording(random_person(1), 1))
    gallery.flush()
    gallery.flush()
    assert len(gallery) == 1


def test_threads_may_append_at_once(gallery):
    people = [random_person(number, (2,), (1,)) for number in range(40)]
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda number: gallery.append(person_id(number), people[number]), range(40)))
    assert sorted(gallery.ids()) == [person_id(number) for number in range(40)]
    assert all(gallery.get(person_id(number)) == people[number] for number in range(40))


def test_templates_of_another_version_are_refused_and_nothing_is_added(gallery):
    gallery.append(person_id(1), random_person(1))
    newer = TemplateSet({slot: replace(template, version=99) for slot, template in random_person(2).items()})
    with pytest.raises(TemplatesOfDifferentExtractors, match="rekam-classical 99"):
        gallery.append(person_id(2), TemplateSet({"finger-2": newer["finger-2"]}))
    with pytest.raises(TemplatesOfDifferentExtractors, match="rekam-iris 99"):
        gallery.append(person_id(2), TemplateSet({"iris-1": newer["iris-1"]}))
    assert person_id(2) not in gallery
    assert len(gallery.columns()) == 1


def test_a_gallery_says_which_extractors_it_holds(gallery):
    assert gallery.kinds == {}
    gallery.append(person_id(1), random_person(1, fingers=(), irises=(1,)))
    assert edition(gallery.kinds) == f"iris rekam-iris {random_person(1).iris('iris-1').version}"
