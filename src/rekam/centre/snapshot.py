"""The stations' offline check, made of everybody with a recording that counts: `Snapshots`."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date

import numpy as np

from rekam.centre.publications import Publications, Tx
from rekam.centre.sql import QUERIES
from rekam.enrolment.errors import RekamError
from rekam.exchange.announced import Announced
from rekam.exchange.filter import build_snapshot
from rekam.exchange.filter_delta import FilterDelta, seal_delta
from rekam.exchange.filter_shelf import FILTER, FilterShelf, deltas_of
from rekam.exchange.fuse import Bits, Hashes
from rekam.exchange.pg.announced import PgAnnounced, lock, lock_at_once
from rekam.storage.pool import Pool
from rekam.trust.keys import SigningKey

__all__ = ["NoSnapshotYet", "Snapshots"]

Progress = Callable[[int, int], None]
_SPARE_EDITIONS = 1


class NoSnapshotYet(RekamError):
    """No snapshot of the offline check was ever published, so there is nothing that a delta could follow. Nothing was
    published. Publish a snapshot first: rekam centre publish-filter.
    """


class Snapshots:
    """Publishes editions of the filter and their daily deltas, each newer than all before (never 17, 18).

    Who was told is a set in the database, changed in the transaction that tells it: a recording that commits while an
    edition is made is in the next delta, never in neither.
    """

    def __init__(self, pool: Pool, signer: SigningKey, publications: Publications) -> None:
        self._pool = pool
        self._signer = signer
        self._publications = publications
        self._shelf = FilterShelf(PgAnnounced(pool), publications.parts, signer.public, "")

    def publish(
        self, progress: Progress = lambda _done, _total: None, *, as_of: date | None = None, bits: Bits = 8
    ) -> Announced:
        """The next edition, with everybody; `progress(done, total)` counts regencies. `as_of` is today (WIB); `bits` of
        a fingerprint see `build_snapshot`.
        """
        with self._pool.connection() as tx, tx.transaction():
            lock(tx)
            tx.execute(QUERIES.forget_uncounted)
            tx.execute(QUERIES.tell_everybody)
            day = as_of or self._today(tx)
            counts: dict[str, int] = dict(tx.execute(QUERIES.told_shards).fetchall())
            made = self._publications.publish(
                tx,
                FILTER,
                lambda edition: build_snapshot(
                    _shards(tx, list(counts), progress),
                    self._publications.parts.put,
                    edition=edition,
                    as_of=day,
                    signer=self._signer,
                    bits=bits,
                ),
            )
            row = {"edition": made.version, "delta": 0, "people": sum(counts.values()), "as_of": day}
            tx.execute(QUERIES.record_publication, row)
        self._shelf.sweep(spare=_SPARE_EDITIONS)
        return made

    def publish_delta(self) -> Announced:
        """What is new since the edition and its deltas, perhaps nobody: then the check is of today all the same.
        Raises `NoSnapshotYet`.
        """
        with self._pool.connection() as tx, tx.transaction():
            lock(tx)
            found = tx.execute(QUERIES.newest_publication).fetchone()
            if found is None:
                raise NoSnapshotYet
            return self._next_delta(tx, found[0])

    def publish_delta_if_due(self) -> Announced | None:
        """Once a day: the first call after midnight (WIB, the database's clock) publishes; None otherwise, where there
        is no snapshot yet, and where something is published just now: no worker's cases wait behind a snapshot.
        """
        with self._pool.connection() as tx, tx.transaction():
            found = tx.execute(QUERIES.newest_publication).fetchone()
            if found is None or not found[3] or not lock_at_once(tx):
                return None
            edition, _, _, due = tx.execute(QUERIES.newest_publication).fetchall()[0]
            return self._next_delta(tx, edition) if due else None

    def adopt(self, recorded: Iterable[tuple[bytes, str]], as_of: date) -> Announced | None:
        """Takes over who was recorded before Rekam, by `NikHashes.check` and the NIK's first four digits. The first
        time it publishes the edition that has them; later the next delta does.
        """
        with self._pool.connection() as tx, tx.transaction(), tx.cursor() as cursor:
            rows = ({"check_hash": check_hash, "nik_shard": shard} for check_hash, shard in recorded)
            cursor.executemany(QUERIES.put_recorded_before, rows)
            begun = tx.execute(QUERIES.newest_publication).fetchone() is not None
        return None if begun else self.publish(as_of=as_of)

    def _next_delta(self, tx: Tx, edition: int) -> Announced:
        fresh = _hashes(tx.execute(QUERIES.tell_fresh).fetchall())
        day = self._today(tx)
        made = self._publications.publish(
            tx,
            deltas_of(edition),
            lambda n: self._publications.put(seal_delta(FilterDelta(edition, n, day, fresh), self._signer)),
        )
        row = {"edition": edition, "delta": made.version, "people": fresh.size, "as_of": day}
        tx.execute(QUERIES.record_publication, row)
        return made

    @staticmethod
    def _today(tx: Tx) -> date:
        day: date = tx.execute(QUERIES.legal_day).fetchall()[0][0]
        return day


def _shards(tx: Tx, names: list[str], progress: Progress) -> Iterator[tuple[str, Hashes]]:
    """One regency at a time: the largest has six million residents, the country two hundred."""
    for done, name in enumerate(names):
        progress(done, len(names))
        yield name, _hashes(tx.execute(QUERIES.told_of_shard, {"nik_shard": name}).fetchall())
    progress(len(names), len(names))


def _hashes(rows: list[tuple[bytes]]) -> Hashes:
    return np.frombuffer(bytes(rows[0][0]), ">u8").astype(np.uint64)
