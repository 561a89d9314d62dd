"""The stages that every packet passes, in order. This list is the whole of the centre's judgement."""

from dataclasses import dataclass, field
from typing import ClassVar, Protocol

from rekam.centre.case import Case
from rekam.centre.verdict import Verdict
from rekam.enrolment.errors import RekamError
from rekam.enrolment.status import Status

__all__ = ["Pipeline", "Stage", "StageElsewhere"]


class StageElsewhere(RekamError):
    """Another worker has what this stage needs ({what}). Nothing was changed; the case goes to that worker."""


class Stage(Protocol):
    """One step. It reads the case, says its verdict, and knows nothing of what comes next."""

    name: ClassVar[str]
    alone: ClassVar[bool]
    """True when no two cases may be in this stage at once, across all workers."""
    failing: ClassVar[Status | None]
    """The status shown while a technical failure of this stage is being retried."""

    def run(self, case: Case) -> Verdict:
        """Raises `StageElsewhere` where this worker cannot run it and another can."""
        ...


@dataclass(frozen=True)
class Pipeline:
    """The stages as one list; `after` tells the worker where a passed case goes."""

    unsealing: Stage
    completeness: Stage
    attestation: Stage
    register: Stage
    extraction: Stage
    quality: Stage
    uniqueness: Stage
    decision: Stage
    stages: tuple[Stage, ...] = field(init=False)

    def __post_init__(self) -> None:
        order = (
            self.unsealing,  # open the packet into a working copy under the centre's own key
            self.completeness,  # every slot holds a sample or a reason
            self.attestation,  # the operator, and the supervisor where the rules ask, really said so
            self.register,  # biodata against the population register
            self.extraction,  # templates anew from the images, with their quality
            self.quality,  # is there enough to tell this person from everybody else
            self.uniqueness,  # 1:1 against the own NIK's earlier record, 1:N against everybody
            self.decision,  # result and print order, or two experts
        )
        object.__setattr__(self, "stages", order)

    @property
    def first(self) -> str:
        return self.stages[0].name

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(stage.name for stage in self.stages)

    def named(self, name: str) -> Stage:
        return next(stage for stage in self.stages if stage.name == name)

    def after(self, name: str) -> str:
        """The stage that follows; the last one always settles or waits, so it has none."""
        return self.names[self.names.index(name) + 1]
