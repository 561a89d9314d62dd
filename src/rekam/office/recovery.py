"""Setting a station up anew, at the office: requests, two officials' approvals, the new certificate: `Recoveries`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from rekam.enrolment.errors import RekamError
from rekam.exchange.pg.fences import PgFences
from rekam.exchange.pg.register import Transaction
from rekam.exchange.recovery import (
    CodeWrong,
    Offer,
    Progress,
    RecoveryClosed,
    RecoveryUnknown,
    Reveal,
    SignedReveal,
    StationUnknown,
)
from rekam.office.issuing import Issued, Issuing
from rekam.office.key_book import SQL as KEYS
from rekam.office.withdrawal import Withdrawals
from rekam.storage.pool import Pool
from rekam.storage.queries import Queries
from rekam.trust.pairing import Pairing, same_letters
from rekam.trust.random import Random

__all__ = ["Recoveries", "Request", "TermsMissing"]

_SQL: Final = Queries.load("rekam.office", "recovery.sql")
_MOST_WRONG: Final = 3
_APPROVALS: Final = 2


class TermsMissing(RekamError):
    """A station is set up anew with a reason. Nothing was approved. Write what happened to the old one."""


@dataclass(frozen=True)
class Request:
    """One station that asks to be set up anew. `officials`: who approved so far; `fence`: what the first of them says
    of the old key as (after, head, reason), None before; `closed`: why it ended without keys, "" while it has not.
    """

    request: str
    station: str
    opened_at: datetime
    reveal: Reveal
    pairing: Pairing
    officials: tuple[str, ...]
    fence: tuple[int, str, str] | None
    closed: str
    issued: Issued | None


class Recoveries:
    """Every change is one transaction; the database itself asks for two different officials (docs/adr/0032)."""

    def __init__(
        self,
        pool: Pool,
        issuing: Issuing,
        withdrawals: Withdrawals,
        fences: PgFences,
        random: Random,
        *,
        may_give: Callable[[], None] = lambda: None,
    ) -> None:
        """`may_give` raises where this server may not number an installation."""
        self._may_give = may_give
        self._pool = pool
        self._issuing = issuing
        self._withdrawals = withdrawals
        self._fences = fences
        self._random = random

    def open(self, station: str, committed: bytes) -> Offer:
        """A station without keys asks. Nothing is believed of it yet. Raises `StationUnknown`."""
        if station not in self._issuing.stations():
            raise StationUnknown(station=station)
        request, nonce = self._random.bytes(16).hex(), self._random.bytes(32)
        with self._pool.connection() as tx:
            tx.execute(_SQL.close_older, {"station": station})
            row = {"request": request, "station": station, "commitment": committed, "nonce": nonce}
            tx.execute(_SQL.open, row)
        return self._offer(request, nonce)

    def show(self, request: str, data: bytes) -> None:
        """The station shows the keys it had committed to. Again with the same changes nothing.

        Raises `RecoveryUnknown`, `RecoveryUnreadable`.
        """
        with self._pool.connection() as tx:
            row = self._row(tx, _SQL.lock, request)
            reveal = SignedReveal(data).opened(bytes(row["commitment"]))
            if reveal.station != row["station"]:
                raise RecoveryUnknown
            tx.execute(_SQL.show, {"request": request, "reveal": data})

    def progress(self, request: str) -> Progress:
        """For the station that waits. Raises `RecoveryUnknown`."""
        with self._pool.connection() as tx:
            row = self._row(tx, _SQL.find, request)
            issued = Issued.of(tx, request)
            count = len(self._officials(tx, request))
        if issued is None:
            return Progress(count, row["closed"])
        return Progress(count, "", issued.bundle, issued.size)

    def bundle(self, request: str, offset: int) -> bytes:
        """The next bytes of the sealed bundle, b"" at its end. Raises `RecoveryUnknown`."""
        with self._pool.connection() as tx:
            issued = Issued.of(tx, request)
        if issued is None:
            raise RecoveryUnknown
        return self._issuing.read(issued, offset)

    def requests(self) -> list[Request]:
        """For the page: open ones first."""
        with self._pool.connection() as tx:
            rows = [_named(row) for row in tx.execute(_SQL.listed)]
            return [self._request(tx, row) for row in rows]

    def find(self, request: str) -> Request:
        """Raises `RecoveryUnknown`, also for one that has not shown its keys."""
        with self._pool.connection() as tx:
            row = self._row(tx, _SQL.find, request)
            if row["reveal"] is None:
                raise RecoveryUnknown
            return self._request(tx, row)

    def approve(
        self, request: str, official: str, code: str, *, reason: str = "", after: int | None = None, head: str = ""
    ) -> Request:
        """One official's yes, with the letters as the station reads them out; the second one issues the new keys.

        `reason`, `after` and `head` are the first official's word on the old key, which the second confirms as it
        stands. Raises `CodeWrong`, `RecoveryClosed`, `TermsMissing`, `FenceUnclear`, `RecoveryUnknown`,
        `OlderThanSaid`.
        """
        self._may_give()
        with self._pool.connection() as tx:
            row = self._row(tx, _SQL.lock, request)
            known = self._request(tx, row)
            wrong = not same_letters(code, known.pairing.code)
            if wrong and not known.closed and known.issued is None:
                tx.execute(_SQL.miss, {"request": request, "most": _MOST_WRONG})
        if wrong:
            raise CodeWrong
        with self._pool.connection() as tx:
            row = self._row(tx, _SQL.lock, request)
            if row["closed"]:
                raise RecoveryClosed(reason=row["closed"])
            if row["after"] is None:
                self._set_terms(tx, row, reason, after, head)
            tx.execute(_SQL.approve, {"request": request, "official": official})
            if len(self._officials(tx, request)) >= _APPROVALS and Issued.of(tx, request) is None:
                self._issue(tx, self._row(tx, _SQL.lock, request))
        return self.find(request)

    def close(self, request: str, official: str) -> None:
        """An official refuses; the station is told. What was issued stays issued."""
        with self._pool.connection() as tx:
            if Issued.of(tx, request) is None:
                tx.execute(_SQL.close, {"request": request, "closed": f"refused by {official}"})

    def next_life(self) -> int:
        """What installations may be numbered from after the next rebuilding, as far as this server knows: a full ten,
        for each life of the server another.
        """
        with self._pool.connection() as tx:
            return int(tx.execute(_SQL.next_life).fetchall()[0][0])

    def pass_over(self, life: int) -> None:
        """This server was rebuilt, begins this life, and cannot know which installations it certified last, nor which
        cards it printed: the next begin above.
        """
        with self._pool.connection() as tx:
            tx.execute(_SQL.note_rebuilt, {"life": life})

    def _set_terms(self, tx: Transaction, row: dict[str, Any], reason: str, after: int | None, head: str) -> None:
        if not reason.strip():
            raise TermsMissing
        newest = self._newest_epoch(tx, row["station"])
        drawn = self._withdrawals.draw(tx, row["station"], newest, reason=reason, after=after, head=head)
        terms = {"after": drawn.after, "head": drawn.head, "reason": drawn.reason}
        tx.execute(_SQL.set_terms, {"request": row["request"]} | terms)

    def _issue(self, tx: Transaction, row: dict[str, Any]) -> None:
        """New keys, the end of the old ones' belief, of what was asked for with them, and the bundle: all of it, or
        nothing.
        """
        station, newest = row["station"], self._newest_epoch(tx, row["station"])
        epoch = max(newest + 1, int(tx.execute(_SQL.spared_epochs).fetchall()[0][0]))
        for old in range(1, epoch):  # those that a rebuilt office may have given and does not know included
            terms = {"after": row["after"], "head": row["head"]} if old == newest else {}
            self._withdrawals.withdraw(tx, station, old, reason=row["reason"], **terms)
        reveal = SignedReveal(bytes(row["reveal"])).opened(bytes(row["commitment"]))
        issued = self._issuing.issue(tx, reveal, epoch)
        tx.execute(_SQL.issue, {"request": row["request"], **issued.to_row()})
        officials = ", ".join(self._officials(tx, row["request"]))
        tx.execute(KEYS.supersede, {"station": station, "epoch": epoch, "by": officials, "reason": row["reason"]})

    def _request(self, tx: Transaction, row: dict[str, Any]) -> Request:
        reveal = SignedReveal(bytes(row["reveal"])).opened(bytes(row["commitment"]))
        offer = self._offer(row["request"], bytes(row["nonce"]))
        return Request(
            request=row["request"],
            station=row["station"],
            opened_at=row["opened_at"],
            reveal=reveal,
            pairing=offer.pairing(reveal),
            officials=self._officials(tx, row["request"]),
            fence=None if row["after"] is None else (row["after"], row["head"], row["reason"]),
            closed=row["closed"],
            issued=Issued.of(tx, row["request"]),
        )

    def _offer(self, request: str, nonce: bytes) -> Offer:
        return Offer(request, nonce, self._issuing.chain, self._issuing.root.to_bytes(), self._issuing.name)

    @staticmethod
    def _officials(tx: Transaction, request: str) -> tuple[str, ...]:
        return tuple(official for (official,) in tx.execute(_SQL.approvals, {"request": request}))

    @staticmethod
    def _newest_epoch(tx: Transaction, station: str) -> int:
        return int(tx.execute(_SQL.newest_epoch, {"station": station}).fetchall()[0][0])

    @staticmethod
    def _row(tx: Transaction, query: str, request: str) -> dict[str, Any]:
        row = tx.execute(query, {"request": request}).fetchone()
        if row is None:
            raise RecoveryUnknown
        return _named(row)


_COLUMNS: Final = (
    *("request", "station", "commitment", "nonce", "opened_at", "reveal", "wrong", "closed", "after", "head", "reason"),
)


def _named(row: tuple[Any, ...]) -> dict[str, Any]:
    return dict(zip(_COLUMNS, row, strict=True))
