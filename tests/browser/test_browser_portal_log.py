"""A resident's phone checks by itself that the recording is in the public log; nothing of the proof leaves it."""

import json
from base64 import urlsafe_b64encode

import pytest

from axe import flaws
from patience import PATIENCE_MS
from portal_log import SALT, portal_world
from rekam.portal.app import create_portal_app
from rekam.trust.log.code import log_code

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
CHECKED = ["commitment", "inclusion", "signature", "witnesses"]


@pytest.fixture(scope="module")
def here():
    with portal_world() as made:
        made.accept()
        yield made


@pytest.fixture
def address(here, serve):
    with serve(create_portal_app(here.portal)) as address:
        yield address


@pytest.fixture
def page(chromium):
    page = chromium.new_page()
    page.set_viewport_size(PHONE)
    page.complaints, page.asked = [], []
    page.on("console", lambda message: page.complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("request", lambda request: page.asked.append(request.url + (request.post_data or "")))
    return page


def coded(data):
    return urlsafe_b64encode(data).decode().rstrip("=")


def link(address, here, salt=SALT):
    return f"{address}/bukti#{here.packet.number}/{coded(bytes.fromhex(here.packet.id))}/{coded(salt)}"


def checks(page):
    shown = page.locator("#answer [data-check]:not([hidden])")
    return shown.evaluate_all("lines => lines.map((line) => line.dataset.check)")


def test_the_link_of_a_proof_is_checked_on_the_phone_and_nothing_of_it_is_sent(page, address, here):
    page.goto(link(address, here))
    page.wait_for_selector("#answer [data-verified]:not([hidden])")
    assert page.inner_text("#answer .answer-heading") == "Diterima di pusat data"
    assert page.inner_text("#answer [data-fill=position]") == "700"
    assert checks(page) == CHECKED
    assert page.inner_text("#answer [data-fill=names]") == "Disdukcapil Kota Bandung, Sudin Dukcapil Jakarta Selatan"
    sent = " ".join(page.asked)
    for secret in (here.packet.number, here.packet.id, coded(bytes.fromhex(here.packet.id)), coded(SALT), SALT.hex()):
        assert secret not in sent.replace(page.url, "")
    assert page.complaints == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_the_typed_code_is_answered_by_the_portal_and_checked_on_the_phone(page, address, here):
    page.goto(address + "/bukti")
    page.fill("#code", log_code(here.entry).lower())
    page.keyboard.press("Enter")
    page.wait_for_selector("#answer [data-verified]:not([hidden])")
    assert checks(page) == CHECKED[1:]


def test_a_recording_that_is_not_in_the_log_is_told_calmly_with_its_station(page, address, here):
    page.goto(link(address, here, salt=bytes(16)))
    page.wait_for_selector("#answer .answer-heading")
    assert page.inner_text("#answer .answer-heading").startswith("Belum diterima pusat data per ")
    assert "317401-01" in page.inner_text("#answer")
    assert "Tidak perlu merekam ulang" in page.inner_text("#answer")


def lying(page, change):
    """The portal's answer, changed on its way."""

    def answer(route):
        told = route.fetch().json()
        change(told["found"][0])
        route.fulfill(body=json.dumps(told), content_type="application/json")

    page.route("**/api/log/*", answer)


LIES = {
    "another position": lambda found: found.update(position=701),
    "a path cut short": lambda found: found["proof"]["path"].pop(),
    "a path too long": lambda found: found["proof"]["path"].append(found["proof"]["path"][0]),
    "another entry": lambda found: found.update(entry="00" * 32),
    "a larger log": lambda found: found["proof"].update(note=found["proof"]["note"].replace("\n1000\n", "\n1001\n")),
    "a signature changed": lambda found: found["proof"].update(note=found["proof"]["note"][:-9] + "AAAAAAA=\n"),
    "a witness that did not sign": lambda found: found["witnesses"][0].update(key=found["witnesses"][1]["key"]),
    "a witness's path": lambda found: found["witnesses"][1]["path"].reverse(),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_portal_that_lies_is_found_out(page, address, here, lie):
    lying(page, LIES[lie])
    page.goto(link(address, here))
    page.wait_for_selector("#answer .banner-danger")
    assert "Jawaban portal tidak terbukti" in page.inner_text("#answer")
    assert "Diterima" not in page.inner_text("#answer")


def test_without_ed25519_the_path_is_checked_and_the_rest_is_the_portals_word(page, address, here):
    page.add_init_script(
        "const own = crypto.subtle.importKey.bind(crypto.subtle);"
        "crypto.subtle.importKey = (form, key, name, ...more) => name === 'Ed25519'"
        " ? Promise.reject(new DOMException('Unrecognized name.', 'NotSupportedError')) : own(form, key, name, ...more);"
    )
    page.goto(link(address, here))
    page.wait_for_selector("#answer [data-check=unsupported]:not([hidden])")
    assert checks(page) == ["commitment", "inclusion", "unsupported"]
    assert not page.is_visible("#answer [data-verified]")


def test_a_broken_link_and_a_dead_line_are_told(page, address, here):
    page.goto(address + "/bukti#317401-01/1/000001/short")
    page.wait_for_selector("#answer .banner-warning")
    assert "Tautan tidak lengkap" in page.inner_text("#answer")
    page.route("**/api/log/*", lambda route: route.abort())
    page.goto(address + "/")
    page.goto(link(address, here))
    page.wait_for_selector("#answer .banner-warning")
    assert "Portal tidak terjangkau" in page.inner_text("#answer")


def test_without_javascript_the_form_answers(browser, address, here):
    context = browser.new_context(java_script_enabled=False, locale="id-ID")
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto(address + "/bukti")
    page.fill("#code", log_code(here.entry))
    page.click("button:has-text('Periksa')")
    assert page.inner_text("#answer .answer-heading") == "Diterima di pusat data"
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation(page, address, here, scheme):
    page.emulate_media(color_scheme=scheme)
    for path in ("/bukti", link("", here), link("", here, salt=bytes(16)), "/log"):
        page.goto("about:blank")
        page.goto(address + path)
        page.wait_for_load_state("networkidle")
        assert (path, flaws(page)) == (path, [])


@pytest.mark.parametrize(
    ("after", "log_size", "salt", "said"),
    [
        (0, 1000, SALT, "tidak boleh dipercaya begitu saja"),
        (1, 701, SALT, "dibuat sebelum kuncinya dicabut"),
        (1, 700, SALT, "Tanyakan ke dinas"),
        (1, 1000, bytes(16), "Tanyakan ke dinas"),
    ],
)
def test_a_proof_of_a_withdrawn_key_is_told_and_not_where_the_log_held_it_before(
    page, address, here, after, log_size, salt, said
):
    station, epoch, _ = here.packet.number.split("/")
    withdrawn = {"station": station, "epoch": int(epoch), "after": after, "at_ms": 1_490_400_000_000}
    keys = json.dumps({"withdrawn": [withdrawn | {"log_size": log_size}]})
    page.route("**/keys.json", lambda route: route.fulfill(body=keys, content_type="application/json"))
    page.goto(link(address, here, salt=salt))
    banner = page.wait_for_selector("#answer .banner:has([data-fill=day])")
    assert said in banner.inner_text()
    assert "25 Maret 2017" in banner.inner_text()
    assert station not in " ".join(page.asked).replace(page.url, "")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
