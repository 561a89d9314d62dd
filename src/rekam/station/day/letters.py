"""Under which letters a counter calls: `CounterLetters`, a supervisor's word for the service days to come."""

from typing import Final, NamedTuple

from rekam.enrolment.errors import RekamError
from rekam.station.day.ticket import Service, letter
from rekam.station.store import StationStore

__all__ = ["CounterLetters", "LetterPair", "LettersUnusable"]

_ALPHABET: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class LettersUnusable(RekamError):
    """The counter cannot call under '{recording}' and '{papers}'. Nothing was changed. Choose two different letters
    from A to Z, other ones than the counters beside it.
    """


class LetterPair(NamedTuple):
    """One letter for each service."""

    recording: str
    papers: str

    def of(self, service: Service) -> str:
        return self.recording if service is Service.RECORDING else self.papers


class CounterLetters:
    """Before anybody chose, the letters follow the counter's number in its district (see `ticket.letter`)."""

    def __init__(self, store: StationStore) -> None:
        self._store = store

    def chosen(self) -> LetterPair:
        """For the next service day."""
        row = self._store.row("SELECT recording, papers FROM counter_letters ORDER BY change DESC LIMIT 1")
        return LetterPair(*row) if row else self.usual()

    def usual(self) -> LetterPair:
        """By the counter's number."""
        counter = int(str(self._store.identity().station).rpartition("-")[2])
        return LetterPair(letter(Service.RECORDING, counter), letter(Service.PAPERS, counter))

    def of_day(self, day: str) -> LetterPair:
        """What the day was opened with first, for as long as it is that day; the chosen ones before it is opened."""
        row = self._store.row("SELECT letters FROM service_day WHERE day = ? ORDER BY opening LIMIT 1", (day,))
        if row is None:
            return self.chosen()
        return LetterPair(*row[0]) if row[0] else self.usual()

    def put(self, recording: str, papers: str, *, by: str, at: str) -> None:
        """Raises `LettersUnusable`."""
        pair = LetterPair(recording.strip().upper(), papers.strip().upper())
        usable = all(len(each) == 1 and each in _ALPHABET for each in pair) and pair.recording != pair.papers
        if not usable:
            raise LettersUnusable(recording=recording[:8], papers=papers[:8])
        with self._store.tx() as tx:
            tx.execute(
                "INSERT INTO counter_letters (recording, papers, set_by, at) VALUES (?, ?, ?, ?)", (*pair, by, at)
            )
