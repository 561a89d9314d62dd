"""A printer in memory, for tests and the simulated country: `PaperTray`."""

from dataclasses import dataclass, field

from rekam.station.printing.port import (
    Fate,
    PrinterOutOfPaper,
    PrinterState,
    PrinterStopped,
    PrinterSuspect,
    PrinterUnreachable,
)

__all__ = ["PaperTray"]


@dataclass
class PaperTray:
    """`Printer`. `sheets` are left; `answers`, `stopped` and `breaks_off` make it fail in its three ways."""

    address: str = "tray:"
    sheets: int = 100
    answers: bool = True
    stopped: bool = False
    breaks_off: bool = False
    printed: list[tuple[str, bytes]] = field(default_factory=list)
    fates: dict[int, Fate] = field(default_factory=dict)

    def state(self) -> PrinterState:
        """See `Printer`."""
        if not self.answers:
            return PrinterState(PrinterUnreachable(printer=self.address))
        if self.sheets < 1:
            return PrinterState(PrinterOutOfPaper(printer=self.address))
        return PrinterState(PrinterStopped(printer=self.address, reasons="cover-open") if self.stopped else None)

    def send(self, pdf: bytes, title: str) -> int:
        """See `Printer`. What breaks off was printed, and nobody heard of it."""
        self._answering()
        self.sheets -= 1
        self.printed.append((title, pdf))
        self.fates[len(self.printed)] = Fate.DONE
        if self.breaks_off:
            raise PrinterSuspect(printer=self.address)
        return len(self.printed)

    def find(self, title: str) -> int | None:
        """See `Printer`."""
        self._answering()
        return next((number for number, (known, _) in enumerate(self.printed, 1) if known == title), None)

    def fate(self, number: int) -> Fate:
        """See `Printer`."""
        self._answering()
        return self.fates.get(number, Fate.UNKNOWN)

    def _answering(self) -> None:
        if not self.answers:
            raise PrinterUnreachable(printer=self.address)
