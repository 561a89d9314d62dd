"""The centre's pages in a real browser: two experts decide one case, staff answer, release and publish, axe finds
nothing.
"""

import pytest

from axe import flaws
from centre_desk import busy, confirmed_after_end, served, sign_in, spoil
from centre_examples import town
from patience import PATIENCE_MS
from rekam.exchange.feed import office_feed

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}


@pytest.fixture(scope="module")
def crowded(tmp_path_factory):
    """One centre for the tests that only look."""
    with town(tmp_path_factory.mktemp("crowded") / "centre") as here:
        here.packets = busy(here)
        here.packets["ended"] = confirmed_after_end(here)
        with served(here) as address:
            yield here, address


@pytest.fixture
def fresh(tmp_path):
    """A centre of one's own for a test that decides something."""
    with town(tmp_path / "centre") as here:
        here.packets = busy(here)
        with served(here) as address:
            yield here, address


def opened(chromium):
    page = chromium.new_page()
    page.complaints = []
    page.on("console", lambda message: page.complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    return page


def follow(page, menu_item, key):
    """A list of the menu, and the key that opens its oldest case."""
    page.get_by_role("link", name=menu_item, exact=True).click()
    page.get_by_role("heading", name=menu_item, exact=True).wait_for()
    page.wait_for_load_state("load")  # the keys work once the script has run
    page.keyboard.press(key)


def paths(packets):
    case, held, asked = packets["adjudication"], packets["quarantine"], packets["validation"]
    return {
        "ahli-1": [
            "/",
            "/adjudications",
            f"/adjudications/{case}",
            f"/adjudications/{case}/decision?outcome=SAME_PERSON",
            f"/cases/{case}",
        ],
        "pusat": [
            "/cases",
            "/cases?state=rejected",
            "/validations",
            f"/validations/{asked}",
            "/quarantine",
            f"/quarantine/{held}",
            f"/quarantine/{packets['ended']}",
            "/key-ends",
            "/witnesses",
            "/twin",
            "/reconciliation",
            "/courier",
            "/system",
            "/notices",
        ],
    }


@pytest.mark.parametrize("name", ["ahli-1", "pusat"])
@pytest.mark.parametrize(
    ("scheme", "viewport"), [("light", DESK), ("dark", DESK), ("light", PHONE)], ids=["light", "dark", "phone"]
)
def test_axe_finds_no_violation_and_no_page_is_wider_than_its_screen(chromium, crowded, name, scheme, viewport):
    here, address = crowded
    page = opened(chromium)
    page.emulate_media(color_scheme=scheme)
    sign_in(page, address, name)
    page.set_viewport_size(viewport)
    for path in paths(here.packets)[name]:
        page.goto(address + path)
        assert (path, flaws(page)) == (path, [])
        assert page.evaluate("document.documentElement.scrollWidth") == viewport["width"], path
    assert page.complaints == []


def test_two_experts_decide_one_case_and_the_result_goes_down(browser, fresh):
    here, address = fresh
    packet_id = here.packets["adjudication"]
    for name in ("ahli-1", "ahli-2"):
        context = browser.new_context(viewport=DESK, locale="id-ID")
        context.set_default_timeout(PATIENCE_MS)
        page = opened(context)
        sign_in(page, address, name)
        follow(page, "Keputusan ahli", "P")
        page.get_by_role("heading", name="Satu orang atau dua?").wait_for()
        shown = page.locator(".slots img:visible")  # one that has not come yet has no size, and is not visible
        shown.nth(5).wait_for()
        assert shown.count() == 6  # photo, signature and one iris, of two recordings
        assert all(image.evaluate("image => image.naturalWidth > 0") for image in shown.all())
        assert page.locator("tr.differs").count() == 3  # NIK, name, birth place
        page.keyboard.press("S")
        page.get_by_role("heading", name="Orang yang sama?").wait_for()
        page.wait_for_load_state("load")
        page.keyboard.press("Enter")
        page.get_by_text("Keputusan Anda tercatat.").wait_for()
        page.get_by_text("Tidak ada yang menunggu keputusan Anda").wait_for()
        assert page.complaints == []
        page.goto(f"{address}/adjudications/{packet_id}")
        assert "sudah tercatat, atau kasusnya sudah ditutup" in page.inner_text(".banner-warning")
        assert "ahli-1" not in page.inner_text("main")
        context.close()
    here.work()
    assert here.status(packet_id) == "DUPLICATE_RECORD"
    assert here.centre.feed.after(office_feed("3174"), 0) is not None


def test_staff_note_an_answer_release_a_case_and_publish_a_notice(chromium, fresh):
    here, address = fresh
    page = opened(chromium)
    sign_in(page, address, "pusat")
    follow(page, "Konfirmasi", "K")
    page.get_by_role("button", name="Catat jawaban").click()
    page.get_by_role("link", name="Pilih jawaban dinas").click()
    assert "status of 422" in page.complaints.pop()  # chromium notes the refused form
    page.get_by_label("Rekaman stasiun benar", exact=False).first.check()
    page.get_by_label("Siapa yang menjawab").fill("Bu Rahayu, kepala seksi, pukul 10.15")
    page.get_by_role("button", name="Catat jawaban").click()
    page.get_by_text("Jawaban dinas tercatat").wait_for()

    spoil(here, here.packets["quarantine"])  # the disk is well again
    follow(page, "Karantina", "P")
    page.get_by_role("button", name="Lanjutkan kasus").click()
    page.get_by_text("Karantina kosong").wait_for()

    page.get_by_role("link", name="Pengumuman", exact=True).click()
    page.get_by_label("Pengumuman, bahasa Indonesia").fill("Blangko tiba hari Senin.")
    page.get_by_role("button", name="Terbitkan").click()
    page.get_by_text("Pengumuman 2 diterbitkan").wait_for()
    page.locator(".banners").get_by_text("Blangko tiba hari Senin.").wait_for()
    here.work()
    assert here.status(here.packets["validation"]) == "PRINT_READY_RECORD"
    assert here.status(here.packets["quarantine"]) == "REQUEST_VALIDATION"  # nobody knows LIA's NIK
    assert page.complaints == []


def test_the_board_renews_itself_and_speaks_english(chromium, fresh):
    here, address = fresh
    page = opened(chromium)
    sign_in(page, address, "pusat")
    assert page.locator(".flow-stage").count() == 8
    assert "Jumlahnya cocok" in page.inner_text("main")
    before = page.locator(".sum-part-whole .sum-value").inner_text()
    here.work()
    page.get_by_role("button", name="English").click()
    page.get_by_text("The sum adds up").wait_for()
    here.receive(*here.counter.seal_content([b"one more"]))
    with page.expect_response("**/board"):
        pass
    page.get_by_text(str(int(before) + 1), exact=True).first.wait_for()
    assert page.complaints == []
