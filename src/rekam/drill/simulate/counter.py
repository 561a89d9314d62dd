"""A sitting at a simulated counter: real biodata, tiny images, a person behind them whom only the drill knows."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from rekam.enrolment.biodata import Biodata
from rekam.enrolment.check import CheckAdvice
from rekam.enrolment.sample import ALL_SLOTS, ExceptionReason, SampleException, Slot
from rekam.station.opened import Opened
from rekam.station.recordings import Recording
from rekam.station.sitting import Capture, Sitting
from rekam.station.unlock import Unlocked

__all__ = ["FINGER", "Served", "Visit", "served"]

FINGER: Final = Slot.parse("finger-2")
_HELD: Final = (Slot.parse("photo"), Slot.parse("signature"), FINGER)


@dataclass(frozen=True)
class Visit:
    """Somebody comes to a counter. `person` is who it really is, which no place knows."""

    number: int
    biodata: Biodata
    person: int

    @property
    def sitting_id(self) -> str:
        """32 hex digits."""
        return f"{self.number:032x}"

    @property
    def finger(self) -> bytes:
        """What the scanner gives: the simulator's stages read the person in it."""
        return f"sidik jari rahasia {self.person:06d}".encode()


@dataclass(frozen=True)
class Served:
    """Saved; `again`: it was durable before, and nobody could be told."""

    recording: Recording
    again: bool


def served(
    here: Opened, visit: Visit, operator: Unlocked, supervisor: Unlocked, recorded: Collection[int]
) -> Served | None:
    """One sitting up to its saving, taken up where it was broken off. None where somebody else's, who gave the same
    number, is half done: that one comes again, unless `recorded` elsewhere or before the disk was put back; then it is
    abandoned. Raises what the station raises.
    """
    again = here.recordings.of_sitting(visit.sitting_id) is not None
    if not again:
        begun, who = here.drafts.open_of(visit.biodata.nik), operator.operator.subject
        if begun is not None and begun.sitting_id != visit.sitting_id:
            if int(begun.sitting_id, 16) not in recorded:
                return None
            here.drafts.abandon(begun.sitting_id, operator=who, at=_now(here), reason="sudah direkam")
            begun = None
        if begun is None:
            _begin(here, visit, who, supervisor.operator.subject)
    return Served(here.saving.save(visit.sitting_id, operator, supervisor, consent=True), again)


def _now(here: Opened) -> str:
    return here.legal.now().at.isoformat(timespec="seconds")


def _begin(here: Opened, visit: Visit, operator: str, supervisor: str) -> None:
    advice = here.check.ask(visit.biodata.nik)
    sitting = _prepared(visit, advice, operator=operator, supervisor=supervisor, at=_now(here))
    with here.store.tx():
        here.drafts.begin(sitting)
        here.drafts.keep(sitting, *sitting.captures.values())


def _prepared(visit: Visit, advice: CheckAdvice, *, operator: str, supervisor: str, at: str) -> Sitting:
    """The sitting with everything done but the saving."""
    images = dict(zip(_HELD, (b"foto rahasia", b"tanda tangan rahasia", visit.finger), strict=True))
    if advice.answer.warns:
        advice = CheckAdvice(advice.answer, advice.source, advice.as_of, "data diperbarui")
    captures = {
        slot: Capture(slot, "image/png", image, 90, (), 1, "simulated/1", forced=False, good=True)
        for slot, image in images.items()
    }
    exceptions = {
        slot: SampleException(slot, ExceptionReason.NOT_HELD, 0, None, supervisor)
        for slot in ALL_SLOTS
        if slot not in captures
    }
    return Sitting(
        visit.sitting_id,
        visit.biodata,
        operator,
        at,
        advice,
        confirmed=True,
        captures=captures,
        exceptions=exceptions,
        supervisor=supervisor,
    )
