"""What a withdrawn key means for papers that it signed: `Withdrawals`, and `standing`, a pure function (ADR 0031)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from rekam.enrolment.identifiers import InvalidPacketNumber, PacketNumber

__all__ = ["KeyWithdrawal", "PaperStanding", "Withdrawals", "standing"]


class PaperStanding(StrEnum):
    """Whether a paper was signed before its key was withdrawn, as far as that can be proved."""

    BEFORE = "before"  # the public log held the recording before the withdrawal
    UNPROVED = "unproved"  # perhaps before, perhaps by whoever has the key: a date on paper proves nothing
    AFTER = "after"  # beyond what the office believes, or dated after the withdrawal


@dataclass(frozen=True)
class KeyWithdrawal:
    """The keys of one installation of a station are no longer believed.

    `after`: the last recording that the office believes; `at`: the office's legal time, aware; `log_size`: entries of
    the public log when the centre heard of it, so that every entry before that position was there already.
    """

    station: str
    epoch: int
    after: int
    at: datetime
    log_size: int


class Withdrawals:
    """A verifier's list, as the portal publishes it in `keys.json`."""

    def __init__(self, withdrawn: Iterable[KeyWithdrawal] = ()) -> None:
        self._of = {(each.station, each.epoch): each for each in withdrawn}

    @classmethod
    def from_maps(cls, maps: Iterable[dict[str, object]]) -> "Withdrawals":
        """Read the list `withdrawn` of `keys.json`. Raises ValueError where an item is none."""
        return cls(_read(each) for each in maps)

    def of(self, station: str, epoch: int) -> KeyWithdrawal | None:
        """The withdrawal of this installation's keys, None while they are believed."""
        return self._of.get((station, epoch))


def standing(
    withdrawal: KeyWithdrawal, *, number: str, issued_at: datetime, position: int | None = None
) -> PaperStanding:
    """Of a paper that a withdrawn key signed. `position`: where the proof's entry stands in the public log, None where
    it is not there, nobody looked, or the paper is no proof of recording.
    """
    try:
        packet = PacketNumber.parse(number)
    except InvalidPacketNumber:  # a letter or a card: only the signer says when that was
        return PaperStanding.AFTER if issued_at >= withdrawal.at else PaperStanding.UNPROVED
    if packet.sequence > withdrawal.after:
        return PaperStanding.AFTER
    if position is not None and position < withdrawal.log_size:
        return PaperStanding.BEFORE
    return PaperStanding.UNPROVED


def _read(item: dict[str, object]) -> KeyWithdrawal:
    match item:
        case {
            "station": str() as station,
            "epoch": int() as epoch,
            "after": int() as after,
            "at_ms": int() as at_ms,
            "log_size": int() as log_size,
        }:
            return KeyWithdrawal(station, epoch, after, datetime.fromtimestamp(at_ms / 1000, UTC), log_size)
    raise ValueError(item)
