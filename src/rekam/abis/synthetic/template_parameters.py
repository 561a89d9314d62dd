"""Constants of people made as templates, without images; chosen so that scores are spread as real ones are (measured on
fvc2002, fvc2004, mmu1 and CASIA-Interval, figures in docs/adr/0019).
"""

from typing import Final

# --- fingers --------------------------------------------------------------------------------------------------------
WIDTH: Final = 300
HEIGHT: Final = 400
REACH: Final = (130.0, 180.0)
"""Half axes of the ellipse of skin that a finger has minutiae on, pixels at 500 dpi."""
SHOWN: Final = (115.0, 155.0)
"""Half axes of what a plain impression shows of it."""
MINUTIAE: Final = (56.0, 13.0)
"""Mean and standard deviation of a finger's minutiae; an impression shows 28 to 45 of them, as measured."""
LEAST_SPACING: Final = 9.0
"""One ridge period: two minutiae are never closer."""

SHIFT: Final = 22.0
TURN_DEGREES: Final = 9.0
STRETCH: Final = 0.02
BEND: Final = 4.0
"""Standard deviations of an impression's place, turn, scale and of its plastic distortion, pixels."""
JITTER: Final = (0.7, 2.4)
DIRECTION_JITTER: Final = (0.05, 0.18)
LOST: Final = (0.02, 0.55)
SPURIOUS: Final = (0.02, 0.55)
"""From the best impression to the worst: standard deviations of place (pixels) and direction (radians) of a minutia,
shares of minutiae missed and added."""
POOR_FINGERS: Final = (0.8, 1.9)
"""Beta distribution of how poor an impression is, 0-1."""

# --- irises ---------------------------------------------------------------------------------------------------------
ROW_LIKENESS: Final = 0.85
"""Correlation of neighbouring rows: what gives the distances of unrelated eyes measured on MMU1 and CASIA-Interval,
mean 0.354, deviation 0.015, one in a thousand below 0.297 (there 0.355, 0.017, 0.292)."""
NOISE: Final = (0.3, 1.5)
"""From the best image to the worst, how much of a code's field is noise, as a standard deviation beside 1."""
POOR_IRISES: Final = (1.0, 3.0)
LID_COLUMNS: Final = (5, 22)
"""How many columns each lid hides of the outer half of the rows."""
HEAD_COLUMNS: Final = 2.0
"""Standard deviation of the head's tilt, columns of 2.8 degrees."""
