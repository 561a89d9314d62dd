"""Real processes, two regencies: who was recorded in one is "already recorded" at a station of the other, which has no
line any more; and what the centre decides for one office takes effect at its station without touching the machine.
"""

import json
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import replace
from datetime import date

import httpx
import pytest

from patience import PATIENCE_S
from rekam.apps.provision import make_country
from rekam.drill.country import PlaceProcess, start_all, stop_all
from rekam.drill.demo import PIN, SUPERVISOR_PIN, demo_country, station_plan
from rekam.drill.ports import free_port
from rekam.enrolment.check import CheckAnswer
from rekam.enrolment.codes import packaged_lists
from rekam.enrolment.identifiers import OfficeId
from rekam.enrolment.sample import ALL_SLOTS, ExceptionReason
from rekam.exchange.machine_trust import machine_trust
from rekam.trust.pin import Cost

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("up")]

HERE, THERE = "317401-01", "327301-01"


class Counter:
    """An operator's calls at one station."""

    def __init__(self, place, station):
        self.client = httpx.Client(base_url=place.url, headers={"Origin": place.url}, timeout=PATIENCE_S)
        self.supervisor = {"supervisor": f"spv-{station}", "pin": SUPERVISOR_PIN}
        self.post("/api/sign-in", {"operator": f"op-{station}", "pin": PIN})

    def post(self, path, body):
        return self.client.post(path, json=body).raise_for_status().json()

    def state(self):
        return self.client.get("/api/state").raise_for_status().json()

    def version(self, name):
        return next((each["version"] for each in self.state()["master"] if each["name"] == name), None)

    def check(self, nik):
        told = self.post("/api/check", {"nik": nik})
        return told["answer"], told["source"]

    def record(self, nik):
        at = f"/api/sittings/{self.post('/api/sittings', {'nik': nik})['sitting_id']}"
        self.post(f"{at}/biodata", {})
        for slot in ("photo", "signature", "iris-1", "iris-2"):
            for attempt in range(1, 5):
                if self.post(f"{at}/capture", {"slot": slot, "forced": attempt == 4})["accepted"]:
                    break
        for slot in ALL_SLOTS:
            if str(slot).startswith("finger"):
                self.post(f"{at}/exception", {"slot": str(slot), "reason": ExceptionReason.WORN, **self.supervisor})
        return self.post(f"{at}/save", {"consent": True, **self.supervisor})["packet_id"]


def packaged_codes_with(title, code, name):
    lists = {each: body for each, body in packaged_lists().items() if "items" in body}
    lists[title] = {"items": [*lists[title]["items"], {"code": code, "name": name}]}
    return json.dumps(lists).encode()


def until(what, say):
    deadline = time.monotonic() + PATIENCE_S
    while not what():
        assert time.monotonic() < deadline, say
        time.sleep(0.2)


def centre_state(places):
    url = f"{places['centre'].url}/api/state"
    return httpx.get(url, timeout=PATIENCE_S, verify=machine_trust()).json()


@pytest.fixture
def country(tmp_path):
    folder = tmp_path / "country"
    plan = demo_country(date(2016, 10, 3))
    far = replace(
        plan.offices[0],
        office=OfficeId("3273"),
        name="Disdukcapil Kota Bandung",
        place="Bandung",
        stations=(station_plan("327301"),),
    )
    near = replace(plan.offices[0], stations=plan.offices[0].stations[:1])
    plan = replace(plan, offices=(near, far))
    make_country(folder, plan, cost=Cost(1024, 1, 1))

    def place(name, *arguments):
        data = ("--data", str(folder / name), "--keys", str(folder / "keys" / f"{name}.keys"))
        return PlaceProcess(name, (*arguments, *data), free_port(), tmp_path / f"{name}.log")

    centre = place("centre", "centre")
    places = {"centre": centre}
    for office, station in (("3174", HERE), ("3273", THERE)):
        places[office] = place(f"office-{office}", "office", "--centre", centre.url)
        places[station] = place(f"station-{station}", "station", "--office", places[office].url)
    with ExitStack() as stack:
        stack.callback(stop_all, reversed(places.values()))
        start_all(places.values())
        yield folder, places, plan


def at_the_centre(folder, command, *arguments):
    data = ["--data", str(folder / "centre"), "--keys", str(folder / "keys" / "centre.keys")]
    done = subprocess.run(
        [sys.executable, "-m", "rekam.apps.cli", "centre", command, *arguments, *data],
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_who_was_recorded_in_one_regency_is_already_recorded_at_an_offline_station_of_another(country, tmp_path):
    folder, places, plan = country
    adults = [one.nik for one in plan.residents if one.birth_date.year < 1998 and one.nik not in plan.recorded]
    nik, before = adults[0], plan.recorded[0]
    here, there = Counter(places[HERE], HERE), Counter(places[THERE], THERE)
    assert there.check(nik) == (CheckAnswer.NOT_RECORDED, "saringan nasional")
    assert there.check(before)[0] == CheckAnswer.PERHAPS_RECORDED

    here.record(nik)
    until(
        lambda: (state := centre_state(places))["received"] == 1 and state["in_stage"] == 0,
        "the centre did not finish",
    )
    assert there.check(nik)[0] == CheckAnswer.NOT_RECORDED, "nobody told that station yet"
    assert "Delta 1 of edition 1" in at_the_centre(folder, "publish-delta")
    assert "policy of 3273" in at_the_centre(folder, "publish-policy", "3273", "--suket", "off")
    until(lambda: there.state()["filter"]["delta"] == 1, "the delta did not come")
    until(lambda: there.version("policy/3273") == 1, "the policy did not come")
    lists = tmp_path / "lists.json"
    lists.write_bytes(packaged_codes_with("agama", 77, "KEPERCAYAAN BARU"))
    assert "Version 1 of the code lists" in at_the_centre(folder, "publish-codes", str(lists))
    assert "Edition 2" in at_the_centre(folder, "publish-filter")
    until(lambda: there.version("codelists") == 1, "the code lists did not come")
    until(lambda: there.state()["filter"]["edition"] == 2, "the new edition did not come")
    assert "policy/3273" in at_the_centre(folder, "in-force")

    places["3273"].kill()
    places["centre"].kill()
    places[THERE].kill()
    places[THERE].start()
    offline = Counter(places[THERE], THERE)
    assert offline.check(nik) == (CheckAnswer.PERHAPS_RECORDED, "saringan nasional")
    assert offline.check(before)[0] == CheckAnswer.PERHAPS_RECORDED
    own = offline.record(adults[1])
    refused = offline.client.post(f"/api/recordings/{own}/suket")
    assert (refused.status_code >= 400, "SuketSwitchedOff" in refused.text) == (True, True), refused.text
    assert here.version("policy/3174") == 0
    for counter in (here, there, offline):
        counter.client.close()
