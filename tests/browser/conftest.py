"""A real browser for the tests marked `browser`: Debian's Chromium, else the user's Chrome, else playwright's own."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from machine import FLAGS
from machine import browser as browser_path
from patience import PATIENCE_MS
from web_server import served


@pytest.fixture(scope="module")  # not longer: playwright keeps an event loop running, in which no other can run
def browser() -> Iterator[Browser]:
    """One browser with a user data folder of its own, made for this run; without a path playwright takes its own."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=browser_path(), args=FLAGS, timeout=PATIENCE_MS)
        yield running
        running.close()


@pytest.fixture
def chromium(browser) -> Iterator[BrowserContext]:
    """A fresh profile: no cookies, nothing cached; `chromium.new_page()` opens a page."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="id-ID")
    context.set_default_timeout(PATIENCE_MS)
    # captures start when a test presses their button; test_browser_capture switches this off
    context.add_init_script(
        "localStorage.getItem('automatic-capture') ?? localStorage.setItem('automatic-capture', 'off')"
    )
    yield context
    context.close()


@pytest.fixture(scope="session")
def serve():
    """`with serve(app) as address:`."""
    return served
