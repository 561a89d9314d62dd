"""The field's code lists (religion, marital status, blood group ...): `code_list`, `Sex`; see data/SOURCE.md."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from rekam.enrolment.errors import RekamError

__all__ = [
    "CodeList",
    "CodeLists",
    "CodeListsUnusable",
    "Sex",
    "UnknownCode",
    "UnknownCodeList",
    "code_list",
    "packaged_codes",
    "packaged_lists",
]


class UnknownCodeList(RekamError):
    """There is no code list '{name}'. Nothing was changed. The lists are: {known}."""


class UnknownCode(RekamError):
    """'{code}' is not in the code list '{name}'. Nothing was changed. Choose one of the values that the list offers."""


class CodeListsUnusable(RekamError):
    """These code lists cannot be used: {why}. Those that are in force stay. Publish lists that hold every code of the
    lists before them, because recordings hold those codes for ever.
    """


class Sex(IntEnum):
    """The code list ``jenis_kelamin``."""

    MALE = 1
    FEMALE = 2

    def words(self, lang: str = "id") -> str:
        """As printed on card and letter, or in English for ``en``."""
        if lang == "en":
            return self.name
        return code_list("jenis_kelamin").name(self)


@dataclass(frozen=True)
class CodeList:
    """One list: code -> official name, in the official order."""

    title: str
    items: Mapping[int, str]

    def __contains__(self, code: object) -> bool:
        return code in self.items

    def name(self, code: int) -> str:
        """The official name of `code`; raises `UnknownCode`."""
        if code not in self.items:
            raise UnknownCode(code=code, name=self.title)
        return self.items[code]

    def code(self, name: str) -> int:
        """The code of an official name, upper or lower case; raises `UnknownCode`."""
        for code, official in self.items.items():
            if official == name.strip().upper():
                return code
        raise UnknownCode(code=name, name=self.title)


@dataclass(frozen=True)
class CodeLists:
    """All lists of one version, by the field's own words."""

    lists: Mapping[str, CodeList]

    def list(self, title: str) -> CodeList:
        """Raises `UnknownCodeList`."""
        if title not in self.lists:
            raise UnknownCodeList(name=title, known=", ".join(self.lists))
        return self.lists[title]

    @classmethod
    def read(cls, data: bytes) -> "CodeLists":
        """Of JSON {title: {items: [{code, name}, ...]}} in UTF-8, as the packaged file is; a list that it leaves out
        stays as packaged. Raises `CodeListsUnusable`, also where a code of the packaged lists is missing.
        """
        try:
            held = {title: _numbered(title, body) for title, body in _bodies(json.loads(data)).items()}
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise CodeListsUnusable(why="it is no such file") from error
        made = cls(MappingProxyType({**packaged_codes().lists, **held}))
        made.check_follows(packaged_codes())
        return made

    def check_follows(self, before: "CodeLists") -> None:
        """Raise `CodeListsUnusable` where a code of `before` is missing; names may change."""
        for title, known in before.lists.items():
            missing = set(known.items) - set(self.list(title).items)
            if missing:
                raise CodeListsUnusable(why=f"code {min(missing)} of {title} is missing")


def _bodies(lists: Mapping[str, Any]) -> dict[str, Any]:
    return {title: body for title, body in lists.items() if title != "record_status" and "items" in body}


def _numbered(title: str, body: Mapping[str, Any]) -> CodeList:
    items = {item["code"]: item["name"] for item in body["items"]}
    if len(items) != len(body["items"]):
        raise CodeListsUnusable(why=f"a code of {title} stands twice")
    if not all(isinstance(code, int) and isinstance(name, str) and name.strip() for code, name in items.items()):
        raise CodeListsUnusable(why=f"{title} holds something that is no number with a name")
    return CodeList(title, MappingProxyType(items))


@cache
def packaged_codes() -> CodeLists:
    """The lists that came with the program."""
    lists = _bodies(packaged_lists())
    return CodeLists(MappingProxyType({title: _numbered(title, body) for title, body in lists.items()}))


@cache
def packaged_lists() -> Mapping[str, Any]:
    """The packaged file as it stands, with each list's source and confidence."""
    text = (files("rekam.enrolment") / "data" / "codelists.json").read_text("utf-8")
    return MappingProxyType(json.loads(text))


def code_list(title: str) -> CodeList:
    """The packaged list `title` by the field's own word: agama, status_perkawinan, golongan_darah, pekerjaan_current,
    pekerjaan_2010, kewarganegaraan, pendidikan, shdk, disabilitas, jenis_kelamin; raises `UnknownCodeList`.
    """
    return packaged_codes().list(title)
