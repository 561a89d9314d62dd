"""The line's page at an office: in words what applies now, and a form that cannot be got wrong."""

from datetime import datetime

import pytest

from office_examples import world
from rekam.exchange.link_file import LinkFile
from rekam.exchange.link_policy import Applied, LinkPolicy, Window
from rekam.office.app import create_office_app
from rekam.trust.pin import Cost
from rekam.web.staff import InMemoryStaffStore, add_member
from rekam.web.testing import PageClient

PASSWORD = "empat kata tanpa makna"


@pytest.fixture
def link(tmp_path):
    return LinkFile(tmp_path, lambda: datetime.fromisoformat("2017-03-20T10:30"))


@pytest.fixture
def budi(tmp_path, link):
    with world(tmp_path / "office") as here:
        staff = InMemoryStaffStore(here.clock)
        add_member(staff, "budi", frozenset({"petugas dinas"}), PASSWORD, cost=Cost(64, 1, 1))
        with PageClient(create_office_app(here.office, staff, link=link)) as client:
            assert client.get("/link").headers["location"].startswith("/sign-in")
            client.post("/sign-in", {"name": "budi", "password": PASSWORD})
            yield client


def test_it_says_in_words_what_applies_now(budi, link):
    assert "Mengirim tanpa batas" in budi.get("/link").text
    link.keep(LinkPolicy(None, (Window(7 * 60, 18 * 60, 1064),)))
    assert "Mengirim dibatasi 1.064 kbit/s sampai pukul 18.00" in budi.get("/link").text
    link.keep(LinkPolicy(0))
    assert "Tidak mengirim" in budi.get("/link").text
    assert "Tidak mengirim" in budi.get("/system").text


def test_what_the_form_says_holds_at_once_and_stands_there_again(budi, link):
    form = {"limit": "", "start": ["7.00", "22:00", ""], "end": ["18.00", "4.00", ""], "kbit": ["64", "0", ""]}
    assert budi.post("/link", form).headers["location"] == "/link"
    assert link.policy() == LinkPolicy(None, (Window(420, 1080, 64), Window(1320, 240, 0)))
    assert link.applied().limit_kbit == 64
    page = budi.get("/link").text
    for shown in ('value="07.00"', 'value="18.00"', 'value="64"', 'value="22.00"', 'value="0"'):
        assert shown in page


@pytest.mark.parametrize(
    "form",
    [
        {"limit": "banyak", "start": [""], "end": [""], "kbit": [""]},
        {"limit": "", "start": ["25.00"], "end": ["18.00"], "kbit": ["64"]},
        {"limit": "", "start": ["07.00"], "end": ["07.00"], "kbit": ["64"]},
    ],
)
def test_what_cannot_be_meant_changes_nothing_and_is_told(budi, link, form):
    link.keep(LinkPolicy(128))
    answer = budi.post("/link", form)
    assert answer.status_code == 422
    assert "Tidak ada yang berubah" in answer.text
    assert link.applied() == Applied(128, None)
