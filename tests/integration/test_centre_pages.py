"""Who may see and do what on the centre's pages, asked for as a browser does."""

import threading

import pytest

from centre_desk import PASSWORD, busy, similar, staffed
from centre_examples import resident, town
from patience import PATIENCE_S
from rekam.centre.pages.words import likeness_of_people
from rekam.web.testing import PageClient

SITI, DEWI = resident(1, "SITI RAHMAWATI"), resident(2, "DEWI LESTARI")


@pytest.fixture(scope="module")
def crowded(tmp_path_factory):
    """One centre for the tests that only look."""
    with town(tmp_path_factory.mktemp("crowded") / "centre") as here:
        here.packets = busy(here)
        yield here


@pytest.fixture
def here(tmp_path):
    with town(tmp_path / "centre", SITI, DEWI) as here:
        yield here


@pytest.fixture
def signed_in():
    """`signed_in(here, "ahli-1")`: that person's browser."""
    opened = []

    def open_as(here, name):
        client = PageClient(staffed(here)).__enter__()
        opened.append(client)
        if name:
            assert client.post("/sign-in", {"name": name, "password": PASSWORD}).status_code == 303
        return client

    yield open_as
    for client in opened:
        client.__exit__(None, None, None)


def open_pages(packets):
    case, asked, held = packets["adjudication"], packets["validation"], packets["quarantine"]
    return {
        "everybody": ["/", "/board", "/cases", f"/cases/{case}", "/notices"],
        "ahli-1": [
            "/adjudications",
            f"/adjudications/{case}",
            f"/adjudications/{case}/decision?outcome=SAME_PERSON",
            f"/adjudications/{case}/images/record/photo",
            f"/adjudications/{case}/images/candidate/finger-7",
        ],
        "pusat": [
            "/validations",
            f"/validations/{asked}",
            f"/validations/{asked}/photo",
            "/quarantine",
            f"/quarantine/{held}",
        ],
    }


def test_who_is_not_signed_in_is_led_to_sign_in_and_back(crowded, signed_in):
    client = signed_in(crowded, None)
    for pages in open_pages(crowded.packets).values():
        for path in pages:
            answer = client.get(path)
            assert (path, answer.status_code) == (path, 303)
            assert answer.headers["location"].startswith("/sign-in?next=/")


@pytest.mark.parametrize(("name", "other"), [("ahli-1", "pusat"), ("pusat", "ahli-1")])
def test_each_role_opens_its_own_pages_and_no_others(crowded, signed_in, name, other):
    client, pages = signed_in(crowded, name), open_pages(crowded.packets)
    for path in pages["everybody"] + pages[name]:
        answer = client.get(path)
        assert (path, answer.status_code) == (path, 200)
        assert answer.headers["cache-control"] == "no-store"
    for path in pages[other]:
        assert (path, client.get(path).status_code) == (path, 403)


def test_lists_and_case_pages_hold_no_personal_data(crowded, signed_in):
    client = signed_in(crowded, "pusat")
    paths = ["/", "/cases", "/validations", "/quarantine"]
    paths += [f"/cases/{packet}" for packet in crowded.packets.values()]
    for path in paths:
        text = client.get(path).text
        for word in ("SITI", "DEWI", "RINI", "LIA", "317401570390", "317401 570390", "TEBET"):
            assert word not in text, (path, word)


def test_images_come_as_images_and_only_those_of_the_case(crowded, signed_in):
    client, case = signed_in(crowded, "ahli-1"), crowded.packets["adjudication"]
    photo = client.get(f"/adjudications/{case}/images/record/photo")
    assert photo.headers["content-type"] == "image/png"
    assert photo.content.startswith(b"\x89PNG")
    assert client.get(f"/adjudications/{case}/images/record/finger-7").status_code == 404, "only the earlier one has it"
    assert client.get(f"/adjudications/{case}/images/record/finger-99").status_code == 422
    assert client.get(f"/adjudications/{case}/images/other/photo").status_code == 422
    assert client.get(f"/adjudications/{crowded.packets['validation']}/images/record/photo").status_code == 404


def test_the_board_tells_what_is_where_and_that_the_sum_adds_up(crowded, signed_in):
    text = signed_in(crowded, "pusat").get("/board").text
    assert text.count("flow-stage flow-") == 8
    for words in ("1 menunggu ahli", "2 menunggu konfirmasi", "1 dalam karantina", "Jumlahnya cocok"):
        assert words in text


def test_cases_are_found_by_state_queue_and_the_beginning_of_their_number(crowded, signed_in):
    client = signed_in(crowded, "pusat")
    count = lambda path: client.get(path).text.count("<tr data-href")  # noqa: E731  # read as one word below
    assert count("/cases") == 8
    assert count("/cases?state=rejected") == 1
    assert count("/cases?queue=validation") == 2
    assert count("/cases?number=317401-01/1/00000") == 8
    assert count("/cases?number=317401-01/1/000002") == 1
    assert count("/cases?number=3273") == 0
    assert count("/cases?state=nonsense&queue=nonsense") == 8


def test_the_side_by_side_page_marks_differences_and_tells_likeness_in_words(crowded, signed_in):
    client, case = signed_in(crowded, "ahli-1"), crowded.packets["adjudication"]
    text = client.get(f"/adjudications/{case}").text
    assert text.count('<tr class="differs">') == 3
    [llr] = [one.llr for one in crowded.centre.adjudication.work_list("ahli-1") if one.packet_id == case]
    words = likeness_of_people(llr)[1]
    assert words in text
    assert words.startswith(("Mirip:", "Sangat mirip:"))
    assert "Rekaman baru atas NIK lain." in text
    client.post("/language", {"language": "en"})
    assert "One person or two?" in client.get(f"/adjudications/{case}").text


def test_whoever_opens_a_record_leaves_a_line(here, signed_in):
    case = similar(here, SITI, DEWI, 1)
    signed_in(here, "ahli-1").get(f"/adjudications/{case}")
    with here.centre.pool.connection() as connection:
        rows = connection.execute("SELECT staff, count(*) FROM viewing GROUP BY staff").fetchall()
    assert rows == [("ahli-1", 2)]


def test_the_list_loads_what_the_next_page_compares_with_and_an_empty_list_loads_nothing(
    crowded, signed_in, monkeypatch
):
    loaded = threading.Event()
    monkeypatch.setattr(crowded.centre.records, "prepare", loaded.set)
    signed_in(crowded, "ahli-1").get("/adjudications")
    assert loaded.wait(PATIENCE_S)
    loaded.clear()
    monkeypatch.setattr(crowded.centre.adjudication, "work_list", lambda _expert: [])
    signed_in(crowded, "ahli-1").get("/adjudications")
    assert not loaded.is_set()


def test_after_a_decision_comes_the_next_case_and_then_the_list(here, signed_in):
    first = similar(here, SITI, DEWI, 1)
    second = here.record(SITI, 2)
    here.work()
    client = signed_in(here, "ahli-1")
    answer = client.post(f"/adjudications/{first}/decision", {"outcome": "SAME_PERSON", "note": "iris"})
    assert answer.headers["location"] == f"/adjudications/{second}?said=noted"
    assert "Keputusan Anda tercatat." in client.get(answer.headers["location"]).text
    answer = client.post(f"/adjudications/{second}/decision", {"outcome": "DIFFERENT_PERSONS"})
    assert answer.headers["location"] == "/adjudications?said=noted"
    again = client.post(f"/adjudications/{second}/decision", {"outcome": "DIFFERENT_PERSONS"})
    assert again.status_code == 409
    assert "sudah tercatat" in again.text
    assert client.get(f"/adjudications/{second}/images/record/photo").status_code == 409
    other = signed_in(here, "ahli-2")
    answer = other.post(f"/adjudications/{second}/decision", {"outcome": "DIFFERENT_PERSONS"})
    assert answer.headers["location"] == f"/adjudications/{first}?said=closed"


def test_an_expert_who_recorded_one_of_the_two_is_told_so_calmly(here, signed_in):
    here.record(SITI, 1, operator="ahli-1")
    here.work()
    case = here.record(SITI, 2)
    here.work()
    client = signed_in(here, "ahli-1")
    for answer in (
        client.get(f"/adjudications/{case}"),
        client.post(f"/adjudications/{case}/decision", {"outcome": "SAME_PERSON"}),
    ):
        assert answer.status_code == 403
        assert "Anda rekam sendiri, jadi kasus ini untuk ahli lain" in answer.text
        assert "Tidak ada yang menunggu keputusan Anda" in answer.text
    assert client.get(f"/adjudications/{case}/images/record/photo").status_code == 403
    assert here.centre.casebook.page(case).outcome == ""


def test_a_form_from_another_site_decides_nothing(here, signed_in):
    case = similar(here, SITI, DEWI, 1)
    client = signed_in(here, "ahli-1")
    path, form = f"/adjudications/{case}/decision", {"outcome": "SAME_PERSON"}
    assert client.post(path, form, headers={"Origin": "http://evil.test"}).status_code == 403
    assert [line.votes for line in here.centre.adjudication.work_list("ahli-2")] == [0]


def test_an_answer_needs_a_name_and_is_noted_once(here, signed_in):
    packet = here.record(resident(9, "NIK BARU"), 3)
    here.work()
    client = signed_in(here, "pusat")
    refused = client.post(f"/validations/{packet}", {"answer": "CONFIRMED"})
    assert refused.status_code == 422
    assert "Tulis siapa di dinas yang menjawab" in refused.text
    form = {"answer": "CONFIRMED", "note": "Bu Rahayu, 10.15"}
    assert client.post(f"/validations/{packet}", form).headers["location"] == "/validations?said=answered"
    late = client.post(f"/validations/{packet}", form)
    assert late.status_code == 409
    assert "orang lain sudah lebih dulu" in late.text
    here.work()
    assert here.status(packet) == "PRINT_READY_RECORD"


def test_experts_publish_no_notice_and_a_notice_needs_its_indonesian_text(here, signed_in):
    form = {"text_id": "Blangko tiba hari Senin.", "text_en": "Blanks arrive on Monday."}
    assert signed_in(here, "ahli-1").post("/notices", form).status_code == 403
    client = signed_in(here, "pusat")
    assert client.post("/notices", {"text_en": "Blanks arrive on Monday."}).status_code == 422
    assert client.post("/notices", form).headers["location"] == "/notices?said=1"
    assert "Blangko tiba hari Senin." in client.get("/").text
    client.post("/language", {"language": "en"})
    assert "Blanks arrive on Monday." in client.get("/").text


def test_the_state_for_watchers_tells_counts_only(crowded, signed_in):
    state = signed_in(crowded, None).get("/api/state").json()
    assert state["adds_up"]
    assert (state["received"], state["quarantined"], state["rejected"], state["waiting"]) == (8, 1, 1, 3)


def test_a_number_that_has_not_come_and_a_number_used_twice_are_told_on_the_overview(here, signed_in):
    late = here.counter.seal_content([b"arrives later"])
    here.receive(*here.counter.seal_content([b"arrives first"]))
    [chain] = here.centre.casebook.broken_chains()
    assert (chain.station, chain.missing, chain.forked) == ("317401-01", 1, 0)
    page = signed_in(here, "pusat").get("/")
    assert "Nomor paket yang belum lengkap" in page.text
    here.receive(*late)
    assert here.centre.casebook.broken_chains() == []
    assert "Nomor paket yang belum lengkap" not in signed_in(here, "pusat").get("/").text
    here.counter.sequence -= 1
    here.receive(*here.counter.seal_content([b"another under the same number"]))
    assert here.centre.casebook.broken_chains()[0].forked == 1
