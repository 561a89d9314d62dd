"""Corrected biodata as they come from the office: `Corrections`, by line or stick (docs/adr/0052)."""

from collections.abc import Iterable
from typing import Final

import structlog

from rekam.exchange.corrections import (
    CORRECTION,
    MOST_WAITING,
    PARCEL,
    CorrectionDesk,
    CorrectionsUnreadable,
    Question,
    Waiting,
    corrections_feed,
)
from rekam.exchange.errors import FeedFromAnother
from rekam.exchange.feed import Batch, Entry, entries_to_apply, open_batch
from rekam.exchange.signed_correction import open_correction
from rekam.packet.parcel import open_parcel
from rekam.station.referral.referrals import Referrals
from rekam.station.residents import Heard, Residents
from rekam.station.store import StationStore
from rekam.trust.clock import LegalClock
from rekam.trust.keys import OpeningKey, VerifyKey
from rekam.trust.random import Random

__all__ = ["Corrections", "begin_with"]

_KEY: Final = "corrections-key"
_FEED: Final = "corrections-feed"
_TOLD_ANEW: Final = 30
"""Rounds after which open referrals are told again though nothing changed: an office may have lost them."""
_log = structlog.get_logger("rekam.station")


class Corrections:
    """Asks, and applies a batch and moves the cursor in one transaction. `desk` is the office over the line, None where
    there is no way to it.

    The key that parcels are sealed to is made once for an installation and never leaves its encrypted store.
    """

    def __init__(
        self,
        store: StationStore,
        residents: Residents,
        referrals: Referrals,
        legal: LegalClock,
        random: Random,
        desk: CorrectionDesk | None = None,
    ) -> None:
        self.desk = desk
        self._store = store
        self._residents = residents
        self._referrals = referrals
        self._legal = legal
        self._random = random
        self._told: tuple[Waiting, ...] | None = None
        self._rounds = 0

    def question(self, waiting: tuple[Waiting, ...] | None = None) -> Question:
        """What follows what is here; `waiting` are the referrals to tell with it."""
        life = (self._store.setting(_FEED) or b"").decode()
        after = self.cursor(corrections_feed(self._station, life))
        return Question(life, after, self._residents.newest_version(), self._key().public, waiting)

    def waiting(self) -> tuple[Waiting, ...]:
        """This station's open referrals, as the office lists them."""
        return tuple(
            Waiting(
                one.id.number,
                one.at,
                one.nik,
                one.held.name,
                {str(field): text for field, text in one.said.items()},
                one.shown,
                one.note,
            )
            for one in self._referrals.open_ones(MOST_WAITING)
        )

    def bring(self) -> int:
        """One round over the line; how many entries took effect. Raises `RemoteUnreachable` and its kin, and what
        `take` raises.
        """
        if self.desk is None:
            return 0
        waiting, self._rounds = self.waiting(), (self._rounds + 1) % _TOLD_ANEW
        question, brought = self.question(None if waiting == self._told and self._rounds else waiting), 0
        while parcel := self.desk.ask(question.to_bytes()):
            self._told = waiting
            taken, before = self.take(parcel), question.life
            brought += taken
            question = self.question()
            if not taken and question.life == before:
                break
        self._told = waiting
        return brought

    def take(self, parcel: bytes) -> int:
        """A batch, by whatever way it came; how many entries took effect, 0 where all were known.

        Raises `FeedGap`, `FeedFromAnother`, `FeedUnreadable`, and what `open_parcel` raises; then nothing was changed.
        """
        office = self._store.identity().office_certificate.signing
        batch = open_batch(open_parcel(parcel, self._key(), office, PARCEL), office)
        station, _, life = batch.feed.rpartition("/")
        if f"{station}/" != corrections_feed(self._station, ""):
            raise FeedFromAnother(found=batch.feed, expected=corrections_feed(self._station, "..."))
        if batch.last <= self.cursor(batch.feed):
            # its life is asked for from now on: behind a late stick of an earlier one nothing further would ever come
            self._store.put_setting(_FEED, life.encode())
            return 0
        applied = self._apply(batch, life, office)
        self._residents.names.catch_up()
        return applied

    def cursor(self, feed: str) -> int:
        """The last entry of `feed` that took effect here."""
        row = self._store.row("SELECT n FROM feed_cursor WHERE feed = ?", (feed,))
        return int(row[0]) if row else 0

    def _apply(self, batch: Batch, life: str, office: VerifyKey) -> int:
        told = {entry.n: found for entry in batch.entries if (found := _read(entry, office)) is not None}
        at = self._legal.now().at.isoformat(timespec="seconds")
        with self._store.tx():
            entries = entries_to_apply(batch, feed=batch.feed, cursor=self.cursor(batch.feed))
            self._residents.correct((told[entry.n] for entry in entries if entry.n in told), at)
            _move(self._store, life, batch.feed, batch.last)
        return len(entries)

    def _key(self) -> OpeningKey:
        with self._store.tx():
            held = self._store.setting(_KEY)
            if held is None:
                held = OpeningKey.generate(random=self._random).to_bytes()
                self._store.put_setting(_KEY, held)
        return OpeningKey.from_bytes(held)

    @property
    def _station(self) -> str:
        return str(self._store.identity().station)


def begin_with(store: StationStore, corrections: Iterable[Heard], life: str, cursor: int) -> None:
    """What the bundle brought with which a station is set up anew: all up to entry `cursor`, told at no known time."""
    residents = Residents(store)
    with store.tx():
        residents.correct(corrections, "")
        _move(store, life, corrections_feed(str(store.identity().station), life), cursor)
    residents.names.catch_up()


def _move(store: StationStore, life: str, feed: str, n: int) -> None:
    with store.tx() as tx:
        tx.execute("INSERT INTO feed_cursor VALUES (?, ?) ON CONFLICT DO UPDATE SET n = excluded.n", (feed, n))
        store.put_setting(_FEED, life.encode())


def _read(entry: Entry, office: VerifyKey) -> Heard | None:
    """None for what this version does not know, and for one that cannot be read: it holds up no other (never 9)."""
    if entry.kind != CORRECTION:
        return None
    try:
        return Heard(open_correction(entry.body, office), entry.body)
    except CorrectionsUnreadable as error:
        _log.error("a correction cannot be read", entry=entry.n, code=error.code)
        return None
