"""What an office must hold to set one of its stations up anew: `OfficeSetup`, sealed under the office's data key."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self

from rekam.storage.whole_file import write_whole
from rekam.trust import cbor
from rekam.trust.at_rest import DataKey

__all__ = ["OfficeSetup", "StationSetup", "read_setup", "write_setup"]

_FILE: Final = "stations.sealed"
_CONTEXT: Final = b"office/stations"


@dataclass(frozen=True)
class StationSetup:
    """One station: its name, who works there as (subject, name, role), the certificates of its first installation."""

    name: str
    staff: tuple[tuple[str, str, str], ...]
    chain: tuple[bytes, ...] = ()


@dataclass(frozen=True)
class OfficeSetup:
    """What all stations of an office share, and each one of them. `residents`: its extract of the register, as
    `Biodata.to_map` gives it; `check_key` keys the offline check.
    """

    stations: Mapping[str, StationSetup]
    check_key: bytes = field(repr=False)
    suket_policy: str
    place: str
    letterhead: Mapping[str, str]
    official: Mapping[str, str]
    residents: tuple[Mapping[str, Any], ...] = field(repr=False)

    def to_bytes(self) -> bytes:
        """Deterministic CBOR."""
        stations = {
            station: {"name": one.name, "staff": [list(who) for who in one.staff], "chain": list(one.chain)}
            for station, one in self.stations.items()
        }
        shared = {"check_key": self.check_key, "suket_policy": self.suket_policy, "place": self.place}
        papers = {"letterhead": dict(self.letterhead), "official": dict(self.official)}
        return cbor.encode({"stations": stations, **shared, **papers, "residents": list(self.residents)})

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read `to_bytes`."""
        fields: Any = cbor.decode(data)
        stations = {
            station: StationSetup(one["name"], tuple(tuple(who) for who in one["staff"]), tuple(one["chain"]))
            for station, one in fields["stations"].items()
        }
        return cls(**{**fields, "stations": stations, "residents": tuple(fields["residents"])})


def write_setup(folder: Path, setup: OfficeSetup, key: DataKey) -> None:
    """Into the office's data folder, readable by this office alone."""
    write_whole(folder / _FILE, key.seal(setup.to_bytes(), _CONTEXT))


def read_setup(folder: Path, key: DataKey) -> OfficeSetup | None:
    """None where provisioning left none: then this office cannot set stations up anew."""
    path = folder / _FILE
    return OfficeSetup.from_bytes(key.open(path.read_bytes(), _CONTEXT)) if path.exists() else None
