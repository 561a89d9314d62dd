"""Already recorded? Answered here, at once, without any network; it advises and never refuses (DESIGN section 2)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from rekam.enrolment.check import CheckAdvice, CheckAnswer
from rekam.enrolment.nik import Nik
from rekam.exchange.filter import FilterUnreadable, hash_in_filter, shard_of
from rekam.exchange.filter_shelf import FilterAnswer, FilterShelf
from rekam.station.recordings import Recordings
from rekam.station.store import StationStore
from rekam.trust.at_rest import keyed_hash
from rekam.web.i18n import N_

__all__ = ["NATIONAL_FILTER", "OWN_RECORDS", "PROVINCE_FILTER", "AlreadyRecorded"]

OWN_RECORDS, NATIONAL_FILTER = N_("catatan stasiun"), N_("saringan nasional")
PROVINCE_FILTER = N_("saringan provinsi")
"""Of somebody whose NIK is of another province, where only the own one's filter is kept."""
_PIECE: Final = 1000


class AlreadyRecorded:
    """Asks own records, then the feed, then the filter; the first that knows answers, with its source and age.

    `national` is the national filter: sometimes wrong when it says yes, never when it says no (never 17).
    """

    def __init__(self, store: StationStore, recordings: Recordings, national: FilterShelf) -> None:
        self._store = store
        self._recordings = recordings
        self._national = national

    def ask(self, nik: str) -> CheckAdvice:
        """Of one resident, whose NIK may be typed with blanks. Raises `InvalidNik`."""
        return self.ask_all((Nik.parse(nik),))[0]

    def ask_all(self, niks: Sequence[str]) -> list[CheckAdvice]:
        """Of each of `niks`, sixteen digits each, in their order: a whole village in a tenth of a second."""
        found = {
            nik: CheckAdvice(CheckAnswer.RECORDED_HERE, number, at)
            for nik, (number, at) in self._recordings.newest_of(niks).items()
        }
        key = self._store.identity().check_key
        hashes = {nik: keyed_hash(key, "filter", nik) for nik in niks if nik not in found}
        found |= self._told({check_hash: nik for nik, check_hash in hashes.items()})
        found |= self._filtered({nik: hash_in_filter(known) for nik, known in hashes.items() if nik not in found})
        return [found[nik] for nik in niks]

    def _told(self, of_hash: Mapping[bytes, str]) -> dict[str, CheckAdvice]:
        """Those of whom the feed told."""
        hashes, found = [*of_hash], {}
        for first in range(0, len(hashes), _PIECE):
            piece = hashes[first : first + _PIECE]
            marks = ", ".join("?" * len(piece))
            rows = self._store.rows(
                f"SELECT check_hash, number, at FROM recorded_elsewhere WHERE check_hash IN ({marks})",  # noqa: S608
                tuple(piece),
            )
            for check_hash, number, at in rows:
                found[of_hash[check_hash]] = CheckAdvice(CheckAnswer.RECORDED_ELSEWHERE, number, at)
        return found

    def _filtered(self, hashes: Mapping[str, int]) -> dict[str, CheckAdvice]:
        shards: defaultdict[str, list[str]] = defaultdict(list)
        for nik in hashes:
            shards[shard_of(nik)].append(nik)
        found: dict[str, CheckAdvice] = {}
        for shard, asked in shards.items():
            answers = self._ask_filter([hashes[nik] for nik in asked], shard)
            advice = {answer: self._advice(answer, shard) for answer in {*answers}}
            found |= {nik: advice[answer] for nik, answer in zip(asked, answers, strict=True)}
        return found

    def _ask_filter(self, hashes: Sequence[int], shard: str) -> Sequence[FilterAnswer | FilterUnreadable | None]:
        try:
            return self._national.ask_all(hashes, shard)
        except FilterUnreadable as damaged:
            if len(hashes) == 1:
                return [damaged]
            return [answer for one in hashes for answer in self._ask_filter([one], shard)]

    def _advice(self, answer: FilterAnswer | FilterUnreadable | None, shard: str) -> CheckAdvice:
        if isinstance(answer, FilterUnreadable):  # a damaged filter gives no answer, never a "no"
            return CheckAdvice(CheckAnswer.NOT_CHECKED, NATIONAL_FILTER)
        if answer is None:  # own records know nothing of the rest of the country
            source = OWN_RECORDS if self._national.keeps(shard) else PROVINCE_FILTER
            return CheckAdvice(CheckAnswer.NOT_CHECKED, source)
        said = CheckAnswer.PERHAPS_RECORDED if answer.recorded else CheckAnswer.NOT_RECORDED
        return CheckAdvice(said, NATIONAL_FILTER, answer.as_of.isoformat())
