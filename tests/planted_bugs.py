"""Ten mistakes that were really made somewhere, each in one part of a simulated country: what the simulator is for."""

from dataclasses import replace

from rekam.centre.queue import StageQueue
from rekam.drill.simulate.centre import CentreSite, SimulatedCentre
from rekam.drill.simulate.country import Makers
from rekam.drill.simulate.office import OfficeSite
from rekam.drill.simulate.station import StationSite
from rekam.exchange.feed import entries_to_apply
from rekam.exchange.fence import Admitted
from rekam.exchange.pg.feed_sink import _SQL as SINK
from rekam.exchange.pg.feed_sink import PgFeedSink
from rekam.exchange.pg.feed_writer import PgFeedWriter
from rekam.exchange.pg.fences import PgFences
from rekam.office.whereabouts import Whereabouts

__all__ = ["BUGS"]


class AcknowledgesBeforeFsync(Makers):
    """The office signs its receipt while the packet is in the kernel's memory only."""

    class office(OfficeSite):  # noqa: N801  # takes the place of the maker
        def __init__(self, *given):
            super().__init__(*given)
            self.machine.disk.sync = lambda _path, _inode: None


class PurgesOnCustodyReceipt(Makers):
    """The station lets a packet go once the office has it."""

    class station(StationSite):  # noqa: N801  # takes the place of the maker
        def round(self):
            super().round()
            rows = self.here.store.rows("SELECT packet_id FROM recording WHERE custody_receipt IS NOT NULL")
            for (packet_id,) in rows:
                self.here.blobs.remove(packet_id)


class ReadsTheFeedById(Makers):
    """Who reads goes on behind the highest id that was there, as an outbox table without a sequencer does."""

    class centre(CentreSite):  # noqa: N801  # takes the place of the maker
        class make(SimulatedCentre):  # noqa: N801  # takes the place of the maker
            def __init__(self, *given, **more):
                super().__init__(*given, **more)
                self.feed.__class__ = _ById


class _ById(PgFeedWriter):
    def _number(self, feed):
        with self._pool.connection() as tx:
            seen = "SELECT coalesce(max(id), 0) FROM exchange.feed_entry WHERE feed = %(feed)s AND n IS NOT NULL"
            last = "SELECT coalesce(max(n), 0) FROM exchange.feed_entry WHERE feed = %(feed)s"
            (beyond,) = tx.execute(seen, {"feed": feed}).fetchone()
            (n,) = tx.execute(last, {"feed": feed}).fetchone()
            fresh = "SELECT id FROM exchange.feed_entry WHERE feed = %(feed)s AND id > %(id)s ORDER BY id"
            for (found,) in tx.execute(fresh, {"feed": feed, "id": beyond}).fetchall():
                n += 1
                tx.execute("UPDATE exchange.feed_entry SET n = %(n)s WHERE id = %(id)s", {"n": n, "id": found})
            return n


class IgnoresTheFence(Makers):
    """A worker that slept through its lease commits all the same."""

    class centre(CentreSite):  # noqa: N801  # takes the place of the maker
        class make(SimulatedCentre):  # noqa: N801  # takes the place of the maker
            def __init__(self, *given, **more):
                super().__init__(*given, **more)
                self.queue.__class__ = _WithoutFence


class _WithoutFence(StageQueue):
    @staticmethod
    def _hold(_tx, _claim):
        return None


class MovesTheCursorFirst(Makers):
    """The office notes how far it has read, and then, in a transaction of its own, what it read."""

    class office(OfficeSite):  # noqa: N801  # takes the place of the maker
        def _boot(self):
            super()._boot()
            self.office.sink.__class__ = _CursorFirst


class _CursorFirst(PgFeedSink):
    def apply(self, feed, batch, data):
        with self._pool.connection() as tx:
            tx.execute(SINK.begin_cursor, {"feed": feed})
            cursor = int(tx.execute(SINK.lock_cursor, {"feed": feed}).fetchall()[0][0])
            entries = entries_to_apply(batch, feed=feed, cursor=cursor)
            tx.execute(SINK.keep_batch, {"feed": feed, "first": batch.first, "last": batch.last, "data": data})
            tx.execute(SINK.move_cursor, {"feed": feed, "n": batch.last})
        with self._pool.connection() as tx:
            for entry in entries:
                self._handler(tx, entry)
        return len(entries)


class RecordsOnAfterARestore(Makers):
    """The station does not listen to what its office remembers of it."""

    class station(StationSite):  # noqa: N801  # takes the place of the maker
        def _require(self):
            return None


class BelievesBehindTheFence(Makers):
    """The centre takes what a withdrawn key sealed as it takes anything else."""

    class centre(CentreSite):  # noqa: N801  # takes the place of the maker
        class make(SimulatedCentre):  # noqa: N801  # takes the place of the maker
            def __init__(self, *given, **more):
                super().__init__(*given, **more)
                self.fences.__class__ = _WithoutFences


class _WithoutFences(PgFences):
    def arrived(self, _tx, _arrival):
        return Admitted()

    def raised(self, tx, fence):
        return [] if super().raised(tx, replace(fence, after=1 << 40, held=frozenset())) is not None else None


class HidesForks(Makers):
    """The office's page of its stations counts numbers, not the packets that share one."""

    class office(OfficeSite):  # noqa: N801  # takes the place of the maker
        def _boot(self):
            super()._boot()
            self.office.whereabouts.__class__ = _WithoutForks


class _WithoutForks(Whereabouts):
    def stations(self):
        return [replace(line, forks=0) for line in super().stations()]


class StartsAnOlderImage(Makers):
    """Somebody puts an office's server back to last week's backup and starts it; nobody rebuilds it."""

    class office(OfficeSite):  # noqa: N801  # takes the place of the maker
        def rebuild(self):
            self.older = False


class BelievesAnOlderServer(Makers):
    """An office that was put back is told its own word, by the centre and by stations, and hears nothing."""

    class office(OfficeSite):  # noqa: N801  # takes the place of the maker
        def _boot(self):
            super()._boot()
            self.office.past._note = lambda *_given: None


BUGS = {
    "acknowledgement before fsync": AcknowledgesBeforeFsync,
    "purge on custody receipt": PurgesOnCustodyReceipt,
    "feed read by id": ReadsTheFeedById,
    "fencing token ignored": IgnoresTheFence,
    "cursor outside the transaction": MovesTheCursorFirst,
    "own past ignored after a restore": RecordsOnAfterARestore,
    "fence on a withdrawn key ignored": BelievesBehindTheFence,
    "fork not shown": HidesForks,
    "older image started as it is": StartsAnOlderImage,
    "own word not heard after being put back": BelievesAnOlderServer,
}
