"""How bad each flaw of `spoilt_eye` is at strength 1; looked at, so that a person would ask for another picture."""

LEAST_OPENING = 0.42
"""Share that the lids are open."""
MOST_BLUR = 5.0
"""Standard deviation of the lens' blur, pixels."""
WIDEST_PUPIL, NARROWEST_PUPIL = 0.72, 0.16
"""Pupil in iris radii; ISO/IEC 29794-6 wants 0.2 to 0.7."""
MOST_MOTION = 15.0
"""Pixels that the eye moves while the shutter is open."""
CUT = 0.35
"""Radii of the iris between its middle and the border."""
FARTHEST = 0.64
"""Size of the picture as a share of the usual."""
FARTHEST_ASIDE = 36.0
"""Degrees."""
WIDEST_GLARE = 0.34
"""Half height of the lamp in the glasses, iris radii."""
LENS_SPOKES, LENS_RING, LENS_DEPTH = 48, 6.0, 55.0
"""Dots round the iris, pixels from ring to ring, grey levels."""
FAINTEST = 0.94
"""Level of the iris as a share of the white's."""
