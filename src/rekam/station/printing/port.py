"""A printer as the station sees it: `Printer`, what it may say, and what goes wrong in sentences."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from rekam.enrolment.errors import RekamError

__all__ = [
    "Fate",
    "Printer",
    "PrinterAddressUnusable",
    "PrinterHoldsPaper",
    "PrinterJammed",
    "PrinterOutOfPaper",
    "PrinterRefused",
    "PrinterState",
    "PrinterStopped",
    "PrinterSuspect",
    "PrinterUnreachable",
    "PrinterWantsPaper",
    "PrintingTrouble",
]


class PrintingTrouble(RekamError):
    """The paper was not printed. It is kept at this station. Look at the printer, then print what waits."""


class PrinterUnreachable(PrintingTrouble):
    """The printer {printer} does not answer. Nothing was printed; the paper is kept at this station.
    See that it is switched on and connected, then print what waits; or open the paper as PDF.
    """


class PrinterOutOfPaper(PrintingTrouble):
    """The printer {printer} is out of paper. Nothing was printed; the paper is kept at this station.
    Put paper in, then print what waits.
    """


class PrinterWantsPaper(PrintingTrouble):
    """The printer {printer} has this paper and is out of paper itself. Put paper in: it goes on by itself."""


class PrinterJammed(PrintingTrouble):
    """Paper is jammed in the printer {printer}. Nothing was printed; the paper is kept at this station.
    Take the jammed sheet out and close the printer, then print what waits.
    """


class PrinterHoldsPaper(PrintingTrouble):
    """The printer {printer} has this paper and has stopped ({reasons}). Take out what is jammed and mend what its
    display says, but do not switch it off: it goes on by itself.
    """


class PrinterStopped(PrintingTrouble):
    """The printer {printer} has stopped ({reasons}). Nothing was printed; the paper is kept at this station.
    Read its display and mend what it says, then print what waits.
    """


class PrinterRefused(PrintingTrouble):
    """The printer {printer} refused the paper ({reason}). Nothing was printed; the paper is kept at this station.
    Choose a printer that takes PDF (IPP Everywhere) or a CUPS queue, or open the paper as PDF.
    """


class PrinterSuspect(PrintingTrouble):
    """Whether the printer {printer} printed this paper is not known: the connection broke off in between. Look at its
    tray. If the paper is there, hand it out; if not, print it once more: that copy bears a mark.
    """


class PrinterAddressUnusable(RekamError):
    """'{address}' is no printer's address. Nothing was changed. Write it as ipp://host/ipp/print or
    ipps://host/printers/name, as the printer's own page or CUPS shows it.
    """


class Fate(StrEnum):
    """What became of a paper that a printer took."""

    UNDERWAY = "underway"
    DONE = "done"
    GIVEN_UP = "given-up"  # and not a side of it was printed
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class PrinterState:
    """Whether a paper would be printed now; `trouble` says why not, or what keeps a paper that is underway."""

    trouble: PrintingTrouble | None = None

    @property
    def ready(self) -> bool:
        """Nothing is in the way."""
        return self.trouble is None


class Printer(Protocol):
    """Prints PDFs, one at a time. Adapters: `IppPrinter`, `PaperTray` (in memory). Where there is none, papers open in
    the browser. Titles name no person: printers and spoolers log them.
    """

    address: str

    def state(self) -> PrinterState:
        """Now; never raises."""

    def send(self, pdf: bytes, title: str) -> int:
        """Hand over; the printer's number for it. Raises `PrinterSuspect` where the printer may have it all the same,
        any other `PrintingTrouble` where it certainly has not.
        """

    def find(self, title: str) -> int | None:
        """Its number for a paper of that title; None where it knows none. Raises `PrinterUnreachable`."""

    def fate(self, number: int) -> Fate:
        """What became of it. Raises `PrinterUnreachable`."""
