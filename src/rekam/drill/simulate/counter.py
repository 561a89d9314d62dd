"""A sitting at a simulated counter: real biodata, tiny images, a person behind them whom only the drill knows."""

from dataclasses import dataclass
from typing import Final

from rekam.enrolment.biodata import Biodata
from rekam.enrolment.check import CheckAdvice
from rekam.enrolment.sample import ALL_SLOTS, ExceptionReason, SampleException, Slot
from rekam.station.sitting import Capture, Sitting

__all__ = ["FINGER", "Visit", "prepared"]

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


def prepared(visit: Visit, advice: CheckAdvice, *, operator: str, supervisor: str, at: str) -> Sitting:
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
