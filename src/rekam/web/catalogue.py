"""`python -m rekam.web.catalogue`: print what still needs a translation, ready to append to its `.po` file.

Page texts go to `locale/en/<place>.po`, the sentences of errors to `locale/errors_id/<package>.po`, where the
place or package is the first name below `rekam`.
"""

import importlib
import pkgutil
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract_python
from babel.messages.pofile import escape
from jinja2.ext import babel_extract

import rekam
from rekam.enrolment.errors import RekamError
from rekam.web.i18n import LOCALE, read_catalogue

__all__ = ["error_sentences", "main", "missing", "page_texts"]

_ROOT = Path(rekam.__file__).parent
_MARKS: dict[str, None] = {"_": None, "N_": None}
_OPTIONS = {"trimmed": "true", "silent": "false"}


def page_texts() -> dict[str, str]:
    """Every msgid of the package's templates and modules, and the place it stands in."""
    found: dict[str, str] = {}
    for path in sorted(_ROOT.rglob("*.html")) + sorted(_ROOT.rglob("*.py")):
        place = path.relative_to(_ROOT).parts[0].removesuffix(".py")
        for text in _texts(path):
            found.setdefault(text, place)
    return found


def _texts(path: Path) -> Iterator[str]:
    with path.open("rb") as file:
        entries = (
            babel_extract(file, tuple(_MARKS), [], _OPTIONS)
            if path.suffix == ".html"
            else extract_python(file, _MARKS, [], {})
        )
        for _line, _mark, message, _comments in entries:
            text = message[0] if isinstance(message, tuple) else message
            if text:
                yield str(text)


def error_sentences() -> dict[str, str]:
    """Every error's English sentence, and the package that raises it; imports the whole of Rekam to find them."""
    for module in pkgutil.walk_packages([str(_ROOT)], "rekam."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    kinds = list(_with_subclasses(RekamError))
    return {kind.template: kind.__module__.split(".")[1] for kind in kinds if kind.__module__.startswith("rekam.")}


def _with_subclasses(kind: type[RekamError]) -> Iterator[type[RekamError]]:
    yield kind
    for child in kind.__subclasses__():
        yield from _with_subclasses(child)


def missing(wanted: dict[str, str], folder: str) -> dict[str, list[str]]:
    """What of `wanted` has no translation in `locale/<folder>`, by the file it belongs to."""
    known = read_catalogue(folder)
    lacking: dict[str, list[str]] = {}
    for text, place in sorted(wanted.items()):
        if text not in known:
            lacking.setdefault(f"{folder}/{place}.po", []).append(text)
    return lacking


def main() -> None:
    """Print the missing entries."""
    for file, texts in (missing(page_texts(), "en") | missing(error_sentences(), "errors_id")).items():
        sys.stdout.write(f"# append to {LOCALE / file}\n")
        for text in texts:
            sys.stdout.write(f'msgid "{escape(text)[1:-1]}"\nmsgstr ""\n\n')


if __name__ == "__main__":
    main()
