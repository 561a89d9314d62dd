"""The judgement on a photo: a score and the reasons that lowered it."""

from dataclasses import dataclass
from enum import StrEnum

from rekam.abis.face.detect import Face


class PhotoReason(StrEnum):
    """Why a photo is less than good; pages give each its sentence."""

    NO_FACE = "no-face"
    SEVERAL_FACES = "several-faces"
    OFF_CENTRE = "off-centre"
    TOO_FAR = "too-far"
    TOO_CLOSE = "too-close"
    LOW_RESOLUTION = "low-resolution"
    BLURRED = "blurred"
    TOO_DARK = "too-dark"
    TOO_BRIGHT = "too-bright"
    LOW_CONTRAST = "low-contrast"
    WRONG_BACKGROUND = "wrong-background"
    EYES_HIDDEN = "eyes-hidden"
    TILTED = "tilted"


@dataclass(frozen=True, slots=True)
class PhotoQuality:
    """Advice to the operator, who decides: the check never refuses a photo.

    `score` 0-100; `reasons` what lowered it, the gravest first; `face` the face that was judged,
    None where none was found (the cascade misses faces turned aside, under hats or behind veils).
    """

    score: int
    reasons: tuple[PhotoReason, ...]
    face: Face | None
