"""Two languages: texts are written in Indonesian, in place, and translated into English by catalogues.

`_("Simpan")` gives the text in the language of the request being answered (Indonesian outside a request).
English stands in `locale/en/<place>.po`; the sentences of errors are English docstrings whose Indonesian
stands in `locale/errors_id/<package>.po`. All files of a folder are read as one catalogue at first use.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po

from rekam.enrolment.errors import RekamError

__all__ = ["LOCALE", "N_", "Language", "_", "error_text", "language", "read_catalogue", "speaking"]

LOCALE = Path(__file__).parent / "locale"


class Language(StrEnum):
    """The languages of the pages; Indonesian first."""

    INDONESIAN = "id"
    ENGLISH = "en"


_spoken: ContextVar[Language] = ContextVar("language", default=Language.INDONESIAN)


def language() -> Language:
    """The language of the request being answered."""
    return _spoken.get()


@contextmanager
def speaking(chosen: Language) -> Iterator[None]:
    """Answer in `chosen` inside the block."""
    token = _spoken.set(chosen)
    try:
        yield
    finally:
        _spoken.reset(token)


@cache
def read_catalogue(folder: str) -> dict[str, str]:
    """All translations of `locale/<folder>/*.po`, msgid to translation; untranslated entries are left out."""
    texts: dict[str, str] = {}
    for path in sorted((LOCALE / folder).glob("*.po")):
        with path.open("rb") as file:
            texts |= {str(entry.id): str(entry.string) for entry in read_po(file) if entry.id and entry.string}
    return texts


def _(text: str, **facts: Any) -> str:
    """`text` in the language of the request, with `%(name)s` filled from `facts`."""
    told = text if language() is Language.INDONESIAN else read_catalogue("en").get(text, text)
    return told % facts if facts else told


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for "translate later", known to every extraction tool
    """Mark `text` for the catalogue; it is translated where it is shown."""
    return text


def error_text(error: RekamError) -> str:
    """The sentence of `error` in the language of the request, and so its facts, as far as they are words of ours."""
    if language() is Language.ENGLISH:
        return error.text()
    known = read_catalogue("errors_id")
    return error.text(known.get(error.template), "id", known.get)
