"""A lost office server comes back: feed, packets, receipts from the centre, the rest from its stations: `Rebuild`."""

from collections.abc import Callable
from dataclasses import dataclass, field

from rekam.enrolment.errors import RekamError
from rekam.exchange.continuity import chain_report
from rekam.exchange.errors import RemoteUnreachable
from rekam.exchange.held import MOST_LIVES, Held, HeldSource
from rekam.office.office import Office
from rekam.office.sql import QUERIES
from rekam.trust import receipts

__all__ = ["Rebuild", "Rebuilt"]

Report = Callable[[str, int], None]
"""`report(step, done)`."""


@dataclass
class Rebuilt:
    """What is back. `missing`: packets that the feed tells of and that are not here, by number; `gaps`: numbers below a
    station's highest that nobody has sent yet, which its station offers again by itself; `refused`: packets that the
    centre handed back and that this office could not verify, with the reason.
    """

    entries: int = 0
    packets: int = 0
    receipts: int = 0
    kept: dict[str, int] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)

    @property
    def whole(self) -> bool:
        """Whether all that the centre ever accepted of this office is here again."""
        return not (self.missing or self.refused)


class Rebuild:
    """Over a new, migrated office with or without its keepsake, or over one whose database and packets were put back to
    an older image. Each step may be broken off and repeated: it goes on where it ended.
    """

    def __init__(self, office: Office, centre: HeldSource) -> None:
        self._office = office
        self._centre = centre

    def begin(self) -> None:
        """Before `run`, once, and again where `proved_again`: what keepsake or image have forgotten is not given out a
        second time, and what this office signed last binds it again. Raises `RemoteUnreachable` and its kin.
        """
        self._office.past.recall()
        self._office.recoveries.pass_over(self._life())

    def _life(self) -> int:
        """What this server knows may be less than what the office was: the centre remembers each life that it began.
        Whoever answers in its place can raise the number and do no more.
        """
        least = self._office.recoveries.next_life()
        told = self._centre.life(least)
        return told if least <= told < MOST_LIVES and told % 10 == 0 else least

    @property
    def proved_again(self) -> bool:
        """Whether this server was shown its own word since it began: of an earlier rebuilding that it has forgotten and
        whose numbers it took for its own. Then it begins again.
        """
        return self._office.past.found() is not None

    def run(self, report: Report) -> Rebuilt:
        """Feed from its first entry, then packets in the order of their arrival, then the account."""
        found = Rebuilt()
        self._follow(found, report)
        self._fetch(found, report)
        self._settle_cards()
        self._account(found)
        return found

    def _follow(self, found: Rebuilt, report: Report) -> None:
        follower = self._office.upward.follower
        while follower is not None and (applied := follower.run_once()):
            report("feed", applied)
        found.entries = self._office.sink.cursor(self._office.feed)

    def _fetch(self, found: Rebuilt, report: Report) -> None:
        after = 0
        while listed := self._centre.after(after):
            for each in listed:
                after = each.arrival
                try:
                    self._take(each)
                except RemoteUnreachable:
                    raise  # nothing is wrong with the packet: the same step comes again
                except RekamError as error:
                    found.refused[each.number] = error.code
                    continue
                found.packets += 1
                found.receipts += 1
                report("packets", found.packets)

    def _take(self, each: Held) -> None:
        """Into custody again: verified as when it came from its station, with a receipt as then. The receipt that the
        station holds was signed by the same key and stays good.
        """
        inbox = self._office.inbox
        while (offset := inbox.offset(each.packet_id)) < each.size:
            inbox.append(each.packet_id, offset, self._centre.piece(each.packet_id, offset))
        inbox.complete(each.packet_id, each.chain)
        self._check(receipts.verify(each.receipt, self._office.centre.signing), each.packet_id)
        self._office.outbox.acknowledged(each.packet_id, each.receipt)

    @staticmethod
    def _check(receipt: receipts.Receipt, packet_id: str) -> None:
        if receipt.packet_id != packet_id or receipt.kind != "acceptance":
            raise ReceiptOfAnother(packet_id=packet_id)

    def _settle_cards(self) -> None:
        """A card that was printed here stays printed, whatever the feed said before."""
        with self._office.pool.connection() as tx:
            for (packet_id,) in tx.execute(QUERIES.printed_packets).fetchall():
                tx.execute(QUERIES.set_printed, {"packet_id": packet_id})

    def _account(self, found: Rebuilt) -> None:
        with self._office.pool.connection() as connection:
            found.missing = [number for (number,) in connection.execute(QUERIES.accepted_and_missing)]
        for station, epoch in self._office.register.chains():
            gaps = chain_report(self._office.register.links(station, epoch)).gaps
            found.gaps += [f"{station}/{epoch}/{gap.first:06d}-{gap.last:06d}" for gap in gaps]


class ReceiptOfAnother(RekamError):
    """The centre sent a receipt that is not for packet {packet_id}. The packet is in custody here and is sent to the
    centre again by itself. Report it.
    """
