"""Names of places and packets: `OfficeId`, `StationId`, `PacketNumber` (DESIGN section 9)."""

import re
from dataclasses import dataclass
from typing import Self

from rekam.enrolment.errors import RekamError

__all__ = ["InvalidOfficeId", "InvalidPacketNumber", "InvalidStationId", "OfficeId", "PacketNumber", "StationId"]

_OFFICE = re.compile(r"[0-9]{4}")
_STATION = re.compile(r"[0-9]{6}-[0-9]{2}")
_NUMBER = re.compile(r"([0-9]{6}-[0-9]{2})/([1-9][0-9]*)/([0-9]{6,})")


class InvalidOfficeId(RekamError):
    """'{text}' is not an office id. Nothing was changed. Write the regency's four digits, such as 3174."""


class InvalidStationId(RekamError):
    """'{text}' is not a station id. Nothing was changed.
    Write the district's six digits, a dash and the station's number there, such as 317401-01.
    """


class InvalidPacketNumber(RekamError):
    """'{text}' is not a packet number. Nothing was changed.
    Copy it from the proof of recording: station, epoch and sequence, such as 317401-01/1/000042.
    """


class OfficeId(str):
    """The Disdukcapil office of one regency or city: its code's four digits, ``PPKK``."""

    __slots__ = ()

    def __new__(cls, text: str) -> Self:
        """Four digits; raises `InvalidOfficeId`."""
        if not _OFFICE.fullmatch(text):
            raise InvalidOfficeId(text=text)
        return super().__new__(cls, text)

    @classmethod
    def parse(cls, text: str) -> Self:
        """The id in `text`, blanks around it allowed."""
        return cls(text.strip())


class StationId(str):
    """One recording station: ``PPKKCC-nn``, the n-th of its district (kecamatan)."""

    __slots__ = ()

    def __new__(cls, text: str) -> Self:
        """Six digits, dash, two digits; raises `InvalidStationId`."""
        if not _STATION.fullmatch(text):
            raise InvalidStationId(text=text)
        return super().__new__(cls, text)

    @classmethod
    def parse(cls, text: str) -> Self:
        """The id in `text`, blanks around it allowed."""
        return cls(text.strip())

    @property
    def district(self) -> str:
        """The kecamatan's six digits, ``PPKKCC``."""
        return self[:6]

    @property
    def office(self) -> OfficeId:
        """The office that certifies this station and keeps its packets."""
        return OfficeId(self[:4])


@dataclass(frozen=True, order=True)
class PacketNumber:
    """A packet's place in its station's chain, written ``317401-01/1/000042``.

    `epoch` (from 1) grows when a station is installed anew; `sequence` (from 1) has no gaps within it.
    """

    station: StationId
    epoch: int
    sequence: int

    def __post_init__(self) -> None:
        if self.epoch < 1 or self.sequence < 1:
            raise InvalidPacketNumber(text=str(self))

    @classmethod
    def parse(cls, text: str) -> Self:
        """The number in `text`, blanks around it allowed; raises `InvalidPacketNumber`."""
        match = _NUMBER.fullmatch(text.strip())
        if match is None:
            raise InvalidPacketNumber(text=text)
        number = cls(StationId(match[1]), int(match[2]), int(match[3]))
        # one packet has one spelling: 0000042 would name packet 42 a second time
        if str(number) != text.strip():
            raise InvalidPacketNumber(text=text)
        return number

    def __str__(self) -> str:
        return f"{self.station}/{self.epoch}/{self.sequence:06d}"
