"""The photo check: is there one face, in its place, sharp, well lit, before the right colour."""

import numpy as np

from rekam.abis.face import parameters as p
from rekam.abis.face.background import background_share
from rekam.abis.face.detect import Face, find_faces
from rekam.abis.face.eyes import find_eyes
from rekam.abis.face.light import measure_light
from rekam.abis.face.quality import PhotoQuality, PhotoReason
from rekam.abis.face.read import Background, Photo, read_photo

Marks = dict[PhotoReason, float]
"""For each reason, 1 where there is nothing to say and 0 where nothing could be worse."""


def check_photo(photo: bytes | Photo, expected_background: Background | None = None) -> PhotoQuality:
    """Judges a photo file, or RGB pixels uint8 (H, W, 3), taken for an identity card.

    The score is 100 times the product of all marks; a reason is given for each mark below one half.
    Raises what `read_photo` raises; a photo without a face is no error but scores 0.
    """
    pixels = read_photo(photo)
    faces = find_faces(pixels)
    if not faces:
        return PhotoQuality(0, (PhotoReason.NO_FACE,), None)
    face = faces[0]
    marks = _place_marks(pixels, face) | _light_marks(pixels, face) | _eye_marks(pixels, face)
    marks[PhotoReason.SEVERAL_FACES] = 1.0 if len(faces) == 1 else 0.3
    if expected_background is not None:
        share = background_share(pixels, face, expected_background)
        marks[PhotoReason.WRONG_BACKGROUND] = 0.3 + 0.7 * _rising(share, p.BACKGROUND_SHARE)
    reasons = sorted((mark, reason) for reason, mark in marks.items() if mark < 0.5)
    score = round(100 * float(np.prod(list(marks.values()))))
    return PhotoQuality(score, tuple(reason for _, reason in reasons), face)


def _place_marks(photo: Photo, face: Face) -> Marks:
    height, width = photo.shape[:2]
    aside = abs(face.middle - width / 2) / width
    eyes, head = face.eyes / height, (face.chin - face.crown) / height
    low, high = p.EYE_HEIGHT
    outside = max(aside - p.OFF_CENTRE, low - eyes, eyes - high)
    return {
        PhotoReason.OFF_CENTRE: 1.0 if outside <= 0 else 0.4,
        PhotoReason.TOO_FAR: 1.0 if head >= p.HEAD_HEIGHT[0] else 0.4,
        PhotoReason.TOO_CLOSE: 1.0 if head <= p.HEAD_HEIGHT[1] else 0.4,
        PhotoReason.LOW_RESOLUTION: 1.0 if p.EYES_OF_BOX * face.size >= p.LEAST_EYE_DISTANCE else 0.4,
    }


def _eye_marks(photo: Photo, face: Face) -> Marks:
    eyes = find_eyes(photo, face)
    if eyes is None:
        return {PhotoReason.EYES_HIDDEN: 0.4}
    return {PhotoReason.TILTED: 1 - _rising(abs(eyes.roll), p.ROLL)}


def _light_marks(photo: Photo, face: Face) -> Marks:
    light = measure_light(photo, face)
    dark_end, dark, bright, bright_end = p.BRIGHTNESS
    return {
        PhotoReason.BLURRED: _rising(light.sharpness, p.SHARPNESS),
        PhotoReason.TOO_DARK: min(_rising(light.brightness, (dark_end, dark)), _kept(light.black)),
        PhotoReason.TOO_BRIGHT: min(1 - _rising(light.brightness, (bright, bright_end)), _kept(light.white)),
        PhotoReason.LOW_CONTRAST: _rising(light.contrast, p.CONTRAST),
    }


def _kept(clipped: float) -> float:
    return 1.0 if clipped <= p.CLIPPED else 0.4


def _rising(value: float, between: tuple[float, float]) -> float:
    low, high = between
    return float(np.clip((value - low) / (high - low), 0, 1))
