"""What an office's officials decide about operators' keys: compared letters, two of them, one certificate:
`KeyDecisions`.

The database itself asks for two different officials (docs/adr/0048).
"""

from collections.abc import Callable
from typing import Final

from rekam.enrolment.errors import RekamError
from rekam.exchange.key_request import read_key_request
from rekam.exchange.recovery import CodeWrong
from rekam.office.issuing import Issuing
from rekam.office.key_book import SQL, KeyAsked, KeyBook, approvals
from rekam.office.key_grounds import KeyGrounds
from rekam.storage.pool import Pool
from rekam.trust.pairing import same_letters
from rekam.trust.spoken_code import spoken_code

__all__ = ["KeyDecisions", "KeyRequestClosed", "RefusalNeedsReason", "SupervisorsNotHeard"]

_MOST_WRONG: Final = 3
_APPROVALS: Final = 2
_LONGEST_REASON: Final = 200


class KeyRequestClosed(RekamError):
    """This request for an operator's key was decided or closed meanwhile. Nothing was changed. Look at the page again;
    the station can make a new request at any time.
    """


class RefusalNeedsReason(RekamError):
    """The people at the station read why their request was refused. Nothing was changed. Write the reason, in a few
    words.
    """


class SupervisorsNotHeard(RekamError):
    """No supervisor asked for this new supervisor. Nothing was approved. Telephone those who supervise the station by
    this office's list, or make sure that they no longer can; then tick that you did.
    """


class KeyDecisions:
    """Every change is one transaction."""

    def __init__(
        self,
        pool: Pool,
        issuing: Issuing,
        book: KeyBook,
        grounds: KeyGrounds,
        may_give: Callable[[], None] = lambda: None,
    ) -> None:
        """`may_give` raises where this server may not number a key."""
        self._may_give = may_give
        self._pool = pool
        self._issuing = issuing
        self._book = book
        self._grounds = grounds

    def approve(self, request: str, official: str, letters: str, *, heard: bool = False) -> KeyAsked:
        """One official's yes, with the letters as the station reads them out; the second one issues the certificate.
        `heard`: that official made sure of the supervisors, where none of them asked for a new one.

        Raises `CodeWrong`, `SupervisorsNotHeard`, `KeyRequestClosed`, `KeyRequestUnknown`, and what
        `OperatorKeys.take` raises where things changed since; `OlderThanSaid`.
        """
        self._may_give()
        known = self._book.find(request)
        if not known.open:
            raise KeyRequestClosed
        if known.alone and not heard:
            raise SupervisorsNotHeard
        if not same_letters(letters, spoken_code(known.data)):
            with self._pool.connection() as tx:
                tx.execute(SQL.miss, {"request": request, "most": _MOST_WRONG})
            raise CodeWrong
        asked = read_key_request(known.data, self._issuing.chain, self._issuing.root).request
        self._grounds.require_believed(asked)
        with self._pool.connection() as tx:
            if not self._book.locked(tx, request).open:
                raise KeyRequestClosed
            tx.execute(SQL.approve, {"request": request, "official": official})
            if len(approvals(tx, request)) >= _APPROVALS:
                (before,) = tx.execute(SQL.count_issued, {"subject": asked.subject}).fetchall()[0]
                epoch = before + (1 if known.why == "new" else 2)
                certificate = self._issuing.operator(asked.subject, known.name, asked.role, asked.key, epoch)
                tx.execute(SQL.issue, {"request": request, "certificate": certificate})
        return self._book.find(request)

    def refuse(self, request: str, official: str, reason: str) -> None:
        """The station is told why. Raises `RefusalNeedsReason`, `KeyRequestClosed`, `KeyRequestUnknown`."""
        said = " ".join(reason.split())[:_LONGEST_REASON]
        if not said:
            raise RefusalNeedsReason
        if not self._book.find(request).open:
            raise KeyRequestClosed
        with self._pool.connection() as tx:
            tx.execute(SQL.close, {"request": request, "closed": "refused", "by": official, "reason": said})
