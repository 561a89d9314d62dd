"""Scripts say nothing of their own: what a person reads comes out of the page, where it was translated."""

import re
from importlib.resources import files
from pathlib import Path

import pytest

ROOT = Path(str(files("rekam")))
SCRIPTS = sorted(path for path in ROOT.rglob("assets/**/*.js") if "vendor" not in path.parts)
TOKEN = re.compile(
    r"""//[^\n]* | /\*.*?\*/ | "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*' | `(?:\\.|[^`\\])*`
    | (?<=[=(,:!&|?;\n])\s*/(?![/*\s])(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\\n])+/[gimsuy]*""",
    re.VERBOSE | re.DOTALL,
)
WORDS = re.compile(r"(?<![a-z])[A-Z]\w*[a-z]|[a-z]{2,} +[a-z]{2,}")
"""What may be meant for people: something that begins like a sentence (which `dataNames` do not), or two words with a space between."""
FOR_THE_BROWSER = re.compile(
    r"""[\w-]+(\ [\w-]+)*\ banner.*      # classes
    | (main|form|\#\w+)\ .*              # selectors
    | (Arrow|Page)(Up|Down|Left|Right) | Enter | Escape | Tab | Home | End   # keys
    | X-\w+ | HX-Request | Accept | Content-Length | Ed25519 | AudioContext | BroadcastChannel | [A-Z]\w+Error | Asia/Jakarta
    """,
    re.VERBOSE,
)


def sayings(script: str) -> list[str]:
    """The strings of a script that may be meant for people, but for those that only a programmer sees in an error."""
    found = []
    for token in TOKEN.finditer(script):
        text = token.group().strip()
        if text[0] not in "\"'`" or re.search(r"new Error\([^)]*$", script[: token.start()]):
            continue
        said = re.sub(r"\$\{[^}]*\}", "0", text[1:-1])
        if WORDS.search(said) and not FOR_THE_BROWSER.fullmatch(said):
            found.append(said)
    return found


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_script_has_no_words_of_its_own(path):
    assert sayings(path.read_text("utf-8")) == [], "put them into a data attribute of the template: _('...')"


@pytest.mark.parametrize(
    "script",
    [
        'hint.textContent = "Tekan lagi";',
        "alert('Selesai')",
        "title = `Rekaman ${number}`;",
        'warn(left > 1 ? "masih lama" : "")',
        "// a comment\nbutton.ariaLabel = 'tutup jendela';",
    ],
)
def test_words_in_a_script_would_be_found(script):
    assert len(sayings(script)) == 1


@pytest.mark.parametrize(
    "script",
    [
        "// Not a saying\nfoo();",
        '/* "Neither this" */',
        'throw new Error("path too long");',
        'const two = /"Not one"/.test(text);',
        'if (key === "ArrowDown") page("form input");',
    ],
)
def test_comments_keys_selectors_and_programmers_errors_are_no_words(script):
    assert sayings(script) == []
