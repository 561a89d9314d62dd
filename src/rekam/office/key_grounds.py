"""What an office holds against a request for an operator's key: who works where, in which role: `KeyGrounds`."""

from rekam.exchange.admission import FenceOf
from rekam.exchange.errors import SenderRevoked
from rekam.exchange.key_request import KeyRequest, KeyRequestUnproved, SignedKeyRequest
from rekam.exchange.pg.register import Transaction
from rekam.office.issuing import Issuing
from rekam.office.key_book import SQL
from rekam.office.key_ends import KeyEnds
from rekam.office.station_staff import working
from rekam.storage.pool import Pool

__all__ = ["KeyGrounds"]

_Who = tuple[str, str, str]


class KeyGrounds:
    """The office's own list of staff, its fences, and the keys that ended here."""

    def __init__(self, pool: Pool, issuing: Issuing, fence_of: FenceOf, ends: KeyEnds) -> None:
        self._pool = pool
        self._issuing = issuing
        self._fence_of = fence_of
        self._ends = ends

    def require_believed(self, asked: KeyRequest) -> None:
        """Raises `SenderRevoked` for an installation whose keys were withdrawn."""
        fence = self._fence_of(asked.station, asked.epoch)
        if fence is not None:
            raise SenderRevoked(station=asked.station, epoch=asked.epoch, first=fence.after + 1)

    def require_known(self, tx: Transaction, signed: SignedKeyRequest) -> str:
        """The name under which the office knows, or will know, whom the request is about. Raises
        `KeyRequestUnproved`.
        """
        asked, by = signed.request, signed.asked_by
        staff = self._staff(tx, asked.station)
        if staff is None:
            raise KeyRequestUnproved(reason=f"no station {asked.station} of this office")
        if staff.get(by.subject, ("", "", ""))[2] != by.kind:
            raise KeyRequestUnproved(reason=f"{by.subject} is no {by.kind} at {asked.station}")
        if tx.execute(SQL.ended, {"key": by.signing.key_id.hex()}).fetchone() is not None:
            raise KeyRequestUnproved(reason=f"signed with a key of {by.subject} that has ended")
        if asked.why == "new":
            self._require_free(tx, asked)
            return asked.name
        known = staff.get(asked.subject)
        before = "operator" if asked.why == "appointed" else asked.role
        if known is None or known[2] != before:
            raise KeyRequestUnproved(reason=f"no {before} {asked.subject} at {asked.station}")
        return str(known[1])

    def supervisors(self, station: str, but: str = "") -> list[str]:
        """Names of those who supervise a station by this office's list, without the subject `but` and those who left by
        the station's own word.
        """
        gone = self._ends.left(station) | {but}
        with self._pool.connection() as tx:
            staff = self._staff(tx, station) or {}
        return [name for subject, name, role in staff.values() if role == "supervisor" and subject not in gone]

    def _staff(self, tx: Transaction, station: str) -> dict[str, _Who] | None:
        setup = self._issuing.stations().get(station)
        return None if setup is None else working(tx, station, setup.staff)

    def _require_free(self, tx: Transaction, asked: KeyRequest) -> None:
        taken = any(asked.subject == who[0] for one in self._issuing.stations().values() for who in one.staff)
        if taken or tx.execute(SQL.known, {"subject": asked.subject}).fetchone() is not None:
            raise KeyRequestUnproved(reason=f"{asked.subject} is somebody else already")
        if not asked.subject.startswith(f"{asked.station}-"):
            raise KeyRequestUnproved(reason="only staff of the station itself are taken in so")
