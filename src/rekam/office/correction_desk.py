"""What an office answers a station that asks for corrections, and what stations told it: `CorrectionAnswers`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import structlog

from rekam.exchange.corrections import (
    CORRECTION,
    PAGE,
    PARCEL,
    CorrectionsUnreadable,
    Question,
    Waiting,
    corrections_feed,
)
from rekam.exchange.courier.corrections import Numbered
from rekam.exchange.feed import Batch, Entry, seal_batch
from rekam.exchange.pg.register import Transaction
from rekam.exchange.signed_correction import sign_correction
from rekam.office.corrections import Corrections
from rekam.office.population import SQL
from rekam.packet.parcel import open_parcel, seal_parcel
from rekam.trust import cbor
from rekam.trust.certificates import Certificate
from rekam.trust.keys import OpeningKey, SigningKey

__all__ = ["AtStation", "CorrectionAnswers", "Referred"]

_MOST_PARCELS: Final = 100
"""In one answer on a stick: twenty thousand corrections; the rest comes with the next."""
_log = structlog.get_logger("rekam.office")


@dataclass(frozen=True)
class AtStation:
    """How far a station is: entries it is to hear of (`last`), and has (`heard`) since `at`, None where it never asked;
    `ahead`: it holds corrections that this office does not know any more.
    """

    station: str
    last: int
    heard: int
    at: datetime | None
    ahead: bool


@dataclass(frozen=True)
class Referred:
    """An open referral as its station told it; `answered`: a correction of that resident was brought in since."""

    referral: Waiting
    answered: bool


class CorrectionAnswers:
    """`CorrectionDesk` of an office: each station hears of its own feed alone, sealed to the key that it showed."""

    def __init__(self, corrections: Corrections, *, signing: SigningKey, parcels: OpeningKey) -> None:
        self._corrections = corrections
        self._pool = corrections.pool
        self._population = corrections.population
        self._dates = corrections.dates
        self._random = corrections.random
        self._signing = signing
        self._parcels = parcels

    def answer(self, station: str, question: bytes) -> bytes | None:
        """See `CorrectionDesk.ask`; `station` is who signed the request."""
        asked = Question.from_bytes(question)
        with self._pool.connection() as tx:
            after = self._note(tx, station, asked)
            batch = self._after(tx, station, after)
        return None if batch is None else self._sealed(batch, asked)

    def answer_sealed(self, station: Certificate, parcel: bytes) -> list[Numbered]:
        """The same for what came on a stick: every batch that follows, each as one parcel. Raises
        `CorrectionsUnreadable` and what `open_parcel` raises.
        """
        asked = Question.from_bytes(open_parcel(parcel, self._parcels, station.signing, PARCEL))
        found: list[Numbered] = []
        with self._pool.connection() as tx:
            after = self._note(tx, station.subject, asked)
            while len(found) < _MOST_PARCELS and (batch := self._after(tx, station.subject, after)) is not None:
                found.append(Numbered(batch.first, batch.last, self._sealed(batch, asked)))
                after = batch.last
        return found

    def told(self, tx: Transaction, station: str) -> dict[str, Any]:
        """For the bundle of a station that is set up anew: whatever it was told, as it stands now."""
        life = self._corrections.life(tx)
        rows = tx.execute(SQL.all_told, {"station": station}).fetchall()
        newest = [self._signed(bytes(who), bytes(sealed)) for who, sealed in rows]
        end = tx.execute(SQL.end_of, {"station": station}).fetchall()[0][0]
        return {"corrections": newest, "corrected_to": [life, end]}

    def standing(self) -> list[AtStation]:
        """Every station of this office, in order."""
        with self._pool.connection() as tx:
            highest = tx.execute(SQL.highest).fetchall()[0][0]
            known = {row[0]: row for row in tx.execute(SQL.standing).fetchall()}
        silent = {station: (station, 0, 0, 0, None) for station in self._population.stations}
        rows = sorted((silent | known).values(), key=lambda row: str(row[0]))
        return [AtStation(station, last, heard, at, seen > highest) for station, last, heard, seen, at in rows]

    def referrals(self, limit: int) -> list[Referred]:
        """Those that wait at stations, oldest first; what nobody has answered before what was."""
        with self._pool.connection() as tx:
            rows = tx.execute(SQL.waiting, {"limit": limit}).fetchall()
        found = [Referred(self._read(number, bytes(sealed)), bool(answered)) for number, sealed, answered in rows]
        return sorted(found, key=lambda one: one.answered)

    def unanswered(self) -> int:
        """How many referrals nobody has brought a correction for."""
        with self._pool.connection() as tx:
            return int(tx.execute(SQL.count_waiting).fetchall()[0][0])

    def _note(self, tx: Transaction, station: str, asked: Question) -> int:
        """What the station said of itself; returns the entry that it has last of this database's feed."""
        life = self._corrections.life(tx)
        if asked.life == life:
            told = {"station": station, "after": asked.after, "seen": asked.seen}
            if tx.execute(SQL.is_older, told).fetchall()[0][0]:
                life = self._corrections.another_life(tx, than=life)
                _log.warning("an older database answers: corrections are told to every station again", station=station)
        after = asked.after if asked.life == life else 0
        row = {"station": station, "n": after, "seen": asked.seen, "at": self._dates.now().at}
        tx.execute(SQL.heard, row)
        if asked.waiting is not None:
            tx.execute(SQL.forget_waiting, {"station": station})
            for one in asked.waiting:
                tx.execute(SQL.put_waiting, self._row(station, one))
        return after

    def _after(self, tx: Transaction, station: str, after: int) -> Batch | None:
        rows = tx.execute(SQL.after, {"station": station, "after": after, "limit": PAGE}).fetchall()
        if not rows:
            return None
        entries = tuple(Entry(n, CORRECTION, self._signed(bytes(who), bytes(sealed))) for n, who, sealed in rows)
        at_ms = int(self._dates.now().at.timestamp() * 1000)
        return Batch(corrections_feed(station, self._corrections.life(tx)), at_ms, entries)

    def _signed(self, who: bytes, sealed: bytes) -> bytes:
        return sign_correction(self._population.open(who, sealed), self._signing)

    def _sealed(self, batch: Batch, asked: Question) -> bytes:
        signed = seal_batch(batch, self._signing)
        return seal_parcel(signed, kind=PARCEL, recipient=asked.key, signer=self._signing, random=self._random)

    def _row(self, station: str, one: Waiting) -> dict[str, Any]:
        try:
            at = datetime.fromisoformat(one.at)
        except ValueError as error:
            raise CorrectionsUnreadable(reason="a referral's time") from error
        if at.tzinfo is None:
            raise CorrectionsUnreadable(reason="a referral's time")
        said = cbor.encode([one.nik, one.name, dict(one.said), list(one.shown), one.note, one.at])
        sealed = self._population.seal_referral(one.number, said)
        return {
            "station": station,
            "number": one.number,
            "at": at,
            "who": self._population.who(one.nik),
            "sealed": sealed,
        }

    def _read(self, number: str, sealed: bytes) -> Waiting:
        said: Sequence[Any] = cbor.decode(self._population.open_referral(number, sealed))
        nik, name, lines, shown, note, at = said
        return Waiting(number, at, nik, name, lines, tuple(shown), note)
