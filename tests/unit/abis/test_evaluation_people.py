import json

import numpy as np
import pytest

from rekam.abis.errors import ImpressionSetEmpty, TooFewParts
from rekam.abis.evaluate import evaluate_people
from rekam.abis.evaluation.fused import ScenarioReport, measure_people
from rekam.abis.evaluation.pictures import people_picture
from rekam.abis.evaluation.sets import sets_in
from rekam.abis.evaluation.virtual_people import SCENARIOS, Parts, Scenario, assembled
from rekam.abis.finger.extract import extract as extract_finger
from rekam.abis.iris.extract import extract as extract_iris
from rekam.abis.slots import SLOTS, Modality
from rekam.abis.synthetic.person import Person
from rekam.abis.synthetic.png import encode_png

TWO_AND_TWO = Scenario("two fingers, two irises", ("finger-2", "finger-7", "iris-1", "iris-2"))


@pytest.fixture(scope="module")
def parts():
    """Four fingers and two pairs of eyes of synthetic people, two impressions each."""
    fingers = {f"finger {seed}": [extract_finger(Person(seed).finger(2, k)) for k in (0, 1)] for seed in (1, 2, 3, 4)}
    eyes = {
        f"eyes {seed}": tuple([extract_iris(Person(seed).iris(side, k)) for k in (0, 1)] for side in (1, 2))
        for seed in (1, 2)
    }
    return Parts(fingers, eyes)


def many(count, fingers_each):
    """Parts without templates: for counting only."""
    return Parts(
        {str(i): [None, None] for i in range(count * fingers_each)}, {str(i): ([None], [None]) for i in range(count)}
    )


def test_every_finger_and_eye_is_used_once(parts):
    one, other = assembled(parts, TWO_AND_TWO, np.random.default_rng(1))
    assert len(one) == len(other) == 2
    used = [recording[slot].to_bytes() for person in (one, other) for recording in person for slot in recording]
    assert len(used) == len(set(used)) == 16


def test_the_same_seed_gives_the_same_people_and_another_seed_others(parts):
    def drawn(seed):
        return [[r.to_bytes() for r in person] for person in assembled(parts, TWO_AND_TWO, np.random.default_rng(seed))]

    assert drawn(1) == drawn(1)
    assert any(drawn(1) != drawn(seed) for seed in (2, 3, 4))


def test_so_many_people_as_the_scarcest_part_allows():
    parts = many(5, 10)
    told = {scenario.name: parts.people(scenario) for scenario in SCENARIOS}
    assert told["ten fingers, two irises"] == 5
    assert told["two irises"] == 5
    assert told["two fingers"] == 25
    assert Parts({}, parts.eyes).people(SCENARIOS[0]) == 0


def test_whole_people_are_found_and_strangers_are_not(parts):
    (report,) = measure_people(parts, scenarios=[TWO_AND_TWO], shuffles=2)
    assert (report.people, report.recordings, report.shuffles) == (2, 2, 2)
    told = report.to_map()
    assert told["second"] == {"unique": 0, "adjudicate": 0, "duplicate": 8}
    assert told["first"] == {"unique": 8, "adjudicate": 0, "duplicate": 0}
    assert min(report.own) > max(report.strangers)
    assert json.loads(json.dumps(told)) == told
    assert (
        0
        < told["predicted"]["fnir"]["low"]
        <= told["predicted"]["fnir"]["value"]
        <= told["predicted"]["fnir"]["high"]
        < 1
    )
    assert told["predicted"]["machine_fpir"]["value"] < told["predicted"]["fpir"]["value"] < 0.2


def test_a_nation_asks_for_more_evidence_than_a_village():
    report = ScenarioReport("made", 20, 2, 1, own=(-3.0, 10.0, 25.0, 60.0), strangers=(-3.0, 10.0))
    assert report.verdicts()["second"] == {"unique": 1, "adjudicate": 1, "duplicate": 2}
    assert report.verdicts(200_000_000)["second"] == {"unique": 2, "adjudicate": 1, "duplicate": 1}
    assert report.verdicts(200_000_000)["first"] == {"unique": 2, "adjudicate": 0, "duplicate": 0}


def test_missing_parts_are_missing_for_good_and_by_accident(parts):
    plenty = Parts({f"{name} {k}": own for name, own in parts.fingers.items() for k in range(5)}, parts.eyes)
    scenario = Scenario("parts missing", SLOTS, missing=True)
    one, other = assembled(plenty, scenario, np.random.default_rng(3))
    for person in (one, other):
        assert 0 < len({slot for recording in person for slot in recording}) < len(SLOTS)


def test_too_few_parts_are_told():
    with pytest.raises(TooFewParts, match="1 fingers and 0 pairs of eyes"):
        measure_people(Parts({"1": [None, None]}, {}))


@pytest.fixture
def folders(tmp_path):
    """fingers/set of four synthetic fingers, twice each; and a folder that holds no set."""
    folder = tmp_path / "fingers" / "made"
    folder.mkdir(parents=True)
    for seed in (1, 2, 3, 4):
        for k in (0, 1):
            (folder / f"{seed}_{k}.png").write_bytes(encode_png(Person(seed).finger(2, k)))
    (tmp_path / "notes").mkdir()
    return tmp_path


def test_sets_are_found_in_folders_of_folders(folders):
    (found,) = sets_in([folders])
    assert (found.name, found.modality, len(found.impressions)) == ("made", Modality.FINGER, 8)
    with pytest.raises(ImpressionSetEmpty, match="notes"):
        sets_in([folders / "notes"])


def test_people_are_made_from_folders_and_drawn(folders):
    reports = evaluate_people([folders], choice="classical", shuffles=1)
    assert [report.name for report in reports] == ["two fingers"]
    assert reports[0].verdicts()["second"]["unique"] == 0
    people_picture(reports, folders / "people.svg")
    assert b"two fingers: 2 people" in (folders / "people.svg").read_bytes()
    assert (folders / "people.svg").stat().st_size > 5_000
