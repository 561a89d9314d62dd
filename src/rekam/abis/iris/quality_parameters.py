"""Every tuning constant of an iris image's quality, with its source; pairs are (value of 0, value of 1) of a component.

"Measured" means chosen on people with odd numbers of MMU1 (Multimedia University) and CASIA-Interval, or on made-up
eyes with the flaw in rising strength where no set has it; see ADR 0022.
"""

from typing import Final

QUALITY_VISIBLE: Final = (0.3, 0.9)
"""Visible share of the iris; ISO/IEC 29794-6 recommends 70 %. What foretells distances best (measured)."""
QUALITY_SHARPNESS: Final = (5.0, 15.0)
"""Iris radius over the width of the pupil's edge: 17-27 on MMU1, 10 after a blur of 2 source pixels, 8 after 3."""
QUALITY_LIMBUS_CONTRAST: Final = (4.0, 10.0)
"""Mean clipped contrast round the limbus (measured)."""
QUALITY_DROP: Final = (10.0, 50.0)
"""Grey levels between iris and pupil (measured)."""
QUALITY_OUTLINE: Final = (0.9, 1.5)
"""Supported share of the pupil's contour plus that of the limbus (measured)."""
QUALITY_INSIDE: Final = (0.5, 0.98)
"""Share of the limbus inside the image."""
QUALITY_DILATED: Final = (-0.8, -0.45)
"""Minus the ratio of pupil to iris; ISO/IEC 29794-6: at most 0.7. Distances rise from 0.45 on (measured)."""
QUALITY_CONSTRICTED: Final = (0.14, 0.2)
"""Ratio of pupil to iris; ISO/IEC 29794-6: at least 0.2."""
QUALITY_RADIUS: Final = (25.0, 45.0)
"""Limbus radius in source pixels; an LG IrisAccess 2200 at 320x240 gives 50-60."""
QUALITY_EVENNESS: Final = (0.3, 0.9)
"""Evenness of the pupil's edge: 0.66 up on 99 in 100 of MMU1, 0.5 when moved by 9 source pixels, 0.3 by 13."""
QUALITY_FLATTENING: Final = (-0.08, -0.045)
"""Minus the flattening of pupil and limbus together: 0.048 at most on 99 in 100, 0.065 30 degrees aside."""
QUALITY_REPETITION: Final = (-0.55, -0.27)
"""Minus the repetition of the texture: 0.27 at most on 99 in 100, 0.4 to 0.7 under a printed lens or a lens' rim."""
QUALITY_GLARE: Final = (-0.1, -0.03)
"""Minus the share of the strip under wide reflections; 0.07 at most on 99 in 100, lids under lamps among them."""
QUALITY_TEXTURE: Final = (1.0, 2.0)
"""Spread of the coarse texture, grey levels: 2.3 up on 99 in 100, 1.2 on paper with much noise."""
QUALITY_COARSENESS: Final = (0.5, 0.85)
"""Coarse spread over fine: 0.88 up on 99 in 100, 0.5 where all is noise."""
QUALITY_UPRIGHT: Final = (-0.12, 0.04)
"""Seen at the sides less seen at top and bottom: 0.05 up on 99 in 100, below -0.03 on two in three lying eyes."""
QUALITY_SEVERAL: Final = 0.2
"""Component of an image with more than one eye: whose template this is cannot be known."""
QUALITY_POWER: Final = 0.4
"""Brings 19 of 20 usable images of MMU1 and CASIA above 40 and leaves their order as it is."""
QUALITY_REASON_LIMIT: Final = 0.5
"""A component below this is named as a reason."""

# --- the edge of the pupil by direction (working pixels) -------------------------------------------------------------
EDGE_REACH: Final = 1.5
"""How far inwards and outwards its steepness is taken."""
EDGE_DIRECTIONS: Final = 8
"""Directions told apart over half a turn."""
EDGE_LEAST_DIRECTIONS: Final = 5
"""Of them, so many must be seen."""
EDGE_LEAST_POINTS: Final = 5
"""Points, of some 32, with which a direction counts as seen."""
EDGE_PERCENTILE: Final = 60.0
"""Of a direction's steepness: lashes make edges weaker more often than stronger."""
EDGE_OFF_LIDS: Final = 0.1
"""Points this near a lid, in radii of the limbus, are left out."""
EDGE_OFF_LAMPS: Final = 9
"""Side of the square round a point in which no lamp may be."""

# --- texture (strip pixels) ------------------------------------------------------------------------------------------
GRAIN_FINE: Final = (1.0, 4.0)
"""Standard deviations of the two smoothings between which the fine texture lies."""
GRAIN_COARSE: Final = (2.5, 8.0)
"""The same of the coarse texture, in which sensor noise has little part."""
GRAIN_LEAST_PIXELS: Final = 200
"""Fewer say nothing."""
REPEAT_ROWS_OFF: Final = 4
"""Rows left out at pupil and limbus."""
REPEAT_ROWS: Final = 16
"""Rows up and down that the texture is moved by."""
REPEAT_COLUMNS: Final = (12, 64)
"""Columns that it is moved by, 8 to 45 degrees: under 12 a blurred texture resembles itself (measured)."""
REPEAT_COMMON: Final = 0.15
"""Share of the pixels that must still lie on each other."""

# --- glare and other eyes --------------------------------------------------------------------------------------------
GLARE_LEVEL: Final = 240.0
"""Grey level from which a pixel may be glare."""
GLARE_WIDTH: Final = 17
"""A reflection is wide where a disc of this many working pixels fits in: a lamp on the cornea is narrower."""
GLARE_OFF_LIDS: Final = 0.06
"""Pixels this near a lid, in radii of the limbus, are skin."""
OTHER_PUPIL_CONTRAST: Final = 20.0
"""A second eye has at least the pupil contrast of WEAK_PUPIL_CONTRAST,"""
OTHER_LIMBUS_CONTRAST: Final = 7.5
"""the limbus contrast of WEAK_LIMBUS_CONTRAST,"""
OTHER_VISIBLE: Final = 0.45
"""and this share of its iris seen."""
