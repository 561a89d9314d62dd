"""Templates and facts to pages by typst, in memory alone: `Sheet`.

No personal data touches a disk (DESIGN section 3, never 16): typst gets its files as bytes. It takes text files
alone that way, so pictures travel as JSON arrays of byte values, which the templates turn back into bytes.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from rekam.enrolment.errors import RekamError

if TYPE_CHECKING:
    import typst

__all__ = ["FontsMissing", "PaperNotSet", "Sheet"]

FAMILY = "Inter"
_TEMPLATES = files("rekam.documents") / "templates"
_STANDARDS = ["a-2a", "ua-1"]
_SHARED = ("common.typ", "emblem.svg")


class FontsMissing(RekamError):
    """The typeface Inter was not found in {folder}. No paper was made and nothing was changed.
    Run make run (it fetches the typeface), or set the folder of fonts to where Inter's TTF files lie.
    """


class PaperNotSet(RekamError):
    """The paper {name} could not be set: {why}. No paper was made and nothing was changed; report this."""


@cache
def _typeface(folder: Path) -> "typst.Fonts":
    """Inter alone: without system and built-in fonts there is nothing to fall back to."""
    import typst  # 70 ms and 20 MB that a place without papers to make does not spend (ADR 0046)

    held = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)])
    if FAMILY not in held.families():
        raise FontsMissing(folder=folder)
    return held


@dataclass(frozen=True)
class Sheet:
    """A paper before it is set: template, facts for it (JSON values), pictures (name -> JPEG, PNG or SVG) and
    the date written into the PDF (aware), so that the same sheet gives the same bytes.
    """

    template: str
    facts: Mapping[str, Any]
    pictures: Mapping[str, bytes]
    at: datetime

    def pdf(self, fonts: Path) -> bytes:
        """The paper as PDF/A-2a (for archives) and PDF/UA-1 (for screen readers).

        `fonts` is a folder with Inter as TTF, at any depth. Raises FontsMissing or PaperNotSet.
        """
        pdf = self._compiled(fonts, "pdf", None)
        return pdf if isinstance(pdf, bytes) else pdf[0]

    def pages(self, fonts: Path, *, ppi: float) -> list[bytes]:
        """The paper as one PNG a page, `ppi` dots an inch, for screens. Raises FontsMissing, PaperNotSet."""
        pages = self._compiled(fonts, "png", ppi)
        return [pages] if isinstance(pages, bytes) else pages

    def _sources(self) -> dict[str, bytes]:
        return {
            "main.typ": (_TEMPLATES / f"{self.template}.typ").read_bytes(),
            **{name: (_TEMPLATES / name).read_bytes() for name in _SHARED},
            "facts.json": json.dumps(self.facts, ensure_ascii=False).encode(),
            **{f"{name}.json": json.dumps(list(data)).encode() for name, data in self.pictures.items()},
        }

    def _compiled(self, fonts: Path, form: Literal["pdf", "png"], ppi: float | None) -> bytes | list[bytes]:
        import typst

        typeface = _typeface(fonts)
        try:
            # typst takes a dict of files; its stub knows single ones only
            pages, warnings = typst.compile_with_warnings(  # type: ignore[call-overload]
                self._sources(), font_paths=typeface, ignore_system_fonts=True,
                format=form, ppi=ppi, timestamp=int(self.at.timestamp()),
                pdf_standards=_STANDARDS if form == "pdf" else [],
            )  # fmt: skip
        except typst.TypstError as error:
            raise PaperNotSet(name=self.template, why=str(error)) from error
        if warnings:
            # a typeface that is not there is no more than a warning to typst
            raise PaperNotSet(name=self.template, why="; ".join(str(warning) for warning in warnings))
        result: bytes | list[bytes] = pages
        return result
