"""A glance at one picture of a live preview: how good it would be, and what to do about it, in milliseconds: `glance`.

Coarse on purpose: it looks at ink, light and sharpness, not at ridges and irises. What is captured is judged by the
biometric engine (`capture.judge`).
"""

from typing import Final

import cv2
import numpy as np

from rekam.abis.errors import AbisError
from rekam.abis.face import Background, frame_photo, read_photo
from rekam.enrolment.sample import Modality
from rekam.station.motion import Look

__all__ = ["Look", "glance"]

Grey = np.ndarray

# Measured on synthetic people (three of them, every flaw, single and as slaps of 960 x 320 pixels).
_INK, _CONTACT = 32, 20
"""Grey levels below the paper's own from which a pixel is ink, and a blurred one touches the glass."""
_NOTHING: Final = 0.05
_SHARE: Final = 0.30
"""Share of the picture that touches: nothing there; only a part of the finger (sound ones 0.64-0.73, partial 0.22)."""
_SHARP_FINGER, _SHARP_SLAP = 100.0, 250.0
"""Variance of the Laplacian where it touches: one finger moved 22-43, sound 777-902; a slap, which is shown smaller and
so crisper, moved 12-198, sound 1192-1465."""
_DRY, _WET = 0.585, 0.845
"""Share of ink where it touches: dry 0.50-0.58, sound 0.64-0.78, wet 0.87-0.90."""
_LIGHT_FILL, _LIGHT_DEPTH = 0.54, 90.0
"""Light pressure: little ink (0.46-0.52), and pale (64-84 below paper; dry skin 106-117)."""
_EYE_LIGHT: Final = (60.0, 235.0)
_SHARP_EYE: Final = 14.0
"""Variance of the Laplacian: moved 6, sound 22-40."""


def glance(modality: Modality, jpeg: bytes, background: Background, *, several: bool = False) -> Look:
    """What a picture of a preview tells, `several` fingers at once; never raises for a picture that cannot be read."""
    if modality is Modality.PHOTO:
        return _face(jpeg, background)
    grey = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_GRAYSCALE)
    if grey is None:
        return Look()
    light = grey.astype(np.float32)
    if modality is Modality.HAND:
        return Look(_light(light))
    if modality is Modality.FINGER:
        return Look(_finger(light, _SHARP_SLAP if several else _SHARP_FINGER))
    return Look(_eye(light))


def _face(jpeg: bytes, background: Background) -> Look:
    try:
        verdict = frame_photo(read_photo(jpeg), background).quality
    except AbisError:
        return Look()
    return Look(str(verdict.reasons[0]) if verdict.reasons else "", verdict.score)


def _finger(grey: Grey, sharp: float) -> str:
    paper = float(np.percentile(grey, 90))
    touching = cv2.GaussianBlur(grey, (0, 0), 6) < paper - _CONTACT
    share = float(touching.mean())
    if share < _NOTHING:
        return "nothing"
    if _sharpness(grey, touching) < sharp:
        return "blurred"
    ink = grey < paper - _INK
    fill = float(ink[touching].mean())
    depth = paper - float(np.median(grey[ink])) if ink.any() else 0.0
    if fill < _LIGHT_FILL and depth < _LIGHT_DEPTH:
        return "light-pressure"
    if fill < _DRY:
        return "too-dry"
    if fill > _WET:
        return "too-wet"
    return "partial" if share < _SHARE else ""


def _light(grey: Grey) -> str:
    dark, bright = _EYE_LIGHT
    light = float(grey.mean())
    if light < dark:
        return "too-dark"
    return "too-bright" if light > bright else ""


def _eye(grey: Grey) -> str:
    if wrong := _light(grey):
        return wrong
    return "blurred" if _sharpness(grey, np.ones(grey.shape, bool)) < _SHARP_EYE else ""


def _sharpness(grey: Grey, where: Grey) -> float:
    edges = cv2.Laplacian(cv2.GaussianBlur(grey, (0, 0), 0.8), cv2.CV_32F)
    return float(edges[where].var())
