"""docs/never.md and docs/journey.md are true to the code: every test and file they name is there."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "rekam"
PAGE = (ROOT / "docs" / "never.md").read_text("utf-8")
ROWS = [line.strip("|").split(" | ") for line in PAGE.splitlines() if re.match(r"\| \d+ \|", line)]
CITED = re.findall(r"`(\w+\.py)::(\w+)`", PAGE)
CODE = re.compile(r"`((?!tests/)[a-z_]+/[a-z_0-9/]+\.(?:py|sql))`")


@cache
def functions_of(file: str) -> frozenset[str]:
    """The test functions of the one file of that name."""
    (path,) = (ROOT / "tests").rglob(file)
    functions = (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.FunctionDef))
    return frozenset(function.name for function in functions if function.name.startswith("test_"))


def test_every_never_has_its_row_with_tests_or_says_not_yet():
    assert [int(row[0]) for row in ROWS] == list(range(1, 21))
    for row in ROWS:
        assert len(row) == 5, row[1]
        assert "::test_" in row[3] or row[4].strip(), row[1]
        assert CODE.search(row[2]), row[1]


@pytest.mark.parametrize("cited", sorted(set(CITED)), ids="::".join)
def test_a_test_that_the_page_names_exists(cited):
    file, test = cited
    assert test in functions_of(file)


@pytest.mark.parametrize("page", ["never.md", "journey.md"])
def test_the_code_that_a_page_names_exists(page):
    named = set(CODE.findall((ROOT / "docs" / page).read_text("utf-8")))
    assert named
    assert {name for name in named if not (SOURCE / name).is_file()} == set()


def test_no_place_removes_a_finished_packet():
    """Never 3, until purging exists: what was ever told to anybody stays. The one removal takes back a packet whose
    saving failed on a full disk: its row was rolled back, its number is not used, nobody heard "saved".
    """
    calls = {
        f"{path.relative_to(SOURCE)}: {ast.unparse(node)}"
        for path in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "remove"
    }
    assert {call for call in calls if re.search(r"(blobs|packets|store|vault)\.remove", call)} == {
        "station/saving.py: self.blobs.remove(sealed.packet_id)"
    }
