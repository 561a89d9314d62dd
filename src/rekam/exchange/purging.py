"""When a copy of a packet may go, and who lets it go: the rule `judge`, and `Purger` (never 3, docs/adr/0027)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Final, Protocol

from rekam.enrolment.errors import RekamError
from rekam.exchange.log import check_logged
from rekam.storage.blobs import BlobStore
from rekam.trust import receipts
from rekam.trust.clock import LegalTime
from rekam.trust.keys import VerifyKey

__all__ = ["STATION_RETENTION", "Held", "Judgement", "PurgeStore", "Purged", "Purger", "Why", "judge"]

STATION_RETENTION: Final = timedelta(days=30)
"""How long a station keeps an accepted packet where its place says nothing else. Offices keep for ever by default."""

_STEP: Final = 20
_REST_MS: Final = 3_600_000


class Why(StrEnum):
    """Why a copy may go (`PROVED`), or the first reason why it stays."""

    PROVED = "proved"
    LOG_DOUBTED = "the public log is in doubt"
    KEPT_FOR_EVER = "kept for ever"
    NOT_ACCEPTED = "not accepted"
    STILL_TO_SEND = "still to send"
    SET_ASIDE = "set aside"
    QUARANTINED = "quarantined"
    RECEIPT_WRONG = "receipt wrong"
    RECEIPT_OF_ANOTHER = "receipt of another packet"
    NOT_LOGGED = "not in the public log"
    TOO_EARLY = "too early"


@dataclass(frozen=True)
class Held:
    """A packet whose bytes lie here, with all that the rule asks.

    `salt`: the 16 bytes of its header; `receipt`: the acceptance as it came; `to_send`: it waits in an outbox;
    `quarantined`: here or at the centre, by what is known here.
    """

    packet_id: str
    number: str
    size: int
    salt: bytes = field(repr=False)
    receipt: bytes | None = field(repr=False)
    to_send: bool = False
    set_aside: bool = False
    quarantined: bool = False


@dataclass(frozen=True)
class Judgement:
    """`why`; `told`: what the check of receipt or log said, for the engineer; `not_before_ms`: when the retention ends
    (centre's time, milliseconds since 1970), None where it never does or nothing proves the acceptance.
    """

    why: Why
    told: str = ""
    not_before_ms: int | None = None

    @property
    def may_go(self) -> bool:
        """Whether the copy may be removed now."""
        return self.why is Why.PROVED


def judge(
    held: Held, *, centre: VerifyKey, legal: LegalTime, retention: timedelta | None, log_doubted: bool = False
) -> Judgement:
    """The whole rule, from nothing but its arguments: every signature is verified anew at the moment of asking.

    `log_doubted`: the centre's log is known to have broken its word, and nobody has cleared it up: then nothing goes,
    because this copy may be the one that proves what was received. `retention` counts from the centre's own time in
    the receipt, against what is certain of the legal time here (`LegalTime.floor`); None keeps for ever.
    """
    stays = (
        (log_doubted, Why.LOG_DOUBTED),
        (held.receipt is None, Why.NOT_ACCEPTED),
        (held.set_aside, Why.SET_ASIDE),
        (held.to_send, Why.STILL_TO_SEND),
        (held.quarantined, Why.QUARANTINED),
    )
    for applies, why in stays:
        if applies:
            return Judgement(why)
    proved = _proved(held, centre)
    if isinstance(proved, Judgement):
        return proved
    if retention is None:
        return Judgement(Why.KEPT_FOR_EVER)
    not_before_ms = proved.at_ms + _ms(retention)
    why = Why.PROVED if _floor_ms(legal) >= not_before_ms else Why.TOO_EARLY
    return Judgement(why, not_before_ms=not_before_ms)


def _proved(held: Held, centre: VerifyKey) -> receipts.Receipt | Judgement:
    """The centre's word for this very packet, borne out by the public log; or what is wrong with it."""
    try:
        receipt = receipts.verify(held.receipt or b"", centre)
    except RekamError as error:
        return Judgement(Why.RECEIPT_WRONG, str(error))
    said = (receipt.kind, receipt.packet_id, receipt.number, receipt.size)
    if said != ("acceptance", held.packet_id, held.number, held.size):
        return Judgement(Why.RECEIPT_OF_ANOTHER, f"it says {said}")
    try:
        check_logged(receipt, held.salt, centre)
    except RekamError as error:
        return Judgement(Why.NOT_LOGGED, str(error))
    return receipt


class PurgeStore(Protocol):
    """The rows of a place that purges. Adapters: the station's own, `PgPurgeStore`, `InMemoryPurgeStore`.

    A copy is kept, going or gone. Each call is one durable transaction; rows, receipts and salts stay for ever.
    """

    def accepted(self, after: int, limit: int) -> list[tuple[int, str]]:
        """Position and id of kept copies with an acceptance receipt, beyond position `after`, in a fixed order."""

    def going(self) -> list[str]:
        """The copies that were let go and of which nobody has noted yet that they are gone."""

    def let_go(self, packet_id: str, may_go: Callable[[Held], bool]) -> bool:
        """Read the packet, ask, and note in that very transaction that its copy is going, or, on a no, that it stays
        (also where it was going already). Returns the answer.
        """

    def gone(self, packet_id: str) -> None:
        """Note that the copy of a going packet is gone from the medium."""


@dataclass(frozen=True)
class Purged:
    """What one step did: copies that went, those that the disk would not let go (they stay "going" and are tried
    again), and whether the walk reached the end of what is accepted.
    """

    went: tuple[str, ...] = ()
    stuck: tuple[str, ...] = ()
    finished: bool = False


class Purger:
    """Lets accepted copies go, some in each of a place's rounds; the only one that removes a finished packet.

    The row says "going" before the file goes and "gone" after the folder is durable without it. Whatever fails in
    between, the row that says "kept" has its bytes, and what is going is taken up again at the next step.
    """

    def __init__(
        self,
        store: PurgeStore,
        blobs: BlobStore,
        centre: VerifyKey,
        *,
        retention: timedelta | Callable[[], timedelta | None] | None,
        log_doubted: Callable[[], bool] = lambda: False,
        step: int = _STEP,
    ) -> None:
        self._store = store
        self._blobs = blobs
        self._centre = centre
        self._retention = retention if callable(retention) else lambda: retention
        self._log_doubted = log_doubted
        self._step = step
        self._after = 0
        self._rest_until_ms: int | None = None

    def run_once(self, legal: LegalTime) -> Purged:
        """One small step. After a whole walk it rests for an hour of legal time."""
        went, stuck = list[str](), list[str]()
        resting = self._rest_until_ms is not None and _floor_ms(legal) < self._rest_until_ms
        going = self._store.going()
        found = [] if resting else self._store.accepted(self._after, self._step)
        for packet_id in (*going, *(packet_id for _, packet_id in found)):
            try:
                # a step that was cut short: what is gone already needs no judgement, what is still there a new one
                cut_short = packet_id in going and not self._blobs.has(packet_id)
                if cut_short or self._store.let_go(packet_id, self._rule(legal)):
                    self._blobs.remove(packet_id)  # also makes an absence durable that a cut left in memory only
                    self._store.gone(packet_id)
                    went.append(packet_id)
            except OSError:  # a bad sector under one packet is no reason to keep the others
                stuck.append(packet_id)
        finished = not resting and len(found) < self._step
        if not resting:
            self._after = 0 if finished else found[-1][0]
            self._rest_until_ms = _floor_ms(legal) + _REST_MS if finished else None
        return Purged(tuple(went), tuple(stuck), finished)

    def _rule(self, legal: LegalTime) -> Callable[[Held], bool]:
        retention, doubted = self._retention(), self._log_doubted()

        def may_go(held: Held) -> bool:
            return judge(held, centre=self._centre, legal=legal, retention=retention, log_doubted=doubted).may_go

        return may_go


def _ms(span: timedelta) -> int:
    return span // timedelta(milliseconds=1)


def _floor_ms(legal: LegalTime) -> int:
    return round(legal.floor.timestamp() * 1000)
