"""A station's courier: up to its office or straight to the centre, receipts and the feed back: `station_courier`."""

from collections.abc import Callable

from rekam.exchange.corrections import PARCEL as CORRECTIONS
from rekam.exchange.courier.corrections import SealedQuestion
from rekam.exchange.courier.courier import Courier
from rekam.exchange.courier.days import DAY_WORD, SealedWord
from rekam.exchange.courier.manifest import ANY
from rekam.exchange.courier.out import Origin
from rekam.exchange.courier.returning import Home
from rekam.exchange.courier.stick import RealStick, Stick
from rekam.exchange.courier.takers import OutboxTaker, ReceiptTaker, Settled
from rekam.exchange.feed import office_feed
from rekam.exchange.log import check_logged
from rekam.exchange.outbox import Waiting, check_receipt
from rekam.station.carried_letters import CarriedLetters
from rekam.station.feed_sink import keep_acceptance
from rekam.station.opened import Opened
from rekam.station.sealed_once import SealedOnce
from rekam.station.store import StationStore
from rekam.trust.clock import Clock
from rekam.trust.keys import VerifyKey
from rekam.trust.random import Random
from rekam.trust.receipts import Receipt

__all__ = ["AcceptanceTaker", "station_courier"]

_CENTRE = "centre"
_ALL = 1 << 31
_WORDS = 64
"""Words on days whose parcels are kept: a quarter of a year of them on one stick."""


def station_courier(
    here: Opened,
    clock: Clock,
    random: Random,
    stick: Stick | None = None,
    key_stop: Callable[[bytes], object] = lambda _word: None,
) -> Courier:
    """Over the opened station; the stick is the machine's unless another is given. `key_stop` hears of people whose
    keys the office stopped.

    What the centre has accepted still goes to the office, which keeps the backup, and no more to the centre.
    """
    who = here.identity
    carried = CarriedLetters(here.store, here.letters, random)
    origin = _origin(here, clock, random, carried)
    return Courier(
        who.station,
        stick or RealStick(),
        origin,
        (who.office, _CENTRE, ANY),
        home=lambda: _home(here, carried, key_stop),
    )


def _origin(here: Opened, clock: Clock, random: Random, carried: CarriedLetters) -> Origin:
    """What goes out: packets for whoever takes them, everything else for the office alone."""
    who = here.identity
    asked_once = SealedOnce(here.store, CORRECTIONS, random, most=1)
    sealed_words = SealedOnce(here.store, DAY_WORD, random, most=_WORDS)

    def days() -> list[SealedWord]:
        words = here.day_end.after(here.day_end.known())
        sealed = [(word, sealed_words.parcel(word)) for word in words]
        return [SealedWord.of(word, parcel) for word, parcel in sealed if parcel is not None]

    def question() -> SealedQuestion | None:
        waiting = here.corrections.waiting()
        parcel = asked_once.parcel(here.corrections.question(waiting).to_bytes())
        return None if parcel is None else SealedQuestion(parcel, len(waiting))

    return Origin(
        place=who.station,
        key=who.signing,
        chain=who.chain,
        root=who.root,
        waiting=lambda to: _waiting(here, to),
        blobs=here.blobs,
        cursor=lambda: here.line.cursor(office_feed(who.office)),
        clock=clock,
        random=random,
        day_words=lambda to: days() if to == who.office else [],
        letters=lambda to: carried.sealed() if to == who.office else None,
        corrections=lambda to: question() if to == who.office else None,
        key_ends=lambda to: here.key_ends.words() if to == who.office else (),
        kept=lambda to: here.lost_above.asked() if to == who.office else (),
    )


def _waiting(here: Opened, to: str) -> list[Waiting]:
    packets = here.line.carried.waiting(_ALL) + here.line.outbox.waiting(_ALL)
    if to != _CENTRE:
        return here.lost_above.waiting(_ALL) + packets
    rows = here.store.rows("SELECT packet_id FROM recording WHERE acceptance_receipt IS NOT NULL")
    accepted = {packet_id for (packet_id,) in rows}
    return [packet for packet in packets if packet.packet_id not in accepted]


def _home(here: Opened, carried: CarriedLetters, key_stop: Callable[[bytes], object]) -> Home:
    """Who hears of what comes back."""
    who = here.identity
    waited: tuple[Settled, ...] = (here.line.outbox, here.line.carried, here.lost_above)
    takers: list[ReceiptTaker] = [OutboxTaker(each, who.office_certificate.signing, "custody") for each in waited]
    takers.append(AcceptanceTaker(here.store, who.centre_certificate.signing))
    return Home(
        who.station,
        who.root,
        takers,
        here.line.follow,
        fetch=here.downloads.fetch,
        days_known=lambda by, n: here.day_end.note_known(n) if by == str(who.office) else None,
        letters=lambda digest, word: carried.answered(digest, word, here.legal.now().at),
        corrections=here.corrections.take,
        key_stop=key_stop,
        rolled=here.lost_above.told,
    )


class AcceptanceTaker:
    """Acceptances that a courier brings straight from the centre, held to the public log like those of the feed."""

    def __init__(self, store: StationStore, centre: VerifyKey) -> None:
        self.key = centre
        self._store = store
        self._recorded: dict[str, tuple[Waiting, bytes]] | None = None

    def take(self, data: bytes, packet_id: str) -> bool:
        recorded = self._all().get(packet_id)
        if recorded is None:
            return False
        packet, salt = recorded

        def logged(receipt: Receipt) -> None:
            check_logged(receipt, salt, self.key)

        receipt = check_receipt(packet, data, self.key, kind="acceptance", check=logged)
        with self._store.tx() as tx:
            keep_acceptance(tx, receipt, data)
        del self._all()[packet_id]
        return True

    def _all(self) -> dict[str, tuple[Waiting, bytes]]:
        """The recordings that have no acceptance yet."""
        if self._recorded is None:
            rows = self._store.rows(
                "SELECT packet_id, number, size, salt FROM recording WHERE acceptance_receipt IS NULL"
            )
            self._recorded = {row[0]: (Waiting(row[0], row[1], row[2], 0, ()), row[3]) for row in rows}
        return self._recorded
