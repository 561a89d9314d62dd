"""The steps of a sitting and how each of them looks in the task list: `Step`, `StepState`."""

from enum import StrEnum
from types import MappingProxyType
from typing import Final

from rekam.enrolment.sample import Modality

__all__ = ["MODALITY_OF", "STEPS", "Step", "StepState"]


class Step(StrEnum):
    """What an operator does, one after the other, free to jump."""

    BIODATA = "biodata"
    PHOTO = "photo"
    SIGNATURE = "signature"
    FINGERS = "fingers"
    IRISES = "irises"
    REVIEW = "review"


STEPS: Final = tuple(Step)
"""The one list of the sitting's steps, in the order of the counter (DOMAIN section 3)."""

MODALITY_OF: Final = MappingProxyType(
    {
        Step.PHOTO: Modality.PHOTO,
        Step.SIGNATURE: Modality.SIGNATURE,
        Step.FINGERS: Modality.FINGER,
        Step.IRISES: Modality.IRIS,
    }
)
"""What is captured at a step; biodata and review capture nothing."""


class StepState(StrEnum):
    """How a step looks in the task list."""

    TODO = "todo"
    CURRENT = "current"
    DONE = "done"
    ATTENTION = "attention"
