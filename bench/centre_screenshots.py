"""Pictures of the centre's pages with synthetic people, light and dark: python bench/centre_screenshots.py FOLDER"""

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from centre_desk import busy, served, sign_in  # the tests' examples stand beside, not in the package
from centre_examples import town

DESK = {"width": 1440, "height": 900}


def pages_of(packets: dict[str, str]) -> dict[str, dict[str, str]]:
    """Member of staff -> title of the picture -> address of the page."""
    similar = f"/adjudications/{packets['adjudication']}"
    return {
        "pusat": {
            "overview": "/",
            "cases": "/cases",
            "case": f"/cases/{packets['adjudication']}",
            "validations": "/validations",
            "validation": f"/validations/{packets['validation']}",
            "quarantine": "/quarantine",
            "quarantined": f"/quarantine/{packets['quarantine']}",
            "notices": "/notices",
        },
        "ahli-1": {
            "adjudications": "/adjudications",
            "compare": similar,
            "decide": f"{similar}/decision?outcome=SAME_PERSON",
        },
    }


def make_centre_screenshots(folder: Path) -> list[Path]:
    """One PNG of 1440 x 900 a page and colour scheme."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    with tempfile.TemporaryDirectory() as scratch, town(Path(scratch) / "centre") as here:
        packets = busy(here)
        with served(here) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            for name, pages in pages_of(packets).items():
                page = browser.new_context(viewport=DESK, locale="id-ID").new_page()
                sign_in(page, address, name)
                for title, path in pages.items():
                    for scheme in ("light", "dark"):
                        page.emulate_media(color_scheme=scheme)
                        page.goto(address + path)
                        page.wait_for_load_state("networkidle")
                        made.append(folder / f"centre-{title}-{scheme}.png")
                        page.screenshot(path=made[-1])
            browser.close()
    return made


if __name__ == "__main__":
    for picture in make_centre_screenshots(Path(sys.argv[1])):
        print(picture)
