"""What one place does with a stick, whole folders included: `Courier`."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from rekam.enrolment.errors import RekamError
from rekam.exchange.courier.bundle import Bundle
from rekam.exchange.courier.errors import AnswerInstead, NothingOnStick
from rekam.exchange.courier.left_out import LeftOut
from rekam.exchange.courier.out import Origin, OutReport, bundles_on, courier_out
from rekam.exchange.courier.returning import BackReport, Home, courier_receipts
from rekam.exchange.courier.stick import Stick, stick_told
from rekam.exchange.courier.taking_in import Destination, InReport, courier_in
from rekam.exchange.courier.writing import Told

__all__ = ["Courier", "TakenIn"]


@dataclass
class TakenIn:
    """What was read from a stick: a report a file, and the files that were not this place's (`passed_by`)."""

    files: list[InReport] = field(default_factory=list)
    passed_by: list[LeftOut] = field(default_factory=list)


@dataclass(frozen=True)
class Courier:
    """The ports of one place. `to` are the places it may write for, the usual one first (empty: it sends nothing);
    `destination` is None where nothing is taken in; `home()` is made anew for each return: it looks at what waits.
    """

    place: str
    stick: Stick
    origin: Origin | None = None
    to: tuple[str, ...] = ()
    destination: Destination | None = None
    home: Callable[[], Home] | None = None

    def out(self, folder: Path, to: str, max_bytes: int | None, told: Told) -> OutReport:
        """Write what waits for `to` (`courier_out`)."""
        if self.origin is None or to not in self.to:
            raise NothingOnStick(path=folder)
        return courier_out(self.origin, self.stick, folder, to=to, max_bytes=max_bytes, told=told)

    def take_in(self, path: Path, told: Told) -> TakenIn:
        """Take in a file, or every file in a folder that is for this place (`courier_in`).

        Raises `NothingOnStick` where a folder holds none, and for a single file whatever refuses it.
        """
        if self.destination is None:
            raise NothingOnStick(path=path)
        taken = TakenIn()
        if path.suffix == ".rekam" and self._is_file(path):
            taken.files.append(courier_in(self.destination, self.stick, path, told=told))
            return taken
        for each in bundles_on(self.stick, path):
            try:
                taken.files.append(courier_in(self.destination, self.stick, each, told=told))
            except AnswerInstead:
                continue
            except RekamError as error:
                if not self._own(each):
                    taken.passed_by.append(LeftOut.by(each.name, error))
        if not taken.files and not taken.passed_by:
            raise NothingOnStick(path=path)
        return taken

    def receipts(self, path: Path, told: Told) -> BackReport:
        """Take in an answer, or every answer in a folder that is for this place (`courier_receipts`)."""
        if self.home is None:
            raise NothingOnStick(path=path)
        single = path.suffix == ".rekam" and self._is_file(path)
        paths = [path] if single else [each for each in bundles_on(self.stick, path) if self._answers_us(each)]
        if not paths:
            raise NothingOnStick(path=path)
        return courier_receipts(self.home(), self.stick, paths, told=told)

    def _is_file(self, path: Path) -> bool:
        with stick_told(path):
            return self.stick.size(path) is not None

    def _own(self, path: Path) -> bool:
        return self.destination is not None and self._says(path, lambda bundle: bundle.manifest.sender == self.place)

    def _answers_us(self, path: Path) -> bool:
        """Whether it is an answer to this place, or cannot be told and is called like one."""
        called = path.name.startswith(f"{self.place}-") and path.name.endswith(".kembali.rekam")
        return self._says(
            path,
            lambda bundle: bundle.manifest.purpose == "back" and bundle.manifest.to == self.place,
            unreadable=called,
        )

    def _says(self, path: Path, question: Callable[[Bundle], bool], *, unreadable: bool = False) -> bool:
        root = self.home().root if self.home else self.destination.answering.root if self.destination else None
        if root is None:
            return False
        try:
            return question(Bundle(self.stick, path, root))
        except RekamError:
            return unreadable
