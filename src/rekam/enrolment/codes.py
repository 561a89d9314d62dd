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

__all__ = ["CodeList", "Sex", "UnknownCode", "UnknownCodeList", "code_list", "packaged_lists"]


class UnknownCodeList(RekamError):
    """There is no code list '{name}'. Nothing was changed. The lists are: {known}."""


class UnknownCode(RekamError):
    """'{code}' is not in the code list '{name}'. Nothing was changed. Choose one of the values that the list offers."""


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


@cache
def packaged_lists() -> Mapping[str, Any]:
    """The packaged file as it stands, with each list's source and confidence."""
    text = (files("rekam.enrolment") / "data" / "codelists.json").read_text("utf-8")
    return MappingProxyType(json.loads(text))


@cache
def code_list(title: str) -> CodeList:
    """The list `title` by the field's own word: agama, status_perkawinan, golongan_darah, pekerjaan_current,
    pekerjaan_2010, kewarganegaraan, pendidikan, shdk, disabilitas, jenis_kelamin; raises `UnknownCodeList`.
    """
    lists = packaged_lists()
    numbered = [name for name, body in lists.items() if name != "record_status" and "items" in body]
    if title not in numbered:
        raise UnknownCodeList(name=title, known=", ".join(numbered))
    return CodeList(title, MappingProxyType({item["code"]: item["name"] for item in lists[title]["items"]}))
