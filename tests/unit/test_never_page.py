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


def test_only_the_purger_removes_a_finished_packet_and_only_after_the_rule():
    """Never 3. Besides the purger, one removal takes back a packet whose saving failed on a full disk: its row was
    rolled back, its number is not used, nobody heard "saved". In the purger the removal stands under the rule's yes.
    """
    removals = {
        f"{path.relative_to(SOURCE)}: {ast.unparse(node)}"
        for path in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "remove"
    }
    assert {call for call in removals if re.search(r"(blobs|packets|store|vault)\.remove", call)} == {
        "exchange/purging.py: self._blobs.remove(packet_id)",
        "station/saving.py: self.blobs.remove(sealed.packet_id)",
    }
    purger = ast.parse((SOURCE / "exchange" / "purging.py").read_text("utf-8"))
    guards = [
        ast.unparse(node.test)
        for node in ast.walk(purger)
        if isinstance(node, ast.If) and "self._blobs.remove(packet_id)" in map(ast.unparse, node.body)
    ]
    assert guards == ["cut_short or self._store.let_go(packet_id, self._rule(legal))"]
