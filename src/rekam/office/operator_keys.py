"""Operators' new keys, as their stations ask for them and are answered: `OperatorKeys`.

What officials decide lies in `key_decisions`. Every change is one transaction (docs/adr/0048).
"""

from collections.abc import Callable

from rekam.exchange.admission import FenceOf
from rekam.exchange.key_request import KeyAnswer, KeyRequestUnproved, Outcome, read_key_request
from rekam.office.issuing import Issuing
from rekam.office.key_book import SQL, Came, KeyAsked, KeyBook
from rekam.office.key_decisions import KeyDecisions
from rekam.office.key_ends import KeyEnds
from rekam.office.key_grounds import KeyGrounds
from rekam.office.key_stops import KeyStops
from rekam.storage.pool import Pool
from rekam.trust.keys import SigningKey

__all__ = ["OperatorKeys"]


class OperatorKeys:
    """`KeyRequestDesk` of an office; `book` knows how each request stands, `decisions` are its officials', `ends`
    the keys that ended by their stations' word, `stops` those that officials stopped.
    """

    def __init__(
        self,
        pool: Pool,
        issuing: Issuing,
        fence_of: FenceOf,
        key: SigningKey,
        ends: KeyEnds,
        stops: KeyStops,
        may_give: Callable[[], None] = lambda: None,
    ) -> None:
        self._pool = pool
        self._issuing = issuing
        self._key = key
        self.book = KeyBook(pool)
        self.ends = ends
        self.stops = stops
        self.grounds = KeyGrounds(pool, issuing, fence_of, ends)
        self.decisions = KeyDecisions(pool, issuing, self.book, self.grounds, may_give)

    def asked(self, data: bytes, station: str) -> bytes | None:
        """See `KeyRequestDesk`: over the line a station asks for itself alone."""
        return self.answer(self.take(data, "line", station).request)

    def withdrawn(self, digest: bytes, station: str, epoch: int) -> bytes:
        """See `KeyRequestDesk`. What was issued stays issued; a request that comes later on a stick finds itself
        closed.
        """
        request = digest.hex()
        with self._pool.connection() as tx:
            tx.execute(SQL.withdraw, {"request": request, "station": station})
            row = tx.execute(SQL.lock, {"request": request}).fetchone()
            if row is not None and row[1] == station:
                tx.execute(SQL.close, {"request": request, "closed": "withdrawn", "by": "", "reason": ""})
        known = row is not None and row[1] == station
        answer = self.answer(request) if known else None
        return answer or KeyAnswer(digest, station, epoch, "withdrawn").signed(self._key)

    def ended(self, word: bytes, station: str) -> None:
        """See `KeyRequestDesk`."""
        self.ends.take(word, station)

    def stopped(self, station: str, epoch: int) -> list[bytes]:
        """See `KeyRequestDesk`."""
        return self.stops.words(station, epoch)

    def take(self, data: bytes, came: Came, station: str | None = None) -> KeyAsked:
        """A request that came, perhaps again. Raises `KeyRequestUnproved`, `SenderRevoked`."""
        signed = read_key_request(data, self._issuing.chain, self._issuing.root)
        asked, request = signed.request, signed.digest.hex()
        if station is not None and asked.station != station:
            raise KeyRequestUnproved(reason=f"brought by {station}")
        self.grounds.require_believed(asked)
        with self._pool.connection() as tx:
            if tx.execute(SQL.find, {"request": request}).fetchone() is None:
                row = {
                    "request": request,
                    "station": asked.station,
                    "epoch": asked.epoch,
                    "subject": asked.subject,
                    "name": self.grounds.require_known(tx, signed),
                    "role": asked.role,
                    "why": asked.why,
                    "ends": asked.ends.hex(),
                    "asked_by": signed.asked_by.name,
                    "asked_as": signed.asked_by.kind,
                    "came": came,
                    "data": data,
                }
                tx.execute(SQL.replace_older, row)
                tx.execute(SQL.put, row)
                if tx.execute(SQL.was_withdrawn, row).fetchone() is not None:
                    tx.execute(SQL.close, {"request": request, "closed": "withdrawn", "by": "", "reason": ""})
        return self.book.find(request)

    def answer(self, request: str) -> bytes | None:
        """The signed answer, None while nobody has decided. Raises `KeyRequestUnknown`."""
        known = self.book.find(request)
        if known.open:
            return None
        outcome: Outcome = "issued" if known.certificate else "withdrawn" if known.closed == "withdrawn" else "refused"
        reason = known.reason or known.closed if outcome == "refused" else ""
        digest = bytes.fromhex(request)
        return KeyAnswer(digest, known.station, known.epoch, outcome, known.certificate, reason).signed(self._key)
