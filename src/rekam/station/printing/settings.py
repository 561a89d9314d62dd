"""Which printer this station uses: what an operator set, else what it was started with, else the browser."""

from collections.abc import Callable
from typing import Final

from rekam.station.printing.port import Printer, PrintingTrouble
from rekam.station.store import StationStore
from rekam.trust import cbor

__all__ = ["ChosenPrinter", "MakePrinter"]

_SETTING: Final = "printer"

MakePrinter = Callable[[str, str], Printer]
"""From an address and the certificate that was kept for it. Raises `PrinterAddressUnusable`."""


class ChosenPrinter:
    """`started_with` is the address of the command line, "" for none; `certificate_of` asks an address for its own."""

    def __init__(
        self, store: StationStore, make: MakePrinter, certificate_of: Callable[[str], str], started_with: str = ""
    ) -> None:
        self._store = store
        self._make = make
        self._certificate_of = certificate_of
        self._started_with = started_with
        self._made: tuple[tuple[str, str], Printer] | None = None

    @property
    def address(self) -> str:
        """Empty where papers open in the browser."""
        return self._kept()[0]

    def choose(self, address: str) -> None:
        """From now on this one, "" for the browser. Raises `PrinterAddressUnusable`, `PrinterUnreachable`."""
        wanted = address.strip()
        certificate = self._certificate_of(wanted) if wanted else ""
        if wanted:
            self._make(wanted, certificate)
        self._store.put_setting(_SETTING, cbor.encode([wanted, certificate]))

    def __call__(self) -> Printer | None:
        """The printer; None for the browser."""
        kept = self._kept()
        if not kept[0]:
            return None
        if self._made is None or self._made[0] != kept:
            self._made = (kept, self._make(*kept))
        return self._made[1]

    def _kept(self) -> tuple[str, str]:
        kept = self._store.setting(_SETTING)
        if kept is None and self._started_with:
            try:
                self.choose(self._started_with)
            except PrintingTrouble:  # it is away: asked again at the next look
                return self._started_with, ""
            kept = self._store.setting(_SETTING)
        if kept is None:
            return "", ""
        address, certificate = cbor.decode(kept)
        return str(address), str(certificate)
