from dataclasses import replace

import pytest

from rekam.drill.demo import PIN, SUPERVISOR_PIN
from rekam.enrolment.sample import ALL_SLOTS, Slot
from rekam.exchange.corrections import Correction
from rekam.station.residents import Heard
from station_counter import OPERATOR, SUPERVISOR


@pytest.fixture
def ask(counter):
    """POSTs JSON, or GETs without a body; gives the answer."""
    import asyncio

    import httpx

    runner = asyncio.Runner()
    transport = httpx.ASGITransport(counter.app())
    client = httpx.AsyncClient(
        transport=transport, base_url="http://rekam.test", headers={"Origin": "http://rekam.test"}
    )

    def call(path, body=None):
        return runner.run(client.get(path) if body is None else client.post(path, json=body))

    yield call
    runner.run(client.aclose())
    runner.close()


@pytest.fixture
def desk(ask):
    assert ask("/api/sign-in", {"operator": OPERATOR, "pin": PIN}).json() == {"operator": OPERATOR, "role": "operator"}
    return ask


def test_the_state_is_told_to_everybody_and_everything_else_to_the_signed_in_alone(ask, counter):
    assert ask("/api/state").json() == {"open": False}
    for path, body in (("/api/check", {"nik": "1"}), ("/api/sittings", {"nik": "1"}), ("/api/recordings", None)):
        answer = ask(path, body)
        assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")
        assert answer.json()["title"] == "NotSignedIn"
    counter.sign_in()
    state = ask("/api/state").json()
    assert (state["open"], state["unsent"], state["recordings"], state["drafts"]) == (True, 0, 0, 0)


def test_a_whole_sitting_by_calls_alone(desk, counter):
    nik = counter.adults()[0].nik
    assert desk("/api/check", {"nik": nik}).json()["answer"] == "not-recorded"
    opened = desk("/api/sittings", {"nik": nik}).json()
    at = f"/api/sittings/{opened['sitting_id']}"
    assert (opened["step"], opened["needs_reason"], opened["warnings"]) == ("biodata", False, [])
    assert desk(f"{at}/biodata", {"confirmed": True}).json()["step"] == "photo"
    for slot in ALL_SLOTS:
        if slot.modality == "finger" and slot != Slot.parse("finger-2"):
            given = {"slot": str(slot), "reason": "worn", "supervisor": SUPERVISOR, "pin": SUPERVISOR_PIN}
            assert desk(f"{at}/exception", given).json()["slots"][str(slot)]["state"] == "exception"
            continue
        for attempt in range(1, 5):
            taken = desk(f"{at}/capture", {"slot": str(slot), "forced": attempt == 4}).json()
            if taken.get("accepted"):
                break
        assert taken["accepted"], slot
        assert {"quality", "reasons", "needed", "attempts", "warnings", "needs_reason"} <= set(taken)
    assert desk(at).json()["step"] == "review"
    refused = desk(f"{at}/save", {"consent": True})
    assert (refused.status_code, refused.json()["title"]) == (422, "SupervisorMustSign")
    given = {"consent": True, "supervisor": SUPERVISOR, "pin": SUPERVISOR_PIN}
    saved, again = (desk(f"{at}/save", given).json() for _ in range(2))
    assert saved == again
    assert saved["number"] == "317401-01/1/000001"
    (listed,) = desk("/api/recordings").json()
    assert (listed["packet_id"], listed["status"], listed["custody"], listed["accepted"]) == (
        saved["packet_id"],
        "PROCESSING",
        False,
        False,
    )
    assert desk(f"/api/recordings/{saved['packet_id']}/proof", {}).content.startswith(b"%PDF")


@pytest.mark.parametrize(
    ("path", "body", "status", "title"),
    [
        ("/api/sittings", {"nik": "123"}, 422, "InvalidNik"),
        ("/api/sittings", {"nik": "3174010101900099"}, 422, "NotInExtract"),
        ("/api/sittings/" + "0" * 32 + "/save", {"consent": True}, 404, "UnknownSitting"),
        ("/api/recordings/" + "0" * 64 + "/proof", {}, 404, "UnknownRecording"),
        ("/api/sign-in", {"operator": "nobody", "pin": "1"}, 401, "UnknownOperator"),
        ("/api/sign-in", {"operator": OPERATOR, "pin": "1"}, 401, "WrongPin"),
    ],
    ids=["impossible NIK", "unknown NIK", "unknown sitting", "unknown recording", "unknown operator", "wrong PIN"],
)
def test_refusals_are_problems_with_a_sentence(desk, path, body, status, title):
    answer = desk(path, body)
    problem = answer.json()
    assert answer.status_code == status
    assert problem["title"].startswith(title) or title == "InvalidNik"
    assert problem["detail"].endswith(".")


def test_an_operator_confirms_no_exception(desk, counter):
    at = "/api/sittings/" + desk("/api/sittings", {"nik": counter.adults()[0].nik}).json()["sitting_id"]
    given = {"slot": "finger-1", "reason": "amputated", "supervisor": OPERATOR, "pin": PIN}
    assert desk(f"{at}/exception", given).json()["title"] == "NotASupervisor"
    assert desk(at).json()["slots"] == {}


def test_recordings_come_in_pages_newest_first_and_none_twice(desk, counter):
    saved = [counter.save(person.nik).packet_id for person in counter.adults(3)]
    seen, before = [], ""
    while page := desk(f"/api/recordings?limit=2&before={before}").json():
        seen += [one["packet_id"] for one in page]
        before = seen[-1]
    assert seen == saved[::-1]
    found = desk(f"/api/recordings?query=317401&limit=1&before={saved[2]}").json()
    assert [one["packet_id"] for one in found] == [saved[1]]
    assert desk("/api/recordings?before=unknown").json() == []
    assert desk("/api/recordings?limit=101").status_code == 422


def test_a_sitting_is_referred_and_goes_on_with_what_the_office_corrected_by_calls_alone(desk, counter):
    person = counter.adults()[0]
    opened = desk("/api/sittings", {"nik": person.nik}).json()
    at, right = f"/api/sittings/{opened['sitting_id']}", replace(person, name="SITI RAHAYU")
    assert (opened["name"], opened["newer"]) == (person.name, None)
    given = {"said": {"name": right.name}, "shown": ["kk"]}
    referred = [desk(f"{at}/referral", given).json() for _ in range(2)]
    assert referred == [{"number": "317401-01/1/R0001", "key": "1-1"}] * 2
    assert desk("/api/corrections", {}).json() == {"corrected": 0}  # no way to an office
    counter.station.here.residents.correct([Heard(Correction(1, right), b"")], "2026-11-21T02:00:00+00:00")
    newer = desk("/api/sittings", {"nik": person.nik}).json()["newer"]
    assert newer["name"] == right.name
    unread = desk(f"{at}/biodata", {})
    assert (unread.status_code, unread.json()["title"]) == (422, "BiodataChanged")
    confirmed = [desk(f"{at}/biodata", {"seen": newer["mark"]}).json() for _ in range(2)]
    assert {one["name"] for one in confirmed} == {right.name}
    assert desk(at).json()["newer"] is None
