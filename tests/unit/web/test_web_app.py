import json
from datetime import UTC, datetime, timedelta
from typing import Annotated

import pytest
import structlog
from fastapi import APIRouter, Depends
from starlette.requests import Request

from rekam.enrolment.errors import RekamError
from rekam.storage.errors import MissingDatabase
from rekam.trust.clock import SteppedClock
from rekam.web.app import create_app
from rekam.web.page import render
from rekam.web.site import BarState, MenuItem, Notice, Person, Site
from rekam.web.staff import require
from rekam.web.testing import PageClient


class QueueClosed(RekamError):
    """Queue number {number} is closed. Nothing was changed; take a new number."""


router = APIRouter()


@router.get("/residents/{nik}")
def a_resident(nik: str):
    raise ValueError(f"{nik} broke it")


@router.get("/closed")
def closed():
    raise QueueClosed(number=12)


@router.get("/down")
def down():
    raise MissingDatabase(reason="gone")


@router.get("/inside")
def inside(request: Request, _person: Annotated[Person, Depends(require())]):
    return render(request, "shared/look.html")


@router.post("/change")
def change():
    return {"changed": True}


def office(**changes):
    facts = {"kind": "office", "name": "Rekam Kantor", "place": "Kota Denpasar", "clock": SteppedClock()} | changes
    return Site(**facts)


@pytest.fixture
def client():
    with PageClient(create_app(office(), routers=[router], development=True)) as client:
        yield client


def test_every_answer_carries_the_protective_headers_and_is_kept_nowhere(client):
    for path in ("/look", "/closed", "/nowhere", "/health", "/residents/5171042304880002"):
        headers = client.get(path).headers
        assert "script-src 'self';" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cache-control"] == "no-store"


def test_pages_hold_no_inline_script_or_style(client):
    for path in ("/look", "/look/sitting", "/nowhere"):
        page = client.get(path).text
        assert "<style" not in page
        assert " style=" not in page
        assert " onclick" not in page
        assert all("src=" in tag for tag in page.split("<script")[1:])


def test_an_asset_is_kept_for_ever_under_its_version_and_not_without_it(client):
    page = client.get("/look").text
    address = page.split('rel="stylesheet" href="')[1].split('"')[0]
    assert "?v=" in address
    assert "immutable" in client.get(address).headers["cache-control"]
    assert client.get(address.partition("?")[0]).headers["cache-control"] == "no-store"


def test_a_place_serves_its_own_assets_beside_the_common_ones(tmp_path):
    (tmp_path / "stamp.svg").write_text("<svg/>")
    with PageClient(create_app(office(), assets=tmp_path)) as client:
        assert client.get("/assets/office/stamp.svg").text == "<svg/>"
        assert client.get("/assets/mark.svg").status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": "http://rekam.test:81"},
    ],
)
def test_a_form_from_another_site_changes_nothing(client, headers):
    answer = client.post("/change", headers=headers)
    assert answer.status_code == 403
    assert "situs lain" in answer.text


def test_a_form_from_the_place_itself_is_accepted(client):
    assert client.post("/change").json() == {"changed": True}


def test_an_error_is_told_on_a_page_in_the_readers_language(client):
    told = client.get("/closed")
    assert told.status_code == 422
    assert "Queue number 12 is closed" in told.text  # no catalogue knows this test's own error
    assert client.post("/language", {"language": "en", "back": "/look"}).headers["location"] == "/look"
    assert "This cannot go on" in client.get("/closed").text


def test_a_program_gets_the_error_as_problem_json(client):
    told = client.get("/closed", headers={"Accept": "application/json"})
    assert told.headers["content-type"] == "application/problem+json"
    assert told.json()["title"] == "QueueClosed"
    assert told.json()["detail"].startswith("Queue number 12")


def test_htmx_gets_an_error_as_a_part_of_the_page(client):
    told = client.get("/closed", headers={"HX-Request": "true"}).text
    assert "Queue number 12" in told
    assert "<html" not in told


def test_a_store_that_is_down_is_an_interruption_and_not_a_mistake_of_the_reader(client):
    assert client.get("/down").status_code == 503


def test_the_unforeseen_gives_a_calm_page_and_a_log_line_without_personal_data():
    with structlog.testing.capture_logs() as lines, PageClient(create_app(office(), routers=[router])) as client:
        answer = client.get("/residents/5171042304880002")
    incident = next(line for line in lines if line["event"] == "incident")
    assert answer.status_code == 500
    assert incident["incident"] in answer.text
    assert "ValueError" not in answer.text
    assert incident["route"] == "/residents/{nik}"
    assert incident["error"] == "ValueError"
    assert "5171042304880002" not in json.dumps(lines)


def test_who_is_not_signed_in_is_led_to_sign_in_and_back(client):
    assert client.get("/inside?page=2").headers["location"] == "/sign-in?next=/inside%3Fpage%3D2"
    assert client.get("/inside", headers={"HX-Request": "true"}).headers["hx-redirect"] == "/sign-in"
    assert client.get("/inside", headers={"Accept": "application/json"}).status_code == 401


@pytest.mark.parametrize("back", ["https://elsewhere.example", "//elsewhere.example", "/\\elsewhere.example", "look"])
def test_the_language_switch_leads_nowhere_else(client, back):
    assert client.post("/language", {"language": "en", "back": back}).headers["location"] == "/"


def test_the_whole_page_speaks_the_chosen_language(client):
    assert '<html lang="id">' in client.get("/look").text
    client.post("/language", {"language": "en"})
    page = client.get("/look").text
    assert '<html lang="en">' in page
    assert "Work list" in page
    assert "Daftar kerja" not in page


def test_health_names_what_fails():
    wells = {"database": True}
    app = create_app(office(), checks={"database": lambda: wells["database"]})
    with PageClient(app) as client:
        assert client.get("/health").json()["checks"] == {"database": True}
        wells["database"] = False
        assert client.get("/health").status_code == 503


def test_metrics_count_routes_and_never_name_residents(client):
    client.get("/residents/5171042304880002")
    text = client.get("/metrics").text
    assert 'rekam_http_answers_total{method="GET",route="/residents/{nik}",status="500"} 1.0' in text
    assert "5171042304880002" not in text


def test_the_bottom_bar_tells_connection_backlog_notice_and_time():
    clock = SteppedClock(datetime(2017, 3, 20, 7, 5, tzinfo=UTC))
    notice = Notice("Server pusat mati", clock.wall())
    bar = BarState(connected=False, unsent=1234, oldest=timedelta(days=3))
    site = office(kind="station", clock=clock, bar=lambda: bar, newest_notice=lambda: notice)
    with PageClient(create_app(site)) as client:
        told = client.get("/bar").text
    for part in ("Tidak tersambung", "1.234 belum terkirim", "tertua 3 hari", "Server pusat mati", "14.05 WIB"):
        assert part in told


def test_a_station_that_has_not_heard_yet_does_not_say_that_it_is_cut_off():
    site = office(kind="station", bar=lambda: BarState(connected=False, unsent=0, asking=True))
    with PageClient(create_app(site)) as client:
        told = client.get("/bar").text
    assert "Menghubungi Disdukcapil" in told
    assert "Tidak tersambung" not in told


def test_the_menu_shows_what_the_persons_roles_open():
    class Expert:
        name = "wayan"
        roles = frozenset({"ahli"})

    menu = (MenuItem("/", "Daftar"), MenuItem("/secret", "Putuskan", frozenset({"ahli"})))
    signed_in = create_app(office(menu=menu, identify=lambda _request: Expert()), development=True)
    signed_out = create_app(office(menu=menu), development=True)
    with PageClient(signed_in) as one, PageClient(signed_out) as other:
        assert 'href="/secret"' in one.get("/look").text
        assert 'href="/secret"' not in other.get("/look").text


def test_a_menu_entry_is_current_on_its_page_and_on_every_page_below_it():
    start = MenuItem("/", "Rekam", below=("/sittings",))
    queue = MenuItem("/queue", "Antrean", below=("/plan",))
    assert [start.leads_to(path) for path in ("/", "/sittings/7", "/queue", "/sittingsx")] == [True, True, False, False]
    assert [queue.leads_to(path) for path in ("/queue", "/queue/7", "/plan", "/plan/2", "/queues", "/")] == [
        *[True] * 4,
        *[False] * 2,
    ]


def test_the_gallery_is_not_served_in_operation():
    with PageClient(create_app(office())) as client:
        assert client.get("/look").status_code == 404
