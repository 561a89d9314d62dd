"""Already recorded? Answered here, at once, without any network; it advises and never refuses (DESIGN section 2)."""

from rekam.enrolment.check import CheckAdvice, CheckAnswer
from rekam.enrolment.nik import Nik
from rekam.exchange.filter import FilterUnreadable, filter_hash, shard_of
from rekam.exchange.filter_shelf import FilterShelf
from rekam.station.recordings import Recordings
from rekam.station.store import StationStore
from rekam.trust.at_rest import keyed_hash
from rekam.web.i18n import N_

__all__ = ["NATIONAL_FILTER", "OWN_RECORDS", "PROVINCE_FILTER", "AlreadyRecorded"]

OWN_RECORDS, NATIONAL_FILTER = N_("catatan stasiun"), N_("saringan nasional")
PROVINCE_FILTER = N_("saringan provinsi")
"""Of somebody whose NIK is of another province, where only the own one's filter is kept."""


class AlreadyRecorded:
    """Asks own records, then the feed, then the filter; the first that knows answers, with its source and age.

    `national` is the national filter: sometimes wrong when it says yes, never when it says no (never 17).
    """

    def __init__(self, store: StationStore, recordings: Recordings, national: FilterShelf) -> None:
        self._store = store
        self._recordings = recordings
        self._national = national

    def ask(self, nik: str) -> CheckAdvice:
        number = Nik.parse(nik)
        own = self._recordings.of_nik(number)
        if own:
            return CheckAdvice(CheckAnswer.RECORDED_HERE, own[0].number, own[0].saved_at)
        key = self._store.identity().check_key
        told = self._store.row(
            "SELECT number, at FROM recorded_elsewhere WHERE check_hash = ?", (keyed_hash(key, "filter", number),)
        )
        if told is not None:
            return CheckAdvice(CheckAnswer.RECORDED_ELSEWHERE, told[0], told[1])
        return self._ask_filter(key, number)

    def _ask_filter(self, key: bytes, number: Nik) -> CheckAdvice:
        try:
            known = self._national.ask(filter_hash(key, number), shard_of(number))
        except FilterUnreadable:  # a damaged filter gives no answer, never a "no"
            return CheckAdvice(CheckAnswer.NOT_CHECKED, NATIONAL_FILTER)
        if known is None and not self._national.keeps(shard_of(number)):
            return CheckAdvice(CheckAnswer.NOT_CHECKED, PROVINCE_FILTER)
        if known is None:  # own records know nothing of the rest of the country
            return CheckAdvice(CheckAnswer.NOT_CHECKED, OWN_RECORDS)
        answer = CheckAnswer.PERHAPS_RECORDED if known.recorded else CheckAnswer.NOT_RECORDED
        return CheckAdvice(answer, NATIONAL_FILTER, known.as_of.isoformat())
