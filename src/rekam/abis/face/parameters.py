"""Every constant of the photo check, with its source.

Lengths are shares of the face box that the detector gives unless a name says otherwise. "Measured"
means: on 200 drawn portraits (`rekam.abis.synthetic`) and on them blurred, darkened, brightened,
moved and recoloured; pictures of real people are not kept here.
"""

from typing import Final

# --- finding the face -----------------------------------------------------------------------------
CASCADE: Final = "haarcascade_frontalface_alt2.xml"
"""Lienhart, Kuranov & Pisarevsky 2003, from OpenCV's package; one box on each drawn portrait, where
the default cascade saw a second face on 2 in 100 (measured)."""
SEARCH_SIDE: Final = 320
"""The longer side is brought to this many pixels before the search."""
SCALE_STEP: Final = 1.1
NEIGHBOURS: Final = 6
"""Boxes that must agree (measured: 3 to 10 give the same answer)."""
LEAST_FACE: Final = 0.10
"""Smallest face worth finding, as a share of the picture's shorter side."""

# --- the head from the face box (measured on portraits whose head is known) -----------------------
CROWN: Final = -0.19
CHIN: Final = 1.0
EYES: Final = 0.41
"""Crown, chin and line of the eyes, from the upper edge of the box downwards."""

# --- what is asked of the picture -----------------------------------------------------------------
OFF_CENTRE: Final = 0.10
"""The face's middle may lie this far from the picture's, as a share of its width
(ISO/IEC 19794-5, full frontal: 45 % to 55 %; twice that, as the operator crops afterwards)."""
EYE_HEIGHT: Final = (0.25, 0.60)
"""Where the eyes may lie, from the top, as a share of the picture's height (ibid.: 30 % to 50 %, widened likewise)."""
HEAD_HEIGHT: Final = (0.25, 0.90)
"""Crown to chin as a share of the picture's height; the upper end is ibid.'s, the lower leaves room to crop."""
LEAST_EYE_DISTANCE: Final = 60.0
"""Pixels between the pupils: two thirds of the 90 that ISO/IEC 19794-5 asks of full frontal images."""
EYES_OF_BOX: Final = 0.35
"""The same as a share of the box, since the cascade does not give the eyes (measured: 0.32 to 0.42)."""
SHARP_FACE: Final = 160
"""The face is brought to this many pixels before sharpness is measured, so that it does not depend on the camera."""
SHARPNESS: Final = (2.0, 14.0)
"""Variance of the Laplacian (Pech-Pacheco et al. 2000): no marks below the first, full marks above the second.
Drawn portraits have 54 to 140; blurred by 1 % of the box 7 to 23, by 1.5 % 2 to 9, by 2 % 1 to 4 (measured)."""
BRIGHTNESS: Final = (45.0, 70.0, 215.0, 235.0)
"""Mean grey of the face: useless below the first and above the last, good between the middle two; skin of every
tone fits (ISO/IEC TR 29794-5 leaves the figures to the maker)."""
CLIPPED: Final = 0.15
"""Share of the face that may be pure black (below 8) or pure white (above 250)."""
CONTRAST: Final = (8.0, 16.0)
"""Standard deviation of the face's grey levels: useless below, good above; drawn portraits have 20 to 60 (measured)."""

# --- eyes ---------------------------------------------------------------------------------------------
EYE_CASCADE: Final = "haarcascade_eye.xml"
EYES_FACE: Final = 200.0
"""The face is brought to this many pixels before its eyes are sought."""
EYES_REACH: Final = 0.6
"""Share of the box, from the top, in which they are sought."""
LEAST_EYE: Final = 24
"""Smallest eye, pixels of those: the cascade's own window."""
EYE_NEIGHBOURS: Final = 4
"""Boxes that must agree."""
ROLL: Final = (5.0, 15.0)
"""Degrees: full marks up to the first (ISO/IEC 19794-5, 7.2.2), none from the second. Portraits turned by 0 to 20
degrees are measured within 2; further ones show no face at all (measured)."""

# --- background -----------------------------------------------------------------------------------
HUES: Final = {"red": (345.0, 18.0), "blue": (195.0, 255.0)}
"""Degrees on the colour circle, from - to."""
BACKGROUND_SIDE: Final = 320
"""Pixels looked at along the longer side; a colour needs no more."""
LEAST_SATURATION: Final = 0.35
LEAST_VALUE: Final = 0.25
BACKGROUND_SHARE: Final = (0.50, 0.85)
"""How much of the background must have the colour: no points below, all above."""

# --- crop -----------------------------------------------------------------------------------------
CROP_WIDTH_MM, CROP_HEIGHT_MM = 30.0, 40.0
"""The Indonesian passport photo of 3 x 4 cm: what card, suket and proof of recording print."""
CROP_HEAD: Final = 0.62
"""Crown to chin as a share of the crop's height: ISO/IEC 19794-5 wants 60 % to 90 %; the low end shows shoulders."""
CROP_ABOVE: Final = 0.11
"""Room above the crown, as a share of the crop's height (hair and headscarves rise above it)."""
CROP_LEAST: Final = 0.1
"""A frame cannot be made smaller than this share of the picture's height: no face that small is fit to print."""
