"""Whom a scanned code means at this station: `Codes`."""

from contextlib import suppress

from rekam.enrolment.errors import RekamError
from rekam.enrolment.identifiers import StationId
from rekam.enrolment.nik import InvalidNik, Nik
from rekam.station.lookup.lookup import SHOWN, Found, How
from rekam.station.lookup.scanned import CodeSaysNothing, Scanned, scanned
from rekam.station.recordings import Recording, Recordings, UnknownRecording
from rekam.station.referral.referral import Referral
from rekam.station.referral.referrals import Referrals
from rekam.station.residents import NotInExtract, Residents

__all__ = ["CodeOfAnotherPacket", "Codes", "RecordedAtAnotherStation"]


class RecordedAtAnotherStation(RekamError):
    """Recording {number} was made at station {station}, not here. Nothing was changed. Ask that station for its state,
    or look at the public page; here the resident is found by NIK, or by name and birth date.
    """


class CodeOfAnotherPacket(RekamError):
    """The code names recording {number}, but not the packet that this station saved under that number. Nothing was
    changed. Do not accept the paper: keep it, find the resident by NIK, and report it to the office.
    """


class Codes:
    """Answers from own records and the extract alone. A code is a question; it proves nothing about who holds it."""

    def __init__(self, residents: Residents, recordings: Recordings, referrals: Referrals, station: StationId) -> None:
        self._residents = residents
        self._recordings = recordings
        self._referrals = referrals
        self._station = station

    def ask(self, text: str) -> Found | Recording | Referral | None:
        """None for what a person typed. Raises `CodeSaysNothing`, `RecordedAtAnotherStation`, `CodeOfAnotherPacket`,
        `UnknownRecording`, `ReferralUnknown`, `NotInExtract`.
        """
        code = scanned(text)
        if code is None:
            return None
        if code.referral:
            return self._referrals.find(code.referral)
        return self._recording(code) if code.packet else self._people(code.numbers)

    def _recording(self, code: Scanned) -> Recording:
        station = code.packet.partition("/")[0]
        if station != self._station:
            raise RecordedAtAnotherStation(number=code.packet, station=station)
        found = self._recordings.search(code.packet, limit=1)
        if not found:
            raise UnknownRecording(packet_id=code.packet)
        if code.packet_id and code.packet_id != found[0].packet_id:
            raise CodeOfAnotherPacket(number=code.packet)
        return found[0]

    def _people(self, numbers: tuple[str, ...]) -> Found:
        people = self._residents.among(numbers)
        for number in numbers:
            people += [one for one in self._residents.family(number) if one not in people]
        if not people:
            raise _why_nobody(numbers)
        return Found(people[:SHOWN], How.NUMBER, certain=len(people) == 1)


def _why_nobody(numbers: tuple[str, ...]) -> RekamError:
    for number in numbers:
        with suppress(InvalidNik):
            return NotInExtract(nik=Nik(number).grouped())
    return CodeSaysNothing()
