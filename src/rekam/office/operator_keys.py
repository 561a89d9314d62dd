"""Operators' new keys, as their stations ask for them: compared letters, two officials, one certificate:
`OperatorKeys`.

Every change is one transaction; the database itself asks for two different officials (docs/adr/0048).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from rekam.enrolment.errors import RekamError
from rekam.exchange.admission import FenceOf
from rekam.exchange.errors import SenderRevoked
from rekam.exchange.key_request import KeyAnswer, KeyRequest, KeyRequestUnproved, Outcome, read_key_request
from rekam.exchange.pg.register import Transaction
from rekam.exchange.recovery import CodeWrong
from rekam.office.issuing import Issuing
from rekam.office.station_staff import joined
from rekam.storage.pool import Pool
from rekam.storage.queries import Queries
from rekam.trust.keys import SigningKey
from rekam.trust.pairing import same_letters
from rekam.trust.spoken_code import spoken_code

__all__ = ["KeyAsked", "KeyRequestClosed", "KeyRequestUnknown", "OperatorKeys", "RefusalNeedsReason"]

_SQL: Final = Queries.load("rekam.office", "operator_keys.sql")
_MOST_WRONG: Final = 3
_APPROVALS: Final = 2
_LONGEST_REASON: Final = 200
Came = Literal["line", "text"]


class KeyRequestUnknown(RekamError):
    """This office knows no such request for an operator's key. Nothing was changed. Open it from the list."""


class KeyRequestClosed(RekamError):
    """This request for an operator's key was decided or closed meanwhile. Nothing was changed. Look at the page again;
    the station can make a new request at any time.
    """


class RefusalNeedsReason(RekamError):
    """The people at the station read why their request was refused. Nothing was changed. Write the reason, in a few
    words.
    """


@dataclass(frozen=True)
class KeyAsked:
    """One request at this office. `officials`: who approved so far; `closed`: why it ended without a certificate, ""
    while it has not; `came`: over the ``line`` or as ``text``; `ends`: key id of the old key, hex, "" for a new
    operator.
    """

    request: str
    station: str
    epoch: int
    subject: str
    name: str
    role: str
    why: str
    ends: str
    asked_by: str
    came: Came
    data: bytes
    opened_at: datetime
    wrong: int
    closed: str
    closed_by: str
    reason: str
    officials: tuple[str, ...] = ()
    certificate: bytes = b""

    @property
    def open(self) -> bool:
        return not self.closed and not self.certificate


class OperatorKeys:
    """`KeyRequestDesk` of an office, and what its officials decide."""

    def __init__(self, pool: Pool, issuing: Issuing, fence_of: FenceOf, key: SigningKey) -> None:
        self._pool = pool
        self._issuing = issuing
        self._fence_of = fence_of
        self._key = key

    def asked(self, data: bytes, station: str) -> bytes | None:
        """See `KeyRequestDesk`: over the line a station asks for itself alone."""
        return self.answer(self.take(data, "line", station).request)

    def withdrawn(self, digest: bytes, station: str, epoch: int) -> bytes:
        """See `KeyRequestDesk`. What was issued stays issued; a request that comes later on a stick finds itself
        closed.
        """
        request = digest.hex()
        with self._pool.connection() as tx:
            tx.execute(_SQL.withdraw, {"request": request, "station": station})
            row = tx.execute(_SQL.lock, {"request": request}).fetchone()
            if row is not None and row[1] == station:
                tx.execute(_SQL.close, {"request": request, "closed": "withdrawn", "by": "", "reason": ""})
        known = row is not None and row[1] == station
        answer = self.answer(request) if known else None
        return answer or KeyAnswer(digest, station, epoch, "withdrawn").signed(self._key)

    def take(self, data: bytes, came: Came, station: str | None = None) -> KeyAsked:
        """A request that came, perhaps again. Raises `KeyRequestUnproved`, `SenderRevoked`."""
        signed = read_key_request(data, self._issuing.chain, self._issuing.root)
        asked, request = signed.request, signed.digest.hex()
        if station not in {None, asked.station}:
            raise KeyRequestUnproved(reason=f"brought by {station}")
        self._require_believed(asked)
        with self._pool.connection() as tx:
            known = tx.execute(_SQL.find, {"request": request}).fetchone()
            if known is None:
                name = self._require_known(tx, asked, signed.asked_by.subject, signed.asked_by.signing.key_id)
                row = {
                    "request": request,
                    "station": asked.station,
                    "epoch": asked.epoch,
                    "subject": asked.subject,
                    "name": name,
                    "role": asked.role,
                    "why": asked.why,
                    "ends": asked.ends.hex(),
                    "asked_by": signed.asked_by.name,
                    "came": came,
                    "data": data,
                }
                tx.execute(_SQL.replace_older, row)
                tx.execute(_SQL.put, row)
                if tx.execute(_SQL.was_withdrawn, row).fetchone() is not None:
                    tx.execute(_SQL.close, {"request": request, "closed": "withdrawn", "by": "", "reason": ""})
        return self.find(request)

    def answer(self, request: str) -> bytes | None:
        """The signed answer, None while nobody has decided. Raises `KeyRequestUnknown`."""
        known = self.find(request)
        if known.open:
            return None
        outcome: Outcome = "issued" if known.certificate else "withdrawn" if known.closed == "withdrawn" else "refused"
        reason = known.reason or known.closed if outcome == "refused" else ""
        digest = bytes.fromhex(request)
        return KeyAnswer(digest, known.station, known.epoch, outcome, known.certificate, reason).signed(self._key)

    def approve(self, request: str, official: str, letters: str) -> KeyAsked:
        """One official's yes, with the letters as the station reads them out; the second one issues the certificate.

        Raises `CodeWrong`, `KeyRequestClosed`, `KeyRequestUnknown`, and what `take` raises where things changed since.
        """
        known = self.find(request)
        if not known.open:
            raise KeyRequestClosed
        if not same_letters(letters, spoken_code(known.data)):
            with self._pool.connection() as tx:
                tx.execute(_SQL.miss, {"request": request, "most": _MOST_WRONG})
            raise CodeWrong
        asked = read_key_request(known.data, self._issuing.chain, self._issuing.root).request
        self._require_believed(asked)
        with self._pool.connection() as tx:
            now = self._asked(tx, self._row(tx, _SQL.lock, request))
            if not now.open:
                raise KeyRequestClosed
            tx.execute(_SQL.approve, {"request": request, "official": official})
            if len(self._officials(tx, request)) >= _APPROVALS:
                (before,) = tx.execute(_SQL.count_issued, {"subject": asked.subject}).fetchall()[0]
                epoch = before + (2 if known.why == "forgotten" else 1)
                certificate = self._issuing.operator(asked.subject, known.name, asked.role, asked.key, epoch)
                tx.execute(_SQL.issue, {"request": request, "certificate": certificate})
        return self.find(request)

    def refuse(self, request: str, official: str, reason: str) -> None:
        """The station is told why. Raises `RefusalNeedsReason`, `KeyRequestClosed`, `KeyRequestUnknown`."""
        said = " ".join(reason.split())[:_LONGEST_REASON]
        if not said:
            raise RefusalNeedsReason
        if not self.find(request).open:
            raise KeyRequestClosed
        with self._pool.connection() as tx:
            tx.execute(_SQL.close, {"request": request, "closed": "refused", "by": official, "reason": said})

    def requests(self) -> list[KeyAsked]:
        """For the page: open ones first."""
        with self._pool.connection() as tx:
            return [self._asked(tx, row) for row in tx.execute(_SQL.listed).fetchall()]

    def waiting(self) -> int:
        """How many requests people have to decide about."""
        with self._pool.connection() as tx:
            return int(tx.execute(_SQL.waiting).fetchall()[0][0])

    def find(self, request: str) -> KeyAsked:
        """Raises `KeyRequestUnknown`."""
        with self._pool.connection() as tx:
            return self._asked(tx, self._row(tx, _SQL.find, request))

    def _require_believed(self, asked: KeyRequest) -> None:
        fence = self._fence_of(asked.station, asked.epoch)
        if fence is not None:
            raise SenderRevoked(station=asked.station, epoch=asked.epoch, first=fence.after + 1)

    def _require_known(self, tx: Transaction, asked: KeyRequest, by: str, by_key: bytes) -> str:
        """The name under which the office knows, or will know, whom this is about."""
        setup = self._issuing.stations().get(asked.station)
        if setup is None:
            raise KeyRequestUnproved(reason=f"no station {asked.station} of this office")
        staff = {who[0]: who for who in (*setup.staff, *joined(tx, asked.station))}
        if staff.get(by, ("", "", ""))[2] != "supervisor":
            raise KeyRequestUnproved(reason=f"{by} is no supervisor at {asked.station}")
        if tx.execute(_SQL.ended, {"key": by_key.hex()}).fetchone() is not None:
            raise KeyRequestUnproved(reason=f"signed with a key of {by} that has ended")
        if asked.why == "new":
            self._require_free(tx, asked)
            return asked.name
        known = staff.get(asked.subject)
        if known is None or known[2] != asked.role:
            raise KeyRequestUnproved(reason=f"no {asked.role} {asked.subject} at {asked.station}")
        return str(known[1])

    def _require_free(self, tx: Transaction, asked: KeyRequest) -> None:
        taken = any(asked.subject == who[0] for one in self._issuing.stations().values() for who in one.staff)
        if taken or tx.execute(_SQL.known, {"subject": asked.subject}).fetchone() is not None:
            raise KeyRequestUnproved(reason=f"{asked.subject} is somebody else already")
        if asked.role != "operator" or not asked.subject.startswith(asked.station):
            raise KeyRequestUnproved(reason="only operators of the station itself are taken in so")

    def _asked(self, tx: Transaction, row: Sequence[Any]) -> KeyAsked:
        issued = tx.execute(_SQL.issued, {"request": row[0]}).fetchone()
        certificate = bytes(issued[0]) if issued else b""
        officials = self._officials(tx, row[0])
        return KeyAsked(*row[:10], bytes(row[10]), *row[11:], officials, certificate)  # type: ignore[call-arg]

    @staticmethod
    def _officials(tx: Transaction, request: str) -> tuple[str, ...]:
        return tuple(official for (official,) in tx.execute(_SQL.approvals, {"request": request}))

    @staticmethod
    def _row(tx: Transaction, query: str, request: str) -> Sequence[Any]:
        row: Sequence[Any] | None = tx.execute(query, {"request": request}).fetchone()
        if row is None:
            raise KeyRequestUnknown
        return row
