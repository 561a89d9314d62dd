"""Indonesia's regions by their official codes: `Regions`, read once from package data (data/SOURCE.md).

Codes keep their dots: province ``31``, regency ``31.74``, district ``31.74.01``, village ``31.74.01.1001``.
Region prefixes of numbers (NIK, No. KK) are the same digits without dots; those of regions since split or
renumbered stay valid for ever, so prefixes are looked up in every edition.
"""

import csv
import gzip
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, cached_property
from importlib.resources import files
from typing import Literal, Self

from rekam.enrolment.errors import RekamError

__all__ = ["Edition", "Regions", "RegionsUnusable", "UnknownRegion", "known_prefix", "known_province"]

Edition = Literal["2025", "2015"]
_DATA = files("rekam.enrolment") / "data"
_VILLAGE_DOTS = 3
_CODE = re.compile(r"[0-9]{2}(\.[0-9]{2}(\.[0-9]{2}(\.[0-9]{4})?)?)?")
_FOLDERS: dict[str, str] = {"2025": ".", "2015": "edition_2015"}


class UnknownRegion(RekamError):
    """'{code}' is not a region of the {edition} edition. Nothing was changed.
    Check the code against the family card (KK), dots included: province, regency, district, village.
    """


class RegionsUnusable(RekamError):
    """This region table cannot be used: {why}. The one that is in force stays. Publish the whole table of the decree,
    all four levels, one code and name a row.
    """


def _rows(name: str) -> Iterator[tuple[str, str]]:
    """Rows of a CSV file with a heading; all but the first two columns are dropped."""
    path = _DATA / name
    raw = gzip.decompress(path.read_bytes()) if name.endswith(".gz") else path.read_bytes()
    lines = csv.reader(raw.decode("utf-8").splitlines())
    next(lines)
    return ((row[0], row[1]) for row in lines)


class Regions:
    """One legal edition of the region table: ``2025`` (Kepmendagri 300.2.2-2430/2025), the default, or
    ``2015`` (Permendagri 56/2015, for a system set in 2016-17; its villages are not held).
    """

    def __init__(self, edition: Edition = "2025", *, table: Mapping[str, str] | None = None) -> None:
        """`table` (dotted code to name, all four levels) stands in place of the packaged rows."""
        self.edition = edition
        self._table = table
        if table is not None:
            self._names = {code: name for code, name in table.items() if code.count(".") < _VILLAGE_DOTS}
            return
        self._names = {
            code: name
            for level in ("province", "regency", "district")
            for code, name in _rows(f"{_FOLDERS[edition]}/{level}.csv")
        }

    @classmethod
    @cache
    def load(cls, edition: Edition = "2025") -> Self:
        """The shared table of `edition`; about 5 ms the first time."""
        return cls(edition)

    @cached_property
    def _villages(self) -> dict[str, str]:
        if self._table is not None:
            return {code: name for code, name in self._table.items() if code.count(".") == _VILLAGE_DOTS}
        # 83,762 rows: about 50 ms, so only when a village is first asked for
        return dict(_rows("village.csv.gz")) if self.edition == "2025" else {}

    @classmethod
    def read(cls, data: bytes) -> Self:
        """The table of a CSV file in UTF-8, one ``code,name`` a row, without a heading. Raises `RegionsUnusable`."""
        try:
            rows = [tuple(row) for row in csv.reader(data.decode("utf-8").splitlines()) if row]
        except (UnicodeDecodeError, csv.Error) as error:
            raise RegionsUnusable(why="it is no CSV file in UTF-8") from error
        table = {row[0]: row[1] for row in rows if len(row) == 2}
        if len(table) != len(rows) or not all(_CODE.fullmatch(code) and name.strip() for code, name in table.items()):
            raise RegionsUnusable(why="a row is no code with a name, or a code stands twice")
        orphan = next((code for code in table if code.count(".") and code.rpartition(".")[0] not in table), None)
        if orphan is not None or not table:
            raise RegionsUnusable(why=f"the region around {orphan} is missing")
        return cls(table=table)

    def exists(self, code: str) -> bool:
        """Whether this edition has `code`, at any of the four levels."""
        return code in (self._villages if code.count(".") == 3 else self._names)

    def name(self, code: str) -> str:
        """The region's name as the edition spells it (``Kabupaten Bantul``); raises `UnknownRegion`."""
        if not self.exists(code):
            raise UnknownRegion(code=code, edition=self.edition)
        return (self._villages if code.count(".") == 3 else self._names)[code]

    def parents(self, code: str) -> tuple[str, ...]:
        """Codes of the regions around `code`, province first; empty for a province."""
        if not self.exists(code):
            raise UnknownRegion(code=code, edition=self.edition)
        parts = code.split(".")
        return tuple(".".join(parts[:depth]) for depth in range(1, len(parts)))

    def children(self, code: str = "") -> tuple[str, ...]:
        """Codes one level below `code` in order; without a code, the provinces. Raises `UnknownRegion`."""
        if code and not self.exists(code):
            raise UnknownRegion(code=code, edition=self.edition)
        below = self._villages_by_district if code.count(".") == 2 else self._by_parent
        return below.get(code, ())

    @cached_property
    def _by_parent(self) -> dict[str, tuple[str, ...]]:
        return _grouped(self._names)

    @cached_property
    def _villages_by_district(self) -> dict[str, tuple[str, ...]]:
        return _grouped(self._villages)


def _grouped(codes: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Parent code -> its codes in order; the provinces' parent is the empty text."""
    groups: dict[str, list[str]] = {}
    for code in sorted(codes):
        groups.setdefault(code.rpartition(".")[0], []).append(code)
    return {parent: tuple(members) for parent, members in groups.items()}


@cache
def _prefixes() -> frozenset[str]:
    """Every prefix of 2, 4 or 6 digits that a number may carry: both editions, the archive's, and the gaps."""
    codes: set[str] = set()
    for edition in ("2025", "2015"):
        codes.update(Regions.load(edition)._names)  # noqa: SLF001  # same module: the table itself, not a copy
    codes.update(code for code, _ in _rows("historic_codes.csv"))
    codes.update(code for code, _ in _rows("gap_prefixes.csv"))
    return frozenset(code.replace(".", "") for code in codes)


@cache
def _gaps() -> frozenset[str]:
    return frozenset(code.replace(".", "") for code, _ in _rows("gap_prefixes.csv"))


def known_prefix(digits: str) -> bool:
    """Whether six digits name a district of any edition, or lie in a regency that only old numbers name."""
    return digits in _prefixes() or digits[:4] in _gaps()


def known_province(digits: str) -> bool:
    """Whether the first two digits name a province."""
    return digits[:2] in _prefixes()
