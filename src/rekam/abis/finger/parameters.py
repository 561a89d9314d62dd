"""Every tuning constant of the finger extractor, with its source; the comparison's: comparison_parameters.

Lengths are pixels at 500 dpi (1 px = 0.0508 mm) and angles radians unless said otherwise.
"measured" means: chosen on FVC2002 set B, db1 to db4, by mean EER over the four sets.

The compiled kernels hold these numbers, and numba's cache does not see a change in this file: after one, remove the
`__pycache__` folder beside it.
"""

from math import pi

# --- resolution ---------------------------------------------------------------------------------
DPI = 500.0  # ISO/IEC 19794-2 minutiae and FBI Appendix F scanners
PLAUSIBLE_DPI = (150.0, 2100.0)  # outside, the declared resolution is not that of a fingerprint scanner
SMALLEST_SIDE = 60  # 3 mm: no ten ridges fit in less
LARGEST_SIDE = 1700  # 86 mm: a four-finger scanner's platen (FBI FAP 60) is 81 mm wide

# --- contrast normalisation -----------------------------------------------------------------------
CONTRAST_SIGMA = 12.0  # about one and a half ridge periods either side
CONTRAST_FLOOR = 6.0  # grey levels; keeps sensor noise on an empty platen from being amplified
CONTRAST_CLIP = 2.5  # local standard deviations

# --- foreground (gradient magnitude, as Cappelli et al., "fingerprint segmentation" 2023) -----------
FOREGROUND_SIGMA = 13 / 3
FOREGROUND_PERCENTILE = 95.0
FOREGROUND_SHARE = 0.2  # of the percentile above
FOREGROUND_CLOSING = 6  # iterations of a 3x3 cross
FOREGROUND_OPENING = 12
LEAST_REGION = 6000  # pixels, 15 mm2: a smaller region beside the finger is dirt
FOREGROUND_LEAST_GRADIENT = 4.0  # grey levels a pixel (Sobel / 4): below, a blank page

# --- orientation (Bazen & Gerez 2002: averaged squared gradients) ----------------------------------
GRADIENT_SIGMA = 1.0
GRID = 4  # orientation and frequency are kept once per GRID x GRID pixels
ORIENTATION_FINE_SIGMA = 6.0
ORIENTATION_COARSE_SIGMA = 9.0

# --- ridge frequency (Hong, Wan & Jain 1998: the x-signature; peak taken in its spectrum) -----------
SIGNATURE_LENGTH = 48  # across the ridges: five periods
SIGNATURE_WIDTH = 17  # along the ridges
SIGNATURE_STEP = 12  # one signature every so many pixels
SHORTEST_PERIOD = 4.5
LONGEST_PERIOD = 16.0
PERIOD_STEPS = 47
PERIOD_SIGMA = 24.0
DEFAULT_PERIOD = 9.0  # adult mean at 500 dpi (Maltoni et al., Handbook, 3rd ed., 4.2)

# --- Gabor enhancement (Hong, Wan & Jain 1998) -------------------------------------------------------
GABOR_ORIENTATIONS = 48
GABOR_PERIODS = 16
GABOR_SIGMA_ALONG = 6.0
GABOR_SIGMA_ACROSS = 3.5
GABOR_RADIUS = 13

# --- skeleton and minutiae ---------------------------------------------------------------------------
SPUR = 10  # shortest branch from an ending to a junction
BRIDGE = 9  # shortest ridge between two junctions
ISLAND = 20  # shortest ridge with two loose ends
BREAK = 12.0  # widest gap between two endings that face each other
BREAK_ANGLE = pi / 6
TRACE = 12  # pixels followed along a ridge to take a minutia's direction
SHORTEST_TRACE = 6
BORDER = 14.0  # minutiae nearer to the foreground's edge belong to the edge
CROWDING = 5.0  # two minutiae nearer than this are one flaw

# --- kind: is it a fingerprint at all (measured: 320 real prints 0.187 and more; irises, noise at six scales and
# --- 1/f noise 0.075 and less) -----------------------------------------------------------------------------
RIDGE_PERIODS = (5.0, 15.0)  # children's to coarse adult ridges
RIDGE_PERIODICITY = 0.5
RIDGE_COHERENCE = 0.3
LEAST_RIDGE_SHARE = 0.12  # of the foreground's places that show parallel ridges
LEAST_RIDGE_AREA_MM2 = 9.0
# printed lines (measured on the 640 prints of fvc2002 and fvc2004: bend 0.148 and more, change 0.067 and more; moire,
# text, stripes 0.002 and less, circles and zigzag 0.02 and less)
EVENNESS_AREA_MM2 = 30.0  # a small piece of a finger may be straight
LEAST_BEND = 0.05  # circular variance of the doubled orientation
LEAST_CHANGE = 0.03  # of the ridge period, as a share of its mean
LEAST_STRAIGHT_CHANGE = 0.08  # of straight ridges: the side of a finger may have those (drawn ones: 0.097 and more)
# noise of a single spacing (measured: of its striped places at most 0.37 at 6 px, 0.54 at 10, 0.58 at 11, 0.72 at 14
# are parallel; of the 640 prints' 0.64 and more, all but one 0.73, and 0.96 and more where ridges lie 10 px apart)
NOISE_PERIODS = (10.5, 12.5)
LEAST_PARALLEL = (0.6, 0.8)
LEAST_MINUTIAE = 4  # fewer can never be matched
