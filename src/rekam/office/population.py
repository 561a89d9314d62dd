"""Who lives in an office's districts, as far as it knows: `Population`, what provisioning left with all corrections."""

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any, Final

from rekam.enrolment.biodata import Biodata
from rekam.exchange.corrections import Correction
from rekam.exchange.pg.register import Transaction
from rekam.office.station_setup import OfficeSetup
from rekam.storage.queries import Queries
from rekam.trust.at_rest import DataKey, keyed_hash

__all__ = ["SQL", "Population"]

SQL: Final = Queries.load("rekam.office", "corrections.sql")
_DISTRICT: Final = 6
"""Digits of a station's id that name its district."""


class Population:
    """Opens what is sealed only while somebody asks. `setup` is what provisioning left, None where it left nothing."""

    def __init__(self, setup: Callable[[], OfficeSetup | None], data: DataKey) -> None:
        self._setup = setup
        self._data = data
        self._key = data.subkey("residents")

    def who(self, nik: str) -> bytes:
        """The keyed hash under which a resident stands in the database."""
        return keyed_hash(self._key, "resident", nik)

    def seal(self, correction: Correction) -> bytes:
        """For the database."""
        return self._data.seal(correction.to_bytes(), b"resident/" + self.who(correction.biodata.nik))

    def open(self, who: bytes, sealed: bytes) -> Correction:
        """Read `seal`. Raises `DataUnopenable`, `CorrectionsUnreadable`."""
        return Correction.from_bytes(self._data.open(sealed, b"resident/" + who))

    def seal_referral(self, number: str, said: bytes) -> bytes:
        """For the database."""
        return self._data.seal(said, b"referral/" + number.encode())

    def open_referral(self, number: str, sealed: bytes) -> bytes:
        """Read `seal_referral`. Raises `DataUnopenable`."""
        return self._data.open(sealed, b"referral/" + number.encode())

    def now(self, tx: Transaction, niks: Iterable[str]) -> dict[str, Correction]:
        """Those of `niks` whom this office knows, as they stand now; version 0 is as provisioned."""
        wanted = {self.who(nik): nik for nik in niks}
        found = {nik: self._begun(nik) for nik in wanted.values() if nik in self._extract}
        for who, sealed in tx.execute(SQL.newest_of, {"who": [*wanted]}):
            found[wanted[bytes(who)]] = self.open(bytes(who), bytes(sealed))
        return found

    def hearers(self, biodata: Biodata) -> frozenset[str]:
        """The stations that must hear of this resident: all whose extract has the NIK, and those that serve the
        district where the resident lives now; where none does, every station of this office.
        """
        every = frozenset(self.stations)
        if biodata.nik in self._extract:
            return every
        district = biodata.village.replace(".", "")[:_DISTRICT]
        return frozenset(one for one in every if one[:_DISTRICT] == district) or every

    @cached_property
    def stations(self) -> tuple[str, ...]:
        """All of this office's, in order."""
        known = self._setup()
        return tuple(sorted(known.stations)) if known else ()

    @cached_property
    def _extract(self) -> Mapping[str, Mapping[str, Any]]:
        """What every station of this office was provisioned with, by NIK."""
        known = self._setup()
        return {one["nik"]: one for one in known.residents} if known else {}

    def _begun(self, nik: str) -> Correction:
        return Correction(0, Biodata.from_map(self._extract[nik]))
