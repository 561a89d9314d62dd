import json
import re
from datetime import date

import pytest

from rekam.abis.errors import LeaderNotReady
from rekam.abis.evaluation import results as gathering
from rekam.abis.evaluation.known import Provenance, peers_on, provenance_of, systems
from rekam.abis.evaluation.page import write_page
from rekam.abis.evaluation.results import gather
from rekam.abis.synthetic.person import Person
from rekam.abis.synthetic.png import encode_png

MEASURED_ON = date(2026, 11, 21)


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """Three synthetic fingers and the eyes of four synthetic people, two impressions each, under known sets' names."""
    sets = tmp_path_factory.mktemp("sets")
    for name in ("fvc2002_db1", "mmu1"):
        (sets / name).mkdir()
    for seed in (1, 2, 3):
        for k in (0, 1):
            (sets / "fvc2002_db1" / f"{seed}_{k}.png").write_bytes(encode_png(Person(seed).finger(2, k)))
    for seed in (1, 2, 3, 4):
        for side, number in (("L", 2), ("R", 1)):
            for k in (0, 1):
                (sets / "mmu1" / f"{seed}{side}_{k}.png").write_bytes(encode_png(Person(seed).iris(number, k)))

    def not_here(modality, choice):
        if choice == "leader":
            raise LeaderNotReady(reason="not in this test")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gathering, "extractor_of", not_here)
        return gather([sets], cache=None, shuffles=1, processes=1)


@pytest.fixture(scope="module")
def page(results, tmp_path_factory):
    folder = tmp_path_factory.mktemp("docs")
    return write_page(results, folder, MEASURED_ON)


def test_every_picture_of_the_page_is_there_and_every_file_is_on_the_page(page):
    text = page.read_text("utf-8")
    shown = set(re.findall(r"\]\((\w[\w-]*\.svg)\)", text))
    assert shown == {path.name for path in page.parent.glob("*.svg")}
    assert {"overview.svg", "det-finger.svg", "det-iris.svg", "discard.svg", "people.svg"} <= shown
    assert all((page.parent / name).stat().st_size > 5_000 for name in shown)


def test_the_page_says_what_was_measured_on_what(page):
    text = page.read_text("utf-8")
    assert text.startswith("# What the engine was measured at\n\n**Of ")
    assert "2026-11-21" in text
    assert "| fvc2002_db1 | rekam-classical" in text
    assert "mmu1 (even numbers: **reported**)" in text
    assert "people with odd numbers tuned on" in text
    assert "NBIS" in text
    assert re.search(r"\| two irises \| [\d.]+ % \([\d.]+ % to [\d.]+ %\) \|", text)
    assert "{{" not in text
    assert "/tmp" not in text


def test_people_are_made_of_what_was_not_tuned_on(results):
    assert results.people_of == ("fvc2002_db1", "mmu1 (even numbers)")
    assert [people.name for people in results.people] == ["two irises"]  # of persons 2 and 4; fingers make one person
    assert results.people[0].people == 2


def test_the_figures_stand_beside_the_page(page, results):
    told = json.loads((page.parent / "figures.json").read_text("utf-8"))
    assert [each["set"] for each in told["sets"]] == ["fvc2002_db1", "mmu1"]
    assert told["sets"][1]["halves"]["even"]["people"] == 2
    assert told["sets"][0]["eer"] == pytest.approx(results.sets[0].report.eer, rel=1e-5)
    assert told["people"][0]["scenario"] == "two irises"


def test_the_same_results_are_the_same_files(page, results, tmp_path):
    write_page(results, tmp_path, MEASURED_ON)
    for path in page.parent.iterdir():
        assert (tmp_path / path.name).read_bytes() == path.read_bytes(), path.name


def test_what_is_known_of_sets_is_told_by_name():
    assert provenance_of("fvc2004_db3").tuned
    assert not provenance_of("fvc2002_db3").tuned
    assert provenance_of("casia").odd_tuned
    assert provenance_of("somebody's") == Provenance(
        "*", "not one of the public sets this engine was made with", "reported; never tuned on", tuned=False
    )
    assert {peer.system for peer in peers_on("mmu1")} <= set(systems())
    assert all(
        0 <= peer.eer <= peer.fnmr + 0.02 for name in ("fvc2002_db1", "mmu1", "casia") for peer in peers_on(name)
    )
