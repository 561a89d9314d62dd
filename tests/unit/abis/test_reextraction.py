import subprocess
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest

from abis_examples import person_id, random_person
from rekam.abis.engine import Engine
from rekam.abis.errors import ImagesUnavailable, LeaderNotReady, NotInGallery
from rekam.abis.gallery import Gallery
from rekam.abis.gallery_memory import MemoryGallery
from rekam.abis.reextraction import re_extract
from rekam.abis.synthetic.person import Person
from rekam.abis.synthetic.png import encode_png
from rekam.abis.template_set import TemplateSet

BLANK = encode_png(np.full((240, 320), 128, np.uint8))


@dataclass
class Pictures:
    """Images by id and slot; an id that is absent has lost its images."""

    held: dict[bytes, dict[str, bytes]]
    asked: list[bytes] = field(default_factory=list)

    def images(self, id_: bytes) -> dict[str, bytes]:
        self.asked.append(id_)
        try:
            return self.held[id_]
        except KeyError:
            raise NotInGallery(id=id_.hex()) from None


@pytest.fixture(scope="module")
def eyes() -> dict[bytes, dict[str, bytes]]:
    return {person_id(number): {"iris-1": encode_png(Person(number).iris("right"))} for number in range(1, 4)}


def old_gallery(numbers) -> MemoryGallery:
    """Templates of an extractor that is no more."""
    old = MemoryGallery()
    for number in numbers:
        person = random_person(number, fingers=(), irises=(1,))
        old.append(person_id(number), TemplateSet({slot: replace(made, version=0) for slot, made in person.items()}))
    return old


def test_every_record_is_made_anew_and_the_old_ones_are_only_read(eyes):
    old, new, seen = old_gallery([1, 2, 3]), MemoryGallery(), []
    report = re_extract(old, Pictures(eyes), Engine(), new, lambda done, total: seen.append((done, total)))
    assert (report.complete, report.records, report.made, report.lost) == (True, 3, 3, {})
    assert new.kinds == {"iris": Engine().kinds["iris"]}
    assert old.get(person_id(1)).iris("iris-1").version == 0
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_a_second_run_makes_only_what_is_missing(eyes):
    old, new, pictures = old_gallery([1, 2]), MemoryGallery(), Pictures(eyes)
    re_extract(old, pictures, Engine(), new)
    old.append(person_id(3), TemplateSet({"iris-1": replace(random_person(3)["iris-1"], version=0)}))
    pictures.asked.clear()
    report = re_extract(old, pictures, Engine(), new)
    assert (report.made, report.there_before, pictures.asked) == (1, 2, [person_id(3)])


def test_a_store_that_is_away_empties_no_gallery(eyes):
    numbers = list(range(1, 15))
    new = MemoryGallery()
    with pytest.raises(ImagesUnavailable, match=r"13 of 14 records cannot be had \(NotInGallery\)"):
        re_extract(old_gallery(numbers), Pictures({person_id(1): eyes[person_id(1)]}), Engine(), new)
    assert new.ids() == (person_id(1),)
    back = Pictures({person_id(number): eyes[person_id(1)] for number in numbers})
    assert re_extract(old_gallery(numbers), back, Engine(), new).made == 13


def test_an_extractor_that_is_not_ready_loses_no_record(eyes):
    class NotReady:
        name, version = "leader", 1

        def extract(self, image):
            raise LeaderNotReady(reason="its weights are gone")

    new = MemoryGallery()
    prints = Pictures({person_id(1): {"finger-1": next(iter(eyes[person_id(1)].values()))}})
    with pytest.raises(LeaderNotReady):
        re_extract(old_gallery([1]), prints, Engine(NotReady()), new)
    assert new.ids() == ()


def test_what_is_less_than_before_is_told_with_its_reason(eyes):
    pictures = Pictures({person_id(1): {"iris-1": BLANK}, person_id(2): eyes[person_id(2)]})
    new = MemoryGallery()
    report = re_extract(old_gallery([1, 2, 3]), pictures, Engine(), new)
    assert report.complete
    assert set(report.lost) == {person_id(1), person_id(3)}
    assert report.lost[person_id(1)]["iris-1"] in {"WrongKindOfImage", "ExtractionFailed"}
    assert report.lost[person_id(3)] == {"iris-1": "NotInGallery"}
    again = re_extract(old_gallery([1, 2, 3]), pictures, Engine(), new)
    assert set(again.lost) == set(report.lost)


def test_a_gallery_that_holds_other_kinds_already_is_not_complete(eyes):
    old = old_gallery([1])
    report = re_extract(old, Pictures(eyes), Engine(), old)
    assert report.absent == [person_id(1)]


WORK = """
import sys
sys.path.insert(0, "tests")
from pathlib import Path
from rekam.abis.engine import Engine
from rekam.abis.gallery import Gallery
from rekam.abis import reextraction
from unit.abis.test_reextraction import FolderPictures, old_gallery
from abis_seal import XorSeal
reextraction.FLUSH_EVERY = 2
pictures = FolderPictures(Path(sys.argv[1]))
with Gallery.open(Path(sys.argv[2]), XorSeal(b"k")) as new:
    def progress(done, total):
        print(done, flush=True)
    report = reextraction.re_extract(old_gallery(range(1, 9)), pictures, Engine(), new, progress)
    print("there before", report.there_before, report.complete, flush=True)
"""


@dataclass
class FolderPictures:
    folder: Path

    def images(self, id_: bytes) -> dict[str, bytes]:
        return {"iris-1": (self.folder / f"{id_.hex()}.png").read_bytes()}


@pytest.mark.slow
def test_a_run_killed_again_and_again_comes_to_the_same_end(tmp_path):
    from abis_seal import XorSeal

    for number in range(1, 9):
        (tmp_path / f"{person_id(number).hex()}.png").write_bytes(encode_png(Person(number).iris("right")))
    command = [sys.executable, "-c", WORK, str(tmp_path), str(tmp_path / "new")]
    for kill_after in (1, 3, 6):
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as run:
            for line in run.stdout:
                if line.strip() == str(kill_after):
                    run.kill()
    ended = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    there_before, complete = ended[-1].split()[2:]
    assert complete == "True"
    assert int(there_before) >= 4
    whole = MemoryGallery()
    re_extract(old_gallery(range(1, 9)), FolderPictures(tmp_path), Engine(), whole)
    with Gallery.open(tmp_path / "new", XorSeal(b"k")) as made:
        assert {id_: made.get(id_) for id_ in made.ids()} == {id_: whole.get(id_) for id_ in whole.ids()}
