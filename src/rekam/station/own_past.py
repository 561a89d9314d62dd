"""Whether this station's disk is as new as the station: `OwnPast` asks the office, and stops capture if not."""

from typing import Final

from rekam.enrolment.errors import RekamError
from rekam.enrolment.identifiers import PacketNumber, StationId
from rekam.exchange.errors import SenderRevoked
from rekam.exchange.extent import NO_EXTENT, Extent
from rekam.exchange.remembered import (
    NONCE_BYTES,
    Asked,
    NumberTakenTwice,
    OlderThanKnown,
    Remembered,
    RememberedUnreadable,
    RememberSource,
    compare,
)
from rekam.station.store import StationStore
from rekam.trust import cbor
from rekam.trust.random import Random

__all__ = ["OwnPast", "kept_trouble"]

_SETTING: Final = "own-past"
_LOG_DOUBTED: Final = "log-doubted"
_WORD: Final = "office-word"
_KINDS: Final = {kind.__name__: kind for kind in (OlderThanKnown, NumberTakenTwice, SenderRevoked)}


class OwnPast:
    """Once its office has said, signed and in answer to this very question, that this disk is old or that its key was
    withdrawn, a station captures nothing more, also after a restart and offline; `rekam station recover` makes a new
    store. Sending goes on: both recordings of a number are kept at the office. Whatever else is answered stops nothing;
    `unheard` is the error of the last question that came to nothing, None after one that was answered.

    Of the office's words the one that goes furthest is handed back with each question: so an office that was set back
    itself hears what it once signed (docs/adr/0056).
    """

    def __init__(self, store: StationStore, source: RememberSource | None, random: Random) -> None:
        self.unheard: RekamError | None = None
        self._store = store
        self._source = source
        self._random = random
        self._asked = False
        self._told: RekamError | None = None
        identity = store.identity()
        self._office = identity.office_certificate.signing
        self._key = identity.signing.key_id
        self._me = (str(identity.station), identity.epoch)
        self._furthest = self._kept_word()
        self._kept = self._furthest[1].numbers

    def ask(self) -> None:
        """Compare with what the office remembers; where nothing could be heard, nothing is known anew (`unheard`)."""
        self._asked = True
        if self._source is None:
            return
        asked = Asked(*self._me, self._key, self._random.bytes(NONCE_BYTES))
        try:
            word = self._source.remembered(asked.nonce, self._furthest[0])
            told = Remembered.read(word, self._office, asked)
        except RekamError as error:
            self.unheard = error
            return
        self.unheard = None
        self._told = compare(told, self._own(), self._id_of)  # believed before it is kept: a disk may refuse to keep it
        if self._told is not None:
            self._note(self._told, word)
        if told.log_doubted != self.log_doubted():
            self._store.put_setting(_LOG_DOUBTED, b"yes" if told.log_doubted else b"")
        self._hold(word, told.extent)

    def require(self) -> None:
        """Before anything is captured or sealed. Asks where nobody has asked since the store was opened: a station
        that was just restored must not seal its first packet before its office was heard, if it can be.

        Raises `OlderThanKnown`, `NumberTakenTwice`, `SenderRevoked`.
        """
        if not self._asked:
            self.ask()  # out of reach: a station records offline; the next round asks again
        if trouble := self.trouble():
            raise trouble

    @property
    def furthest(self) -> Extent:
        """How far the office's books went by its words to this station."""
        return self._furthest[1]

    def log_doubted(self) -> bool:
        """Whether the office, when it was last heard, held evidence against the centre's log: then no copy goes."""
        return bool(self._store.setting(_LOG_DOUBTED))

    def trouble(self) -> RekamError | None:
        """Why nothing may be captured here; None when all is well."""
        return kept_trouble(self._store) or self._told

    def _note(self, trouble: RekamError, word: bytes) -> None:
        """With the office's signed word, for whoever asks later why this station stopped."""
        if kept_trouble(self._store) is None:
            self._store.put_setting(_SETTING, cbor.encode([trouble.code, dict(trouble.facts), word]))

    def _hold(self, word: bytes, extent: Extent) -> None:
        """In memory; on the disk only where numbers went on that must not come twice: an office's every packet, and
        every minute of the public log, would be a write at each of its stations.
        """
        if self._furthest[1].beyond(extent) is not None:
            return
        self._furthest = word, extent
        if extent.numbers != self._kept:
            self._store.put_setting(_WORD, word)
            self._kept = extent.numbers

    def _kept_word(self) -> tuple[bytes, Extent]:
        word = self._store.setting(_WORD)
        try:
            return (word, Remembered.extent_in(word, self._office)) if word else (b"", NO_EXTENT)
        except RememberedUnreadable:  # of an earlier version, or the office has another key
            return b"", NO_EXTENT

    def _own(self) -> int:
        return int(self._store.rows("SELECT sequence FROM chain_head")[0][0])

    def _id_of(self, sequence: int) -> str | None:
        station, epoch = self._me
        number = str(PacketNumber(StationId(station), epoch, sequence))
        row = self._store.row("SELECT packet_id FROM recording WHERE number = ?", (number,))
        return str(row[0]) if row else None


def kept_trouble(store: StationStore) -> RekamError | None:
    """What the office once said of this store; None when nothing is wrong with it."""
    kept = store.setting(_SETTING)
    if kept is None:
        return None
    name, facts, _word = cbor.decode(kept)
    return _KINDS[name](**facts)
