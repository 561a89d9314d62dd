"""An office takes its belief back from a station's old key: `Withdrawals`, effective here at once, at the centre by
statement. Packets that a fence does not vouch for are kept, receipted and relayed as ever; no card is printed for them.
"""

from collections.abc import Sequence

from rekam.enrolment.identifiers import OfficeId
from rekam.exchange.fence import REVOCATION, Fence, draw_fence
from rekam.exchange.pg.fences import PgFences
from rekam.exchange.pg.register import Transaction
from rekam.exchange.pg.statements import put_statement
from rekam.exchange.statements import Statement, state
from rekam.office.legal_time import LegalDates
from rekam.trust.keys import SigningKey

__all__ = ["Withdrawals"]


class Withdrawals:
    """Draws the fence, puts it up and tells the centre, all in the caller's transaction."""

    def __init__(
        self, fences: PgFences, office: OfficeId, key: SigningKey, chain: Sequence[bytes], dates: LegalDates
    ) -> None:
        self._fences = fences
        self._office = office
        self._key = key
        self._chain = tuple(chain)
        self._dates = dates

    def withdraw(
        self, tx: Transaction, station: str, epoch: int, *, reason: str, after: int | None = None, head: str = ""
    ) -> Fence | None:
        """The fence that now stands on (station, epoch); None where one stood before. Raises `FenceUnclear`."""
        if self._fences.stands(tx, station, epoch):
            return None  # what came since, a fork at its end included, is judged by the fence that stands
        fence = self.draw(tx, station, epoch, reason=reason, after=after, head=head)
        if self._fences.raised(tx, fence) is None:
            return None
        statement = Statement(REVOCATION, str(self._office), fence.at_ms, fence.to_body())
        put_statement(tx, statement, state(statement, self._key, self._chain))
        return fence

    def draw(
        self, tx: Transaction, station: str, epoch: int, *, reason: str, after: int | None = None, head: str = ""
    ) -> Fence:
        """What the fence would be now; nothing changes. Raises `FenceUnclear`."""
        at_ms = round(self._dates.now().at.timestamp() * 1000)
        links = self._fences.links(tx, station, epoch)
        return draw_fence(station, epoch, links, at_ms=at_ms, reason=reason, after=after, head=head)
