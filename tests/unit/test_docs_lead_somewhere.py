"""What the documents point to is there: links between them, and the files that the journey names."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_page_leads_to_a_file(page):
    links = re.findall(r"\]\(([^)#\s]+)", page.read_text())
    assert [link for link in links if "://" not in link and not (page.parent / link).exists()] == []


def test_every_file_that_the_journey_names_is_there():
    named = re.findall(r"`([a-z_0-9/]+/[a-z_0-9]+\.py)`", (ROOT / "docs" / "journey.md").read_text())
    assert len(named) > 50
    assert [path for path in named if not (ROOT / "src" / "rekam" / path).is_file()] == []
