"""Master data as it stands at one place: of each name the newest version that is here and can be used: `MasterData`."""

import hashlib
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from rekam.enrolment.codes import CodeLists, packaged_codes
from rekam.enrolment.errors import RekamError
from rekam.enrolment.reference import Reference
from rekam.enrolment.regions import Regions
from rekam.exchange import zstd
from rekam.exchange.announced import Announced, AnnouncedStore
from rekam.exchange.parts import Part
from rekam.exchange.policy import OfficePolicy, policy_name
from rekam.storage.blobs import BlobStore

__all__ = ["CODE_LISTS", "REGIONS", "InForce", "MasterData", "MasterShelf", "packed"]

CODE_LISTS: Final = "codelists"
REGIONS: Final = "regions"
_LIMIT: Final = 32 << 20
"""Bytes unpacked; the whole region table has four million."""

T = TypeVar("T")


def packed(data: bytes) -> bytes:
    """The content of master data as its part holds it: one zstd frame."""
    return zstd.pack(data)


@dataclass(frozen=True)
class InForce(Generic[T]):
    """`version` 0 is what the place was installed with. `newest` was announced; where it is not in force, `problem`
    says why, None while it is still on its way.
    """

    name: str
    version: int
    value: T
    newest: int
    problem: RekamError | None = None


class MasterShelf(Generic[T]):
    """One name; a `Shelf`. A version that cannot be used leaves the one before it in force (never 18).

    `read` makes the value of the unpacked content, or raises an error of the family; `installed` is version 0. Safe for
    threads.
    """

    def __init__(
        self, name: str, announced: AnnouncedStore, parts: BlobStore, read: Callable[[bytes], T], installed: T
    ) -> None:
        self.name = name
        self._announced = announced
        self._parts = parts
        self._read = read
        self._installed = installed
        self._held: InForce[T] | None = None
        self._lock = threading.RLock()

    def in_force(self) -> InForce[T]:
        """The highest version that is here and can be used."""
        with self._lock:
            if self._held is None:
                self._held = self._found()
            return self._held

    def wanted(self) -> Iterable[Part]:
        """The newest version's part."""
        rows = self._rows()
        return [rows[0].part] if rows else []

    def arrived(self) -> None:
        with self._lock:
            self._held = None

    def sweep(self) -> int:
        """What is older than the version in force goes; what is newer and cannot be used stays, to be looked at."""
        swept = 0
        for row in self._rows():
            if row.version < self.in_force().version:
                self._parts.discard(row.part.id)
                if self._parts.has(row.part.id):
                    self._parts.remove(row.part.id)
                    swept += 1
        return swept

    def _rows(self) -> Sequence[Announced]:
        rows = [row for row in self._announced.known() if row.name == self.name]
        return sorted(rows, key=lambda row: -row.version)

    def _found(self) -> InForce[T]:
        rows, problem = self._rows(), None
        newest = rows[0].version if rows else 0
        for row in rows:
            if not self._parts.has(row.part.id):
                continue
            try:
                return InForce(self.name, row.version, self._value(row.part), newest, problem)
            except RekamError as error:
                problem = problem or error
        return InForce(self.name, 0, self._installed, newest, problem)

    def _value(self, part: Part) -> T:
        with self._parts.open(part.id) as file:
            data = file.read()
        if hashlib.sha256(data).hexdigest() != part.id:
            self._parts.remove(part.id)  # it rotted on this disk, and is fetched again
            raise zstd.NotUnpacked(reason="it was changed on this disk")
        return self._read(zstd.unpack(data, _LIMIT))


class MasterData:
    """Code lists, region table, and where the place belongs to an `office`, that office's policy."""

    def __init__(self, announced: AnnouncedStore, parts: BlobStore, office: str | None = None) -> None:
        self.codes = MasterShelf(CODE_LISTS, announced, parts, CodeLists.read, packaged_codes())
        self.regions = MasterShelf(REGIONS, announced, parts, Regions.read, Regions.load())
        name = policy_name(office or "-")
        self._policy = MasterShelf(name, announced, parts, OfficePolicy.read, OfficePolicy())
        self._office = office

    @property
    def shelves(self) -> tuple[MasterShelf[OfficePolicy], MasterShelf[CodeLists], MasterShelf[Regions]]:
        """Smallest first."""
        return (self._policy, self.codes, self.regions)

    def arrived(self) -> None:
        """As `Shelf.arrived`, of all names: where another process publishes, somebody asks now and then."""
        for shelf in self.shelves:
            shelf.arrived()

    def reference(self) -> Reference:
        """What coded fields mean here, now."""
        return Reference(self.codes.in_force().value, self.regions.in_force().value)

    def policy(self) -> OfficePolicy:
        """What the centre set for the office."""
        return self._policy.in_force().value

    def in_force(self) -> list[InForce[Any]]:
        """For pages, health and the command line."""
        held: list[InForce[Any]] = [self.codes.in_force(), self.regions.in_force()]
        return [*held, self._policy.in_force()] if self._office else held
