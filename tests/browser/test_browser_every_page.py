"""Every page of a station that a walk finds, at a counter's screen: nothing for axe-core, nothing cut off at its side."""

import os
import re
from dataclasses import replace
from datetime import time
from urllib.parse import urlsplit

import pytest

from axe import flaws
from rekam.drill.demo import PIN
from rekam.exchange.link_file import LinkFile
from rekam.station.outing.plan import OutingPlan
from rekam.station.printing.tray import PaperTray
from station_counter import counter as make_counter

pytestmark = pytest.mark.browser

COUNTER = {"width": 1366, "height": 768}
MOST = 70
LINKS = """found => found.map(one => one.getAttribute("href") ?? one.getAttribute("action") ?? "")
    .map(address => new URL(address, document.baseURI).href)"""
SMALL = """() => {
    const found = [];
    const answers = (one, x, y) => {
        const hit = document.elementFromPoint(x, y);
        const meant = hit?.closest("label")?.control ?? hit?.closest("tr[data-href]")?.querySelector(".row-link") ?? hit;
        return Boolean(hit) && (one.contains(hit) || one === meant);
    };
    const reach = (one, x, y, across, down) => {
        let far = 0;
        while (far < 44 && answers(one, x + far * across, y + far * down)) far += 0.5;
        return far;
    };
    for (const one of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")) {
        if (!one.checkVisibility({visibilityProperty: true}) || one.matches(".skip, :disabled")) continue;
        const words = [...one.parentElement.childNodes].some(beside => beside.nodeType === 3 && beside.data.trim());
        if (one.matches("a") && getComputedStyle(one).display === "inline" && words) continue;
        let box = one.getBoundingClientRect();
        if (box.width >= 44 && box.height >= 44) continue;
        one.scrollIntoView({block: "center", inline: "nearest"});
        box = one.getClientRects()[0];
        const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
        const [width, height] = [reach(one, x, y, 1, 0) + reach(one, x, y, -1, 0), reach(one, x, y, 0, 1) + reach(one, x, y, 0, -1)];
        if (width < (one.matches(".part") ? 24 : 43.5) || height < 43.5) found.push(`${width} x ${height}: ${one.outerHTML.slice(0, 120)}`);
    }
    scrollTo(0, 0);
    return found;
}"""
"""What a hand would miss: whatever answers a press, in a cross of less than 44 by 44 pixels about its middle, is too
small; the label, row or padding that leads to it counts. A link within a sentence is a word of
it and stays as high as its line (WCAG 2.2, 2.5.8, Inline). Of the ten fingers of the drawing, side by side in a column,
each is 24 wide at least: the page never asks for one, and exceptions have boxes of full size.
"""
LONG_NAME = (('R. AJ. SITI "NUR" D\'ARCY <B> ' * 8) + "X" * 40)[:200]
ONE_WORD = "W" * 60
"""A hurried person's extract: two hundred characters with quotes, and one word that breaks nowhere."""
HERE = "document.querySelectorAll('.nav [aria-current]').length"
WITHOUT_MENU = {"/resident-screen": "the resident's own screen"}
A_PART = re.compile(r"/[0-9a-f-]{16,}|/\d[\d.-]*(?=/|$)")
"""What differs between two pages of one kind: ids and numbers."""


def kind_of(path: str) -> str:
    return A_PART.sub("/*", path)


def links_of(page) -> list[str]:
    hrefs = page.eval_on_selector_all("a[href], form[method=get]", LINKS)
    here = urlsplit(page.url)
    return [urlsplit(href).path for href in hrefs if urlsplit(href).netloc == here.netloc]


def complaints(page) -> list[str]:
    width = page.evaluate("document.documentElement.scrollWidth")
    told = flaws(page) + ([f"{width} pixels wide"] if width > COUNTER["width"] else [])
    return told + [f"too small, {small}" for small in page.evaluate(SMALL)]


def out_at(counter, operator, people):
    """The mobile unit is out with a list."""
    here, day = counter.station.here, counter.station.here.outings.today
    plan = OutingPlan("Balai desa", "31.74.01.1006", day, day, time(8), time(16), (operator.operator.subject,))
    outing = here.outings.plan(plan, by=operator.operator.subject, once="form")
    here.expected.take(outing.number, people, "register")
    here.outings.depart(outing.number)


def test_nothing_is_wrong_on_any_page_that_a_walk_through_the_station_finds(chromium, serve, tmp_path):
    tray = PaperTray(sheets=1)
    printer = {"make_printer": lambda _address, _kept: tray, "printer_certificate": lambda _address: ""}
    counter = make_counter(tmp_path / "country", printer="ipp://tray/", **printer)
    operator = counter.sign_in()
    first, second, third = counter.adults(3)
    first, second = replace(first, name=LONG_NAME), replace(second, name=ONE_WORD)
    counter.station.here.residents.load([first, second])
    saved = counter.save(first.nik)
    for kind in ("proof", "suket"):  # one is printed, for the other there is no paper
        here = counter.station.here
        by = operator.operator.subject
        here.printing.begin(here.papers.issue(kind, saved.packet_id, by, queued=here.printing.add))
    under_way = f"/sittings/{counter.filled(second.nik, operator)}"
    begun = f"/sittings/{counter.station.sittings.open(third.nik, operator).sitting_id}"
    out_at(counter, operator, [first, second])
    page = chromium.new_page()
    page.set_viewport_size(COUNTER)
    page.emulate_media(reduced_motion="reduce")
    page.on("dialog", lambda dialog: dialog.dismiss())
    wrong, seen = {}, set()
    with serve(counter.app(link=LinkFile(tmp_path, counter.clock.wall))) as address:
        page.goto(f"{address}/sign-in")
        wrong["/sign-in"] = complaints(page)
        page.fill("#pin", PIN)
        page.keyboard.press("Enter")
        page.wait_for_url(f"{address}/")
        steps = ("biodata", "photo", "signature", "fingers", "irises", "review", "exception?slot=finger-2", "close")
        ahead = [
            "/outings/1/return",
            "/outings/1/list",
            "/",
            f"{begun}/biodata",
            *(f"{under_way}/{step}" for step in steps),
        ]
        while ahead and len(seen) < MOST:
            path = ahead.pop(0)
            if kind_of(path) in seen:
                continue
            seen.add(kind_of(path))
            answer = page.request.get(address + path, max_redirects=0)
            if "text/html" not in answer.headers.get("content-type", "") or answer.status != 200:
                continue
            page.goto(address + path, wait_until="domcontentloaded")
            wrong[path] = complaints(page)
            if path not in WITHOUT_MENU and page.evaluate(HERE) != 1:
                wrong[path].append(f"{page.evaluate(HERE)} entries of the menu are the current one")
            if "REKAM_SHOTS" in os.environ:
                name = kind_of(path).strip("/").replace("/", "-").replace("*", "x").split("?")[0] or "start"
                page.screenshot(path=f"{os.environ['REKAM_SHOTS']}/{name}.png")
            ahead += links_of(page)
    counter.station.close()
    assert {path: told for path, told in wrong.items() if told} == {}
    assert len(wrong) >= 20, sorted(wrong)
