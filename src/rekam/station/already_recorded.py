"""Already recorded? Answered here, at once, without any network; it advises and never refuses (DESIGN section 2)."""

from typing import Protocol

from rekam.enrolment.check import CheckAdvice, CheckAnswer
from rekam.enrolment.nik import Nik
from rekam.station.recordings import Recordings
from rekam.station.store import StationStore
from rekam.trust.at_rest import keyed_hash

__all__ = ["CHECK_PURPOSE", "AlreadyRecorded", "RecordedFilter"]

CHECK_PURPOSE = "check-nik"
"""The purpose of the keyed NIK hash that filter, feed and station share."""


class RecordedFilter(Protocol):
    """The national snapshot of who is recorded: sometimes wrong when it says yes, never when it says no (never 17)."""

    as_of: str

    def contains(self, nik_hash: bytes, nik: str) -> bool: ...


class AlreadyRecorded:
    """Asks own records, then the feed, then the filter; the first that knows answers, with its source and age."""

    def __init__(self, store: StationStore, recordings: Recordings) -> None:
        self._store = store
        self._recordings = recordings
        self.filter: RecordedFilter | None = None

    def ask(self, nik: str) -> CheckAdvice:
        number = Nik.parse(nik)
        own = self._recordings.of_nik(number)
        if own:
            return CheckAdvice(CheckAnswer.RECORDED_HERE, own[0].number, own[0].saved_at)
        hashed = keyed_hash(self._store.identity().check_key, CHECK_PURPOSE, number)
        told = self._store.row("SELECT number, at FROM recorded_elsewhere WHERE check_hash = ?", (hashed,))
        if told is not None:
            return CheckAdvice(CheckAnswer.RECORDED_ELSEWHERE, told[0], told[1])
        snapshot = self.filter
        if snapshot is None:
            return CheckAdvice(CheckAnswer.NOT_RECORDED, "catatan stasiun")
        answer = CheckAnswer.PERHAPS_RECORDED if snapshot.contains(hashed, number) else CheckAnswer.NOT_RECORDED
        return CheckAdvice(answer, "saringan nasional", snapshot.as_of)
