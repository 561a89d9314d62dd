"""One resident's recording as a whole: `Enrolment`."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

from rekam.enrolment import manifest
from rekam.enrolment.biodata import Biodata
from rekam.enrolment.check import CheckAdvice
from rekam.enrolment.errors import RekamError
from rekam.enrolment.problems import Problem, ProblemKind
from rekam.enrolment.sample import ALL_SLOTS, HAND_SLOTS, Sample, SampleException, Slot

__all__ = ["Enrolment", "IncompleteEnrolment"]


class IncompleteEnrolment(RekamError):
    """The sitting is not complete, so it was not sealed; all that was captured is kept. Still to do: {todo}"""


@dataclass(frozen=True)
class Enrolment:
    """A sitting's result. `sitting_id` is 32 hex digits; `operator` and `supervisor` are staff ids.

    `recorded_at` is the legal date and time, ISO 8601 in UTC; it never decides an order (clocks in the
    field are years off). `correction` is what the office signed of these biodata since the station was set up
    (`exchange.signed_correction`), None where it signed nothing. Building one checks nothing: `problems` does, so
    that a review can show them all.
    """

    sitting_id: str
    biodata: Biodata
    samples: tuple[Sample, ...]
    exceptions: tuple[SampleException, ...]
    consent: bool
    check: CheckAdvice
    operator: str
    supervisor: str | None
    recorded_at: str
    correction: bytes | None = None

    def problems(self) -> tuple[Problem, ...]:
        """Everything that keeps this sitting from being sealed, in the order of the counter's steps."""
        return tuple(self._broken_rules())

    def _broken_rules(self) -> Iterator[Problem]:
        if self.check.answer.warns and not self.check.reason_to_go_on.strip():
            yield Problem(ProblemKind.NO_REASON_TO_GO_ON)
        filled = Counter([sample.slot for sample in self.samples] + [held.slot for held in self.exceptions])
        for slot in sorted((*ALL_SLOTS, *HAND_SLOTS)):
            if filled[slot] > 1:
                yield Problem(ProblemKind.SLOT_TWICE, slot)
            elif not filled[slot] and slot not in HAND_SLOTS:
                yield Problem(ProblemKind.SLOT_EMPTY, slot)
        for exception in self.exceptions:
            if not exception.confirmed_by:
                yield Problem(ProblemKind.EXCEPTION_UNCONFIRMED, exception.slot)
            elif exception.confirmed_by == self.operator:
                yield Problem(ProblemKind.CONFIRMED_BY_OPERATOR, exception.slot)
            elif exception.confirmed_by != self.supervisor:
                yield Problem(ProblemKind.CONFIRMED_BY_STRANGER, exception.slot)
        if not self.consent:
            yield Problem(ProblemKind.NO_CONSENT)

    def complete(self) -> bool:
        """Whether nothing keeps this sitting from being sealed."""
        return not self.problems()

    def sample(self, slot: Slot) -> Sample | None:
        """The sample that fills `slot`, None where there is an exception or nothing."""
        return next((sample for sample in self.samples if sample.slot == slot), None)

    def manifest(self) -> dict[str, Any]:
        """All but the image bytes as a dict for CBOR; the entries name each image by size and SHA-256."""
        return manifest.write(
            {
                "sitting_id": self.sitting_id,
                "consent": self.consent,
                "operator": self.operator,
                "supervisor": self.supervisor,
                "recorded_at": self.recorded_at,
            },
            self.biodata,
            self.check,
            self.samples,
            self.exceptions,
            self.correction,
        )

    @classmethod
    def from_manifest(cls, values: Mapping[str, Any], images: Mapping[Slot, bytes]) -> Self:
        """The inverse of `manifest`; raises `manifest.InvalidManifest` where images and entries differ."""
        return cls(**manifest.read(values, images))
