"""An office's courier: takes in its stations' sticks, sends on to the centre, brings home: `office_courier`."""

from collections.abc import Mapping
from typing import Final

from rekam.exchange.admission import check_withdrawn
from rekam.exchange.courier.answering import Answering
from rekam.exchange.courier.courier import Courier
from rekam.exchange.courier.heard import take_heard
from rekam.exchange.courier.hearing import Ears
from rekam.exchange.courier.out import Origin
from rekam.exchange.courier.returning import Home
from rekam.exchange.courier.stick import RealStick, Stick
from rekam.exchange.courier.takers import OutboxTaker, Settled
from rekam.exchange.courier.taking_in import Destination
from rekam.exchange.feed import FeedFollower, FeedSource
from rekam.office.office import Office
from rekam.trust.random import Random, SystemRandom

__all__ = ["office_courier"]

_CENTRE: Final = "centre"
_ALL: Final = (1 << 31) - 1
_STATEMENTS: Final = 1000
"""Carried in one trip; the rest takes the next."""


def office_courier(office: Office, stick: Stick | None = None, random: Random | None = None) -> Courier:
    """The stick is the machine's unless another is given."""
    centre, lost = office.centre.signing, office.upward.lost_above

    def follow(source: FeedSource) -> int:
        return FeedFollower(office.feed, source, office.sink, centre, heard=office.dates.heard).run_once()

    def heard(receipts: Mapping[str, bytes]) -> int:
        return take_heard(office.statements, receipts, centre)

    def home() -> Home:
        waited: tuple[Settled, ...] = (office.outbox, lost)
        takers = [OutboxTaker(each, centre, "acceptance", office.check_logged) for each in waited]
        fetch = office.upward.downloads.fetch if office.upward.downloads else lambda _source: 0
        return Home(office.id, office.root, takers, follow, heard, fetch, rolled=lost.told)

    signing, chain = office.signing, office.chain
    origin = Origin(
        place=office.id,
        key=signing,
        chain=chain,
        root=office.root,
        waiting=lambda _to: lost.waiting(_ALL) + office.outbox.waiting(_ALL),
        blobs=office.packets,
        cursor=lambda: office.sink.cursor(office.feed),
        clock=office.clock,
        random=random or SystemRandom(),
        statements=lambda _to: office.statements.waiting(_STATEMENTS),
        kept=lambda _to: lost.asked(),
    )
    destination = Destination(
        office.inbox,
        # as over the line: the stations that this office certified itself
        lambda writer: writer[0].kind == "station" and writer[1].subject == office.id,
        Answering(
            office.id,
            signing,
            chain,
            office.root,
            office.sink,
            centre,
            office.clock,
            lambda writer: check_withdrawn(writer, office.fences.fence_of),
            office.parts,
        ),
        Ears(
            day_words=office.sealed_days,
            letters=office.answer_sealed_letters,
            corrections=office.correction_answers.answer_sealed,
            key_ends=office.operator_keys.ended,
            key_stops=office.operator_keys.stopped,
            roll_call=office.inbox.roll_call,
        ),
    )
    return Courier(office.id, stick or RealStick(), origin, (_CENTRE,), destination, home)
